using Copilot.Web.Api.Finding;
using Copilot.Web.Api.Forking;
using Copilot.Web.Api.Incident;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Copilot.Domain.Costs;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Api.Callbacks;
using Copilot.Web.Api.Comments;
using Copilot.Web.Api.Live;
using Copilot.Web.Api.Retention;
using Copilot.Web.Api.Rules;
using Copilot.Web.Api.Sessions;
using Copilot.Web.Api.Supervising;
using Copilot.Web.Files;

namespace Copilot.Web.Api.Runs;

/// <summary>A run as the API answers it. Fields may be added, never changed.</summary>
internal sealed record RunDocument(
    string RunId,
    string SessionId,
    string? ParentRunId,
    string Status,
    string? IncompleteReason,
    string? Transport,
    string OutputText,
    JsonElement? OutputJson,
    string? Refusal,
    RunErrorDocument? Error,
    UsageDocument Usage,
    CostDocument Cost,
    BudgetDocument? Budget,
    int ToolCalls,
    IReadOnlyList<PendingApprovalDocument> PendingApprovals,
    IReadOnlyList<PendingQuestionDocument> PendingQuestions,
    string CreatedAt,
    string? CompletedAt,
    long HeadSeq,
    string? ForgottenAt,
    string Agent,
    string? Model,
    string Input,
    IReadOnlyList<FileDocument> Files,
    IReadOnlyDictionary<string, string>? Metadata,
    string? TraceId)
{
    /// <summary>What it was forked from; null where it is no fork.</summary>
    public ForkDocument? ForkedFrom { get; init; }

    /// <summary>From the run's fold, with what its caller has sent along; null where that was deleted.</summary>
    public static RunDocument From(RunSummary run, IReadOnlyDictionary<string, string>? metadata) => new(
        run.RunId,
        run.SessionId,
        run.ParentRunId,
        run.Status.ToWire(),
        run.IncompleteReason,
        run.Transport switch
        {
            TransportKind.WebSocket => "websocket",
            TransportKind.Http => "http",
            _ => null,
        },
        run.OutputText,
        OutputJsonOf(run),
        run.Refusal,
        run.Error is { } error ? new RunErrorDocument(error.Code, error.Message, error.Advice) : null,
        UsageDocument.From(run.Usage),
        CostDocument.From(run.CostSoFar),
        run.Budget is { } budget ? new BudgetDocument(Money.ToUnits(budget.LimitMicros), budget.Currency) : null,
        run.ToolCalls,
        run.Status is RunStatus.Waiting ? [.. run.PendingApprovals.Select(PendingApprovalDocument.From)] : [],
        run.Status is RunStatus.Waiting ? [.. run.PendingQuestions.Select(PendingQuestionDocument.From)] : [],
        ApiTime.Format(run.CreatedAt),
        run.CompletedAt is { } completed ? ApiTime.Format(completed) : null,
        run.HeadSeq,
        run.ForgottenAt is { } forgotten ? ApiTime.Format(forgotten) : null,
        run.AgentName,
        run.Model.Length > 0 ? run.Model : null,
        run.Input,
        [.. run.Files.Select(file => new FileDocument(file.Id, file.Name, file.Type, file.Size))],
        metadata,
        run.TraceId)
    {
        ForkedFrom = run.ForkedFrom is { } fork ? new ForkDocument(fork.RunId, fork.Seq, fork.Step) : null,
    };

    /// <summary>The document around it has levels of its own, and the writer's limit is 64.</summary>
    private static readonly JsonDocumentOptions s_shallow = new() { MaxDepth = 60 };

    /// <summary>The answer as JSON where one was asked for and the answer is JSON; else null.</summary>
    private static JsonElement? OutputJsonOf(RunSummary run)
    {
        if (run.TextFormat is null || run.OutputText.Length == 0)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(run.OutputText, s_shallow);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // Cut short, or the upstream did not keep to the format: output_text has what came.
            return null;
        }
    }
}

/// <summary>A call that waits for a person. The arguments are JSON in a string, as the model wrote them.</summary>
internal sealed record PendingApprovalDocument(
    string CallId, string Kind, string Name, string? ServerLabel, string Arguments, string RequestedAt, string ExpiresAt, bool OtherApprover, string? Intent, string? Rule)
{
    /// <summary>From the run's fold.</summary>
    public static PendingApprovalDocument From(PendingApproval approval) => new(
        approval.CallId,
        approval.ServerLabel is null ? "tool" : "mcp",
        approval.Name,
        approval.ServerLabel,
        approval.Arguments,
        ApiTime.Format(approval.RequestedAt),
        ApiTime.Format(approval.RequestedAt + approval.Timeout),
        approval.NeedsOther,
        approval.Intent,
        approval.Rule);
}

/// <summary>A question of the agent that waits for an answer.</summary>
internal sealed record PendingQuestionDocument(
    string CallId, string Question, IReadOnlyList<string> Choices, bool AllowText, string AskedAt, string ExpiresAt)
{
    /// <summary>From the run's fold.</summary>
    public static PendingQuestionDocument From(PendingQuestion question) => new(
        question.CallId,
        question.Question,
        question.Choices,
        question.AllowsText,
        ApiTime.Format(question.AskedAt),
        ApiTime.Format(question.AskedAt + question.Timeout));
}

/// <summary>Why a run failed.</summary>
internal sealed record RunErrorDocument(string Code, string Message, string? Advice);

/// <summary>Tokens, summed over the run.</summary>
internal sealed record UsageDocument(long InputTokens, long CachedTokens, long OutputTokens, long ReasoningTokens, long CacheWriteTokens)
{
    /// <summary>A run's.</summary>
    public static UsageDocument From(ResponseUsage usage) =>
        new(usage.InputTokens, usage.CachedTokens, usage.OutputTokens, usage.ReasoningTokens, usage.CacheWriteTokens);
}

/// <summary>The answer to a start or a command: where to look for what becomes of it.</summary>
internal sealed record RunReceipt(string RunId, string SessionId, string Status, string EventsUrl)
{
    /// <summary>For a run as it is now.</summary>
    public static RunReceipt For(RunSummary run) =>
        new(run.RunId, run.SessionId, run.Status.ToWire(), RunPath(run.RunId) + "/events");

    /// <summary>The run's own path. Relative to the host, which a proxy in front may know by another name.</summary>
    public static string RunPath(string runId) => "/api/runs/" + Uri.EscapeDataString(runId);
}

/// <summary>Times in the API: RFC 3339, UTC, six decimals.</summary>
internal static class ApiTime
{
    /// <summary>Formats one.</summary>
    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>The API's JSON: snake case, null fields present.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RunDocument))]
[JsonSerializable(typeof(CallbackDocument))]
[JsonSerializable(typeof(SteerReceipt))]
[JsonSerializable(typeof(LiveDocument))]
[JsonSerializable(typeof(CommandReceipt))]
[JsonSerializable(typeof(RunReceipt))]
[JsonSerializable(typeof(LeverDocument))]
[JsonSerializable(typeof(LeverList))]
[JsonSerializable(typeof(RetentionRuleDocument))]
[JsonSerializable(typeof(RetentionRuleList))]
[JsonSerializable(typeof(LegalHoldDocument))]
[JsonSerializable(typeof(LegalHoldList))]
[JsonSerializable(typeof(RuleDocument))]
[JsonSerializable(typeof(RuleList))]
[JsonSerializable(typeof(RuleTrialDocument))]
[JsonSerializable(typeof(ErasureDocument))]
[JsonSerializable(typeof(SessionDocument))]
[JsonSerializable(typeof(RunListDocument))]
[JsonSerializable(typeof(SessionListDocument))]
[JsonSerializable(typeof(CommentDocument))]
[JsonSerializable(typeof(CommentList))]
internal sealed partial class ApiJson : JsonSerializerContext;
