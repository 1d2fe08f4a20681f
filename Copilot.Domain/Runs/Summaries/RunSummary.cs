using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Events.Output;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries.Supervision;

namespace Copilot.Domain.Runs.Summaries;

/// <summary>
/// What lists and headers show of a run: the fold of its events (<see cref="RunSummaryFold"/>), stored with every batch in the
/// same transaction, so it is never ahead of or behind the log.
/// </summary>
public sealed record RunSummary
{
    private readonly IReadOnlyList<MessageFile>? _files;
    private readonly IReadOnlyList<PendingQuestion>? _questions;

    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>Its session.</summary>
    public required string SessionId { get; init; }

    /// <summary>Whose it is.</summary>
    public required string UserId { get; init; }

    /// <summary>The API key that started it, or null.</summary>
    public string? ApiKeyId { get; init; }

    /// <summary>The W3C trace that its log lines, upstream requests and spans belong to; null in runs from before it was recorded.</summary>
    public string? TraceId { get; init; }

    /// <summary>Whose supervisors see it.</summary>
    public required string TeamId { get; init; }

    /// <summary>The run it continues, or null.</summary>
    public string? ParentRunId { get; init; }

    /// <summary>The parent's seq up to which it continues, or null.</summary>
    public long? ParentSeq { get; init; }

    /// <summary>Its number among the runs of its session, in the order in which they were asked for (<c>RunOrder</c>), from 1; 0 in old runs.</summary>
    public long Ordinal { get; init; }

    /// <summary>What it was forked from, or null.</summary>
    public ForkSource? ForkedFrom { get; init; }

    /// <summary>The agent's name as it was at the start.</summary>
    public required string AgentName { get; init; }

    /// <summary>The model asked for.</summary>
    public required string Model { get; init; }

    /// <summary>What the person asked.</summary>
    public string Input { get; init; } = "";

    /// <summary>What is attached to the question.</summary>
    public IReadOnlyList<MessageFile> Files
    {
        // A summary that was stored before there were files has none.
        get => _files ?? [];
        init => _files = value;
    }

    /// <summary>The client's id of the message that started it, or null.</summary>
    public string? MessageId { get; init; }

    /// <summary>Where it is.</summary>
    public RunStatus Status { get; init; } = RunStatus.Queued;

    /// <summary>Seq of the newest event.</summary>
    public long HeadSeq { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it left the queue, or null.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended for good, or null.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>When the newest event happened.</summary>
    public DateTimeOffset LastEventAt { get; init; }

    /// <summary>The last ~120 characters of what streams now.</summary>
    public string LastWords { get; init; } = "";

    /// <summary>The type of the format that was asked for (<c>json_schema</c>, <c>json_object</c>); null for prose.</summary>
    public string? TextFormat { get; init; }

    /// <summary>What the model said when it declined, or null. It is not part of <see cref="OutputText"/>.</summary>
    public string? Refusal { get; init; }

    /// <summary>The answer's text so far: the output text of the latest response.</summary>
    public string OutputText { get; init; } = "";

    /// <summary>What the response under way has said of its output. Not stored: it is made anew from the log.</summary>
    [JsonIgnore]
    internal ResponseOutput Output { get; init; } = ResponseOutput.Empty;

    /// <summary>What open calls are for, by their ids. Not stored: those who need it have it.</summary>
    [JsonIgnore]
    internal ImmutableDictionary<string, string> Intents { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Tools under way, oldest first.</summary>
    public IReadOnlyList<ActiveTool> ActiveTools { get; init; } = [];

    /// <summary>
    /// Calls that nobody has decided about yet, oldest first. They can be decided about while the run is
    /// <see cref="RunStatus.Waiting"/>; those of an interrupted run wait on once it goes on.
    /// </summary>
    public IReadOnlyList<PendingApproval> PendingApprovals { get; init; } = [];

    /// <summary>
    /// Questions of the agent that nobody has answered yet, oldest first. They can be answered while the run is
    /// <see cref="RunStatus.Waiting"/>; those of an interrupted run wait on once it goes on.
    /// </summary>
    public IReadOnlyList<PendingQuestion> PendingQuestions
    {
        // A summary that was stored before agents could ask has none.
        get => _questions ?? [];
        init => _questions = value;
    }

    /// <summary>Tool calls asked for so far.</summary>
    public int ToolCalls { get; init; }

    /// <summary>The transport in use or used last, or null before the first.</summary>
    public TransportKind? Transport { get; init; }

    /// <summary>Why it is on that transport (a fallback), or null.</summary>
    public string? TransportReason { get; init; }

    /// <summary>Tokens summed over the run's responses.</summary>
    public ResponseUsage Usage { get; init; }

    /// <summary>
    /// Tokens that the newest response read and wrote: what the conversation takes of the model's context. Null before the first has
    /// ended, and after the conversation was compacted.
    /// </summary>
    public long? ContextTokens { get; init; }

    /// <summary>What it has cost; null in summaries from before costs were recorded (<see cref="CostSoFar"/>).</summary>
    public RunCost? Cost { get; init; }

    /// <summary>What it may cost, or null where there is no limit.</summary>
    public RunBudget? Budget { get; init; }

    /// <summary>What it has cost; unknown where tokens were used before costs were recorded.</summary>
    [JsonIgnore]
    public RunCost CostSoFar => Cost ?? (Usage == default ? RunCost.Zero : RunCost.Unrecorded);

    /// <summary>Why the answer is incomplete, or null.</summary>
    public string? IncompleteReason { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public RunError? Error { get; init; }

    /// <summary>Who has paused it, and why; null while it is not paused.</summary>
    public Intervention? Pause { get; init; }

    /// <summary>Who answers in the agent's place; null while the agent does.</summary>
    public Intervention? TakeOver { get; init; }

    /// <summary>What somebody did about it last, or null.</summary>
    public Intervention? LatestIntervention { get; init; }

    /// <summary>How it is doing. Not stored: it is made anew from the log.</summary>
    [JsonIgnore]
    public RunVitals Vitals { get; init; } = RunVitals.None;

    /// <summary>When its content was erased, or null. Messages and answers are empty then.</summary>
    public DateTimeOffset? ForgottenAt { get; init; }

    /// <summary>
    /// What stays of it once it is erased: ids, times, counts and names of the product's own. A list of what stays, not of what
    /// goes: a field that is added later is erased until somebody decides otherwise.
    /// </summary>
    public RunSummary Erase(DateTimeOffset at) => new()
    {
        RunId = RunId,
        SessionId = SessionId,
        UserId = UserId,
        TraceId = TraceId,
        TeamId = TeamId,
        ParentRunId = ParentRunId,
        ParentSeq = ParentSeq,
        Ordinal = Ordinal,
        ForkedFrom = ForkedFrom,
        AgentName = AgentName,
        Model = Model,
        MessageId = MessageId,
        Status = Status,
        HeadSeq = HeadSeq,
        CreatedAt = CreatedAt,
        StartedAt = StartedAt,
        CompletedAt = CompletedAt,
        LastEventAt = LastEventAt,
        ToolCalls = ToolCalls,
        Transport = Transport,
        Usage = Usage,
        Cost = Cost,
        Budget = Budget,
        IncompleteReason = IncompleteReason,
        Error = Error is null ? null : new RunError(Error.Code, "The reason was deleted.", Advice: null),
        ForgottenAt = at,
    };
}
