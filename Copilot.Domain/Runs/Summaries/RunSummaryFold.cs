using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Events.Output;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries.Supervision;
using Copilot.Domain.Telemetry;

namespace Copilot.Domain.Runs.Summaries;

/// <summary>Folds a run's events into its <see cref="RunSummary"/>: pure, and total over unknown events.</summary>
public static class RunSummaryFold
{
    private const int LastWordsLength = 120;

    /// <summary>The summary after one more event.</summary>
    /// <param name="summary">The summary so far; null before <c>run.created</c>.</param>
    /// <param name="runEvent">The next event.</param>
    /// <exception cref="ArgumentException">The first event is not <c>run.created</c>.</exception>
    public static RunSummary Apply(RunSummary? summary, RunEvent runEvent) => Apply(summary, runEvent, output: null);

    /// <param name="summary">The summary so far; null before <c>run.created</c>.</param>
    /// <param name="runEvent">The next event.</param>
    /// <param name="output">The output of the response under way with this event in it, where another fold has it already; else null.</param>
    /// <inheritdoc cref="Apply(RunSummary?, RunEvent)"/>
    internal static RunSummary Apply(RunSummary? summary, RunEvent runEvent, ResponseOutput? output)
    {
        if (summary is not null && runEvent.Upstream is { } piece && IsPiece(piece))
        {
            // Most events of a run are pieces of an answer: one copy has to do.
            return summary with
            {
                HeadSeq = runEvent.Seq,
                LastEventAt = runEvent.At,
                Output = output ?? summary.Output.Apply(piece),
                LastWords = piece is TextDeltaEvent { Kind: DeltaKind.OutputText } delta ? Tail(summary.LastWords, delta.Delta) : summary.LastWords,
                Cost = RunCostFold.Apply(summary.CostSoFar, runEvent),
            };
        }

        var next = summary is null ? Create(runEvent)
            : runEvent.Upstream is { } upstream ? ApplyUpstream(summary, upstream)
            : ApplyOwn(summary, runEvent);
        return next with
        {
            HeadSeq = runEvent.Seq,
            LastEventAt = runEvent.At,
            Cost = RunCostFold.Apply(next.CostSoFar, runEvent),
            Budget = RunBudgetFold.Apply(next.Budget, runEvent),
            Vitals = RunVitalsFold.Apply(next.Vitals, runEvent),
        };
    }

    private static RunSummary ApplyOwn(RunSummary summary, RunEvent runEvent) => runEvent.Payload switch
    {
        RunForked forked => summary with
        {
            ForkedFrom = new ForkSource(forked.RunId ?? "", forked.Seq ?? 0, (int)Math.Clamp(forked.Step ?? 0, 0, int.MaxValue), HasMessage: false),
            Input = forked.Question ?? "",
            MessageId = forked.MessageId,
        },
        UserMessage message => summary with
        {
            Input = message.Text ?? "",
            MessageId = message.MessageId,
            Files = message.AllFiles,
            ForkedFrom = summary.ForkedFrom is { } fork ? fork with { HasMessage = true } : null,
        },
        RunStarted => summary with { Status = RunStatus.Running, StartedAt = runEvent.At },
        RunResumed => summary with
        {
            Status = RunStatus.Running,
            StartedAt = summary.StartedAt ?? runEvent.At,
        },
        RunWaiting => summary with { Status = RunStatus.Waiting },
        RunInterrupted => summary with { Status = RunStatus.Interrupted, ActiveTools = [] },
        RunCompleted completed => Ended(summary, runEvent, RunStatus.Completed) with { IncompleteReason = completed.IncompleteReason },
        RunCancelled => Ended(summary, runEvent, RunStatus.Cancelled),
        RunFailed failed => Ended(summary, runEvent, RunStatus.Failed) with { Error = failed.Error },
        TransportConnected connected => summary with { Transport = connected.Kind },
        TransportWarmed warmed => summary with { Usage = summary.Usage + (warmed.Usage ?? default) },
        TransportFellBack fellBack => summary with { TransportReason = fellBack.Reason },
        ToolRequested request => summary with
        {
            ToolCalls = summary.ToolCalls + 1,
            Intents = runEvent.CallId is { } callId && request.Intent is { } intent ? summary.Intents.SetItem(callId, intent) : summary.Intents,
        },
        ToolStarted started => summary with
        {
            ActiveTools =
            [
                .. summary.ActiveTools,
                new ActiveTool(runEvent.CallId ?? "", started.Name ?? "", runEvent.At, started.Deadline ?? TimeSpan.Zero)
                {
                    Intent = IntentOf(summary, runEvent),
                },
            ],
        },
        ToolEnded or ToolOutcomeUnknown => summary with
        {
            ActiveTools = [.. summary.ActiveTools.Where(tool => tool.CallId != runEvent.CallId)],
            PendingQuestions = WithoutQuestion(summary, runEvent),
            Intents = summary.Intents.Remove(runEvent.CallId ?? ""),
        },
        ApprovalRequested request => summary with
        {
            PendingApprovals = [.. WithoutApproval(summary, runEvent).PendingApprovals, ApprovalOf(summary, runEvent, request)],
        },
        ApprovalApproved or ApprovalDenied or ApprovalExpired => WithoutApproval(summary, runEvent),
        QuestionAsked asked => summary with { PendingQuestions = [.. WithoutQuestion(summary, runEvent), RunQuestions.Read(runEvent, asked)] },
        QuestionAnswered or QuestionExpired => summary with { PendingQuestions = WithoutQuestion(summary, runEvent) },
        CompactionCompleted compaction => summary with { Usage = summary.Usage + (compaction.Usage ?? default), ContextTokens = null },
        SupervisorAction action => InterventionFold.Apply(summary, runEvent, action),
        AttemptSent => summary with { Output = ResponseOutput.Empty },
        AttemptSuperseded => summary with { OutputText = "", LastWords = "", Refusal = null, Output = ResponseOutput.Empty },
        _ => summary,
    };

    private static bool IsPiece(ResponseEvent upstream) =>
        upstream is not (ResponseLifecycleEvent or OutputItemEvent { Done: true, Item.Type: "message" }) && !upstream.IsTerminal
        && !(upstream is OutputItemEvent { Done: true } done && HostedCall.IsType(done.Item.Type));

    private static RunSummary ApplyUpstream(RunSummary summary, ResponseEvent upstream)
    {
        if (upstream is ResponseLifecycleEvent { Type: "response.created" })
        {
            return summary with { OutputText = "", LastWords = "", Refusal = null, Output = ResponseOutput.Empty };
        }

        summary = summary with { Output = summary.Output.Apply(upstream) };
        switch (upstream)
        {
            case OutputItemEvent { Done: true, Item.Type: "message" }:
                return WithAnswer(summary, summary.Output.Finished);
            case ResponseLifecycleEvent { IsTerminal: true } ended:
                summary = WithAnswer(summary, [.. summary.Output.Ended.Select(one => one.Item)]);
                return summary with
                {
                    LastWords = summary.LastWords.Length > 0 ? summary.LastWords : Tail("", summary.OutputText),
                    Usage = ended.Response.Usage is { } usage ? summary.Usage + usage : summary.Usage,
                    ContextTokens = ended.Response.Usage is { } held ? held.InputTokens + held.OutputTokens : summary.ContextTokens,
                    Output = ResponseOutput.Empty,
                };
            default:
                return summary;
        }
    }

    private static RunSummary WithAnswer(RunSummary summary, IReadOnlyList<OutputItem> items)
    {
        var messages = items.Where(item => item.Type == "message").ToArray();
        return messages.Length == 0
            ? summary
            : summary with
            {
                OutputText = messages.Aggregate("", (sum, item) => Join(sum, CitationMarkers.Strip(item.Text))),
                Refusal = messages.Select(item => item.Refusal).LastOrDefault(refusal => refusal is not null) ?? summary.Refusal,
            };
    }

    private static RunSummary Create(RunEvent runEvent)
    {
        if (runEvent.Type != RunEventTypes.RunCreated)
        {
            throw new ArgumentException($"A run begins with {RunEventTypes.RunCreated}, not {runEvent.Type}.", nameof(runEvent));
        }

        var created = runEvent.Payload as RunCreated;
        return new RunSummary
        {
            RunId = runEvent.RunId,
            SessionId = created?.SessionId ?? "",
            UserId = created?.UserId ?? "",
            ApiKeyId = created?.ApiKeyId,
            TraceId = TraceParent.TraceIdOf(created?.TraceParent),
            TeamId = created?.TeamId ?? "",
            ParentRunId = created?.ParentRunId,
            ParentSeq = created?.ParentSeq,
            Ordinal = created?.Ordinal ?? 0,
            AgentName = created?.Agent?.Name ?? "",
            Model = created?.Agent?.Model ?? "",
            TextFormat = created?.TextFormatType,
            CreatedAt = runEvent.At,
        };
    }

    private static RunSummary Ended(RunSummary summary, RunEvent runEvent, RunStatus status) =>
        summary with
        {
            Status = status,
            CompletedAt = runEvent.At,
            ActiveTools = [],
            PendingApprovals = [],
            PendingQuestions = [],
            Intents = summary.Intents.Clear(),
            Pause = null,
            TakeOver = null,
        };

    private static PendingApproval ApprovalOf(RunSummary summary, RunEvent runEvent, ApprovalRequested request) => new(
        runEvent.CallId ?? "",
        request.Name ?? "",
        request.Arguments ?? "",
        request.ServerLabel,
        runEvent.At,
        request.Timeout ?? TimeSpan.Zero)
    {
        NeedsOther = request.OtherApprover is true,
        Rule = request.Rule,
        Intent = IntentOf(summary, runEvent),
    };

    private static string? IntentOf(RunSummary summary, RunEvent runEvent) =>
        runEvent.CallId is { } callId ? summary.Intents.GetValueOrDefault(callId) : null;

    private static PendingQuestion[] WithoutQuestion(RunSummary summary, RunEvent runEvent) =>
        [.. summary.PendingQuestions.Where(question => question.CallId != runEvent.CallId)];

    private static RunSummary WithoutApproval(RunSummary summary, RunEvent runEvent) =>
        summary with { PendingApprovals = [.. summary.PendingApprovals.Where(approval => approval.CallId != runEvent.CallId)] };

    private static string Join(string sum, string text) =>
        sum.Length == 0 ? text : text.Length == 0 ? sum : sum + "\n\n" + text;

    /// <summary>The end of both texts, which never begins in the middle of a character.</summary>
    private static string Tail(string text, string added)
    {
        var start = Math.Max(0, text.Length + added.Length - LastWordsLength);
        if (start > 0 && char.IsLowSurrogate(start < text.Length ? text[start] : added[start - text.Length]))
        {
            start++;
        }

        return start >= text.Length ? added[(start - text.Length)..] : string.Concat(text.AsSpan(start), added);
    }
}
