using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Timeline.Items;

/// <summary>Where a tool call is.</summary>
public enum ToolCallState
{
    /// <summary>The model is still writing the arguments.</summary>
    Arguments,

    /// <summary>Asked for; not started.</summary>
    Requested,

    /// <summary>Runs.</summary>
    Running,

    /// <summary>Ended well.</summary>
    Completed,

    /// <summary>Ended with an error, or could not be called.</summary>
    Failed,

    /// <summary>Its deadline passed.</summary>
    TimedOut,

    /// <summary>It was not allowed.</summary>
    Denied,

    /// <summary>The run was stopped before it ended.</summary>
    Cancelled,

    /// <summary>It had started and its outcome is unknown.</summary>
    OutcomeUnknown,
}

/// <summary>One value of <see cref="ToolCallItem.Steps"/>.</summary>
/// <param name="State">Where the call is.</param>
/// <param name="Deadline">How long it may run (<see cref="ToolCallState.Running"/>), or null.</param>
/// <param name="Output">What the model reads (ends), or null.</param>
/// <param name="Duration">How long it ran (ends), or null.</param>
public sealed record ToolCallStep(ToolCallState State, TimeSpan? Deadline, string? Output, TimeSpan? Duration);

/// <summary>One function or custom tool call, from the first character of its arguments to its outcome.</summary>
public sealed record ToolCallItem : ResponseItem
{
    /// <summary>The API's <c>call_id</c>, once it is known.</summary>
    public Track<string> CallId { get; init; } = new();

    /// <summary>The tool's name, once it is known.</summary>
    public Track<string> Name { get; init; } = new();

    /// <summary>True for a custom tool call: <see cref="Arguments"/> is text and no JSON.</summary>
    public bool IsFreeText { get; init; }

    /// <summary>JSON arguments (or free-form input) as they stream, then whole.</summary>
    public GrowingText Arguments { get; init; } = GrowingText.Empty;

    /// <summary>What it is for, in the model's words; unset before it was asked for and where the model says nothing.</summary>
    public Track<string> Intent { get; init; } = new();

    /// <summary>True when the tool only reads; null before it was asked for.</summary>
    public Track<bool?> ReadOnly { get; init; } = new();

    /// <summary>True when running it twice has no second effect; null until it was requested.</summary>
    public Track<bool?> Repeatable { get; init; } = new();

    /// <summary>What a person was asked about it and decided. Unset where nobody was asked.</summary>
    public Track<ApprovalStep> Approval { get; init; } = new();

    /// <summary>What it asks a person, and what they answered. Unset where it is no question.</summary>
    public Track<QuestionStep> Question { get; init; } = new();

    /// <summary>What the call went through. Unset while the model writes the arguments.</summary>
    public Track<ToolCallStep> Steps { get; init; } = new();

    /// <summary>Where it is now.</summary>
    public ToolCallState State => Steps.Current?.State ?? ToolCallState.Arguments;

    /// <summary>What the model reads of it, or null before the end.</summary>
    public string? Output => Steps.Current?.Output;

    /// <summary>When it (last) started to run, or null.</summary>
    public DateTimeOffset? StartedAt => LastRunning?.At;

    /// <summary>How long it may run, or null before the start.</summary>
    public TimeSpan? Deadline => LastRunning?.Value.Deadline;

    /// <summary>How long it ran: what the end says, else from start to end; null before the end.</summary>
    public TimeSpan? Duration => HasEnded ? Steps.Current?.Duration ?? (Steps.Since - StartedAt) : null;

    /// <summary>True when the outcome is known, or known to be unknown.</summary>
    public bool HasEnded => State is not (ToolCallState.Arguments or ToolCallState.Requested or ToolCallState.Running);

    /// <inheritdoc/>
    public override bool IsOpen => !HasEnded && Superseded is null;

    /// <inheritdoc/>
    protected override long LastChange => Math.Max(
        Math.Max(base.LastChange, Math.Max(CallId.LastSeq, Name.LastSeq)),
        Math.Max(Math.Max(Arguments.LastSeq, Math.Max(ReadOnly.LastSeq, Repeatable.LastSeq)), Math.Max(Math.Max(Intent.LastSeq, Question.LastSeq), Math.Max(Steps.LastSeq, Approval.LastSeq))));

    private TrackStep<ToolCallStep>? LastRunning
    {
        get
        {
            for (var index = Steps.Steps.Length - 1; index >= 0; index--)
            {
                if (Steps.Steps[index].Value.State is ToolCallState.Running)
                {
                    return Steps.Steps[index];
                }
            }

            return null;
        }
    }

    /// <inheritdoc/>
    protected override TimelineItem ClipOwn(long seq) => (ToolCallItem)base.ClipOwn(seq) with
    {
        CallId = CallId.Clip(seq),
        Name = Name.Clip(seq),
        Arguments = Arguments.Clip(seq),
        Intent = Intent.Clip(seq),
        ReadOnly = ReadOnly.Clip(seq),
        Repeatable = Repeatable.Clip(seq),
        Steps = Steps.Clip(seq),
        Approval = Approval.Clip(seq),
        Question = Question.Clip(seq),
    };
}
