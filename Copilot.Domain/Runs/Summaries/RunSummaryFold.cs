using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Runs.Summaries;

/// <summary>Folds a run's events into its <see cref="RunSummary"/>: pure, and total over unknown events.</summary>
public static class RunSummaryFold
{
    private const int LastWordsLength = 120;

    /// <summary>The summary after one more event.</summary>
    /// <param name="summary">The summary so far; null before <c>run.created</c>.</param>
    /// <param name="runEvent">The next event.</param>
    /// <exception cref="ArgumentException">The first event is not <c>run.created</c>.</exception>
    public static RunSummary Apply(RunSummary? summary, RunEvent runEvent)
    {
        var next = summary is null ? Create(runEvent) : ApplyType(summary, runEvent);
        return next with
        {
            HeadSeq = runEvent.Seq,
            LastEventAt = runEvent.At,
            Cost = RunCostFold.Apply(next.CostSoFar, runEvent),
            Budget = RunBudgetFold.Apply(next.Budget, runEvent),
        };
    }

    private static RunSummary ApplyType(RunSummary summary, RunEvent runEvent) => runEvent.Type switch
    {
        RunEventTypes.UserMessage => summary with
        {
            Input = runEvent.Text("text") ?? "",
            MessageId = runEvent.Text("message_id"),
            Files = MessageFiles.Of(runEvent),
        },
        RunEventTypes.RunStarted => summary with { Status = RunStatus.Running, StartedAt = runEvent.At },
        RunEventTypes.RunResumed => summary with
        {
            Status = RunStatus.Running,
            StartedAt = summary.StartedAt ?? runEvent.At,
        },
        RunEventTypes.RunWaiting => summary with { Status = RunStatus.Waiting },
        RunEventTypes.RunInterrupted => summary with { Status = RunStatus.Interrupted, ActiveTools = [] },
        RunEventTypes.RunCompleted => Ended(summary, runEvent, RunStatus.Completed) with
        {
            IncompleteReason = runEvent.Text("incomplete_reason"),
        },
        RunEventTypes.RunCancelled => Ended(summary, runEvent, RunStatus.Cancelled),
        RunEventTypes.RunFailed => Ended(summary, runEvent, RunStatus.Failed) with
        {
            Error = new RunError(
                runEvent.Text("code") ?? "unknown", runEvent.Text("message") ?? "The run failed.", runEvent.Text("advice")),
        },
        RunEventTypes.TransportConnected => summary with { Transport = KindOf(runEvent.Text("kind")) },
        RunEventTypes.TransportWarmed => summary with { Usage = summary.Usage + UsageOf(runEvent) },
        RunEventTypes.TransportFellBack => summary with { TransportReason = runEvent.Text("reason") },
        RunEventTypes.ToolRequested => summary with { ToolCalls = summary.ToolCalls + 1 },
        RunEventTypes.ToolStarted => summary with { ActiveTools = [.. summary.ActiveTools, ToolOf(runEvent)] },
        RunEventTypes.ToolOutcomeUnknown => WithoutTool(summary, runEvent),
        RunEventTypes.ApprovalRequested => summary with
        {
            PendingApprovals = [.. WithoutApproval(summary, runEvent).PendingApprovals, ApprovalOf(runEvent)],
        },
        RunEventTypes.ApprovalApproved or RunEventTypes.ApprovalDenied or RunEventTypes.ApprovalExpired => WithoutApproval(summary, runEvent),
        RunEventTypes.CompactionCompleted => summary with { Usage = summary.Usage + UsageOf(runEvent) },
        RunEventTypes.AttemptSuperseded => summary with { OutputText = "", LastWords = "", Refusal = null },
        _ when RunEventTypes.IsToolEnd(runEvent.Type) => WithoutTool(summary, runEvent),
        _ => runEvent.Upstream is { } upstream ? ApplyUpstream(summary, upstream) : summary,
    };

    private static RunSummary ApplyUpstream(RunSummary summary, ResponseEvent upstream)
    {
        switch (upstream)
        {
            case TextDeltaEvent { Kind: DeltaKind.OutputText } delta:
                return summary with { LastWords = Tail(summary.LastWords + delta.Delta) };
            case OutputItemEvent { Done: true, Item.Type: "message" } done:
                return summary with
                {
                    OutputText = Join(summary.OutputText, done.Item.Text),
                    Refusal = done.Item.Refusal ?? summary.Refusal,
                };
            case ResponseLifecycleEvent lifecycle when lifecycle.IsTerminal:
                var text = summary.OutputText.Length > 0
                    ? summary.OutputText
                    : lifecycle.Response.Output.Where(item => item.Type == "message").Aggregate("", (sum, item) => Join(sum, item.Text));
                return summary with
                {
                    OutputText = text,
                    Refusal = summary.Refusal ?? lifecycle.Response.Output.Select(item => item.Refusal).FirstOrDefault(refusal => refusal is not null),
                    LastWords = summary.LastWords.Length > 0 ? summary.LastWords : Tail(text),
                    Usage = lifecycle.Response.Usage is { } usage ? summary.Usage + usage : summary.Usage,
                };
            case ResponseLifecycleEvent { Type: "response.created" }:
                return summary with { OutputText = "", LastWords = "", Refusal = null };
            default:
                return summary;
        }
    }

    private static RunSummary Create(RunEvent runEvent)
    {
        if (runEvent.Type != RunEventTypes.RunCreated)
        {
            throw new ArgumentException($"A run begins with {RunEventTypes.RunCreated}, not {runEvent.Type}.", nameof(runEvent));
        }

        using var data = runEvent.ParseData();
        var root = data?.RootElement ?? default;
        return new RunSummary
        {
            RunId = runEvent.RunId,
            SessionId = String(root, "session_id") ?? "",
            UserId = String(root, "user_id") ?? "",
            TeamId = String(root, "team_id") ?? "",
            ParentRunId = String(root, "parent_run_id"),
            ParentSeq = runEvent.Number("parent_seq"),
            AgentName = Agent(root, "name"),
            Model = Agent(root, "model"),
            TextFormat = root.ValueKind is JsonValueKind.Object && root.TryGetProperty("text_format", out var format) ? String(format, "type") : null,
            CreatedAt = runEvent.At,
        };
    }

    private static string Agent(JsonElement root, string property) =>
        root.ValueKind is JsonValueKind.Object && root.TryGetProperty("agent", out var agent) ? String(agent, property) ?? "" : "";

    private static string? String(JsonElement element, string property) =>
        element.ValueKind is JsonValueKind.Object
        && element.TryGetProperty(property, out var value)
        && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;

    private static RunSummary Ended(RunSummary summary, RunEvent runEvent, RunStatus status) =>
        summary with { Status = status, CompletedAt = runEvent.At, ActiveTools = [], PendingApprovals = [] };

    private static ActiveTool ToolOf(RunEvent runEvent) => new(
        runEvent.CallId ?? "",
        runEvent.Text("name") ?? "",
        runEvent.At,
        TimeSpan.FromMilliseconds(runEvent.Number("deadline_ms") ?? 0));

    private static RunSummary WithoutTool(RunSummary summary, RunEvent runEvent) =>
        summary with { ActiveTools = [.. summary.ActiveTools.Where(tool => tool.CallId != runEvent.CallId)] };

    private static ResponseUsage UsageOf(RunEvent runEvent)
    {
        using var data = runEvent.ParseData();
        return data is { RootElement.ValueKind: JsonValueKind.Object } && data.RootElement.TryGetProperty("usage", out var usage)
            ? new ResponseUsage(
                Tokens(usage, "input_tokens"), Tokens(usage, "cached_tokens"), Tokens(usage, "output_tokens"), Tokens(usage, "reasoning_tokens"))
            : default;
    }

    private static long Tokens(JsonElement usage, string property) =>
        usage.ValueKind is JsonValueKind.Object
        && usage.TryGetProperty(property, out var value)
        && value.ValueKind is JsonValueKind.Number
        && value.TryGetInt64(out var tokens)
            ? tokens
            : 0;

    private static PendingApproval ApprovalOf(RunEvent runEvent) => new(
        runEvent.CallId ?? "",
        runEvent.Text("name") ?? "",
        runEvent.Text("arguments") ?? "",
        runEvent.Text("server_label"),
        runEvent.At,
        TimeSpan.FromMilliseconds(runEvent.Number("timeout_ms") ?? 0));

    private static RunSummary WithoutApproval(RunSummary summary, RunEvent runEvent) =>
        summary with { PendingApprovals = [.. summary.PendingApprovals.Where(approval => approval.CallId != runEvent.CallId)] };

    private static TransportKind? KindOf(string? kind) => kind switch
    {
        "websocket" => TransportKind.WebSocket,
        "http" => TransportKind.Http,
        _ => null,
    };

    private static string Join(string sum, string text) =>
        sum.Length == 0 ? text : text.Length == 0 ? sum : sum + "\n\n" + text;

    private static string Tail(string text) => text.Length <= LastWordsLength ? text : text[^LastWordsLength..];
}
