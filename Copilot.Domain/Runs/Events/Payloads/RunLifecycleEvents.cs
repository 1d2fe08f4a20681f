using System.Text.Json.Serialization;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs.Events.Payloads;

/// <summary><c>user.message</c>, always seq 2, by the person: what the run is asked.</summary>
/// <param name="Text">The message; may be empty where files are attached.</param>
/// <param name="MessageId">The client's id of it; the same id twice starts one run. Null where the client made none.</param>
/// <param name="Files">What is attached; null where nothing is.</param>
public sealed record UserMessage(string? Text, string? MessageId, IReadOnlyList<AttachedFile>? Files) : RunEventPayload
{
    /// <summary>What is attached; none where nothing is. A file of which something is missing is left out.</summary>
    [JsonIgnore]
    public IReadOnlyList<MessageFile> AllFiles =>
    [
        .. (Files ?? []).Select(file => file is { Id: { } id, Name: { } name, Type: { } type, Size: { } size } ? new MessageFile(id, name, type, size) : null)
            .OfType<MessageFile>(),
    ];

    /// <summary>The event of a message.</summary>
    public static UserMessage Of(string text, string? messageId, IReadOnlyList<MessageFile> files) => new(
        text, messageId, files.Count == 0 ? null : [.. files.Select(file => new AttachedFile(file.Id, file.Name, file.Type, file.Size))]);
}

/// <summary>A file of a message.</summary>
/// <param name="Id">The product's id of it (<c>fil_…</c>).</param>
/// <param name="Name">Its name, as the person's computer had it.</param>
/// <param name="Type">Its media type.</param>
/// <param name="Size">Its size in bytes.</param>
public sealed record AttachedFile(string? Id, string? Name, string? Type, long? Size);

/// <summary><c>run.started</c>, by the agent: the run left the queue.</summary>
public sealed record RunStarted : RunEventPayload;

/// <summary><c>run.waiting</c>, by the agent: the run waits for a person: for an approval or a larger budget, or because somebody has paused it or taken it over. Its time limit pauses.</summary>
/// <param name="Reason">What it waits for, as a sentence.</param>
public sealed record RunWaiting(string? Reason) : RunEventPayload;

/// <summary>
/// <c>run.resumed</c>: the run continues. By the agent when people have decided, by the product after a restart, by a person who
/// resumes an interrupted run.
/// </summary>
/// <param name="Reason">Why, as a sentence.</param>
/// <param name="UnknownCalls">
/// Calls of the upstream's own tools that were under way when the run was interrupted and are not repeated: the model is told that
/// their outcome is unknown. Null where there are none.
/// </param>
public sealed record RunResumed(string? Reason, IReadOnlyList<string>? UnknownCalls) : RunEventPayload;

/// <summary>The end of a run for good: nothing follows.</summary>
/// <param name="Duration">From the request to the end.</param>
/// <param name="Usage">Tokens of all its responses.</param>
/// <param name="Cost">What it cost; null in runs from before costs were recorded.</param>
public abstract record RunEnded(
    [property: JsonPropertyName("duration_ms"), JsonPropertyOrder(-3)] TimeSpan? Duration,
    [property: JsonPropertyOrder(-2)] ResponseUsage? Usage,
    [property: JsonPropertyOrder(-1)] EndCost? Cost) : RunEventPayload;

/// <summary>What a run cost when it ended.</summary>
/// <param name="AmountMicros">Millionths of the currency's unit; null where it is not known.</param>
/// <param name="Currency">The currency; null where no prices were configured.</param>
/// <param name="Partial">True when more was paid than is known.</param>
public sealed record EndCost(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? AmountMicros,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Currency,
    bool? Partial);

/// <summary><c>run.completed</c>, by the agent: there is an answer.</summary>
/// <param name="Duration">From the request to the end.</param>
/// <param name="Usage">Tokens of all its responses.</param>
/// <param name="Cost">What it cost.</param>
/// <param name="IncompleteReason">The API's word for why the answer is incomplete; null where it is complete.</param>
public sealed record RunCompleted(TimeSpan? Duration, ResponseUsage? Usage, EndCost? Cost, string? IncompleteReason)
    : RunEnded(Duration, Usage, Cost);

/// <summary><c>run.failed</c>, by the agent: it could not be done.</summary>
/// <param name="Duration">From the request to the end.</param>
/// <param name="Usage">Tokens of all its responses.</param>
/// <param name="Cost">What it cost.</param>
/// <param name="Code">A stable word, the upstream's where it gave one.</param>
/// <param name="Message">One sentence for people.</param>
/// <param name="Advice">What to do; null where there is nothing to say.</param>
public sealed record RunFailed(
    TimeSpan? Duration,
    ResponseUsage? Usage,
    EndCost? Cost,
    string? Code,
    string? Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Advice) : RunEnded(Duration, Usage, Cost)
{
    /// <summary>The error, with words of its own where the payload has none any more.</summary>
    [JsonIgnore]
    public RunError Error => new(Code ?? "unknown", Message ?? "The run failed.", Advice);
}

/// <summary><c>run.cancelled</c>, by the person who stopped it.</summary>
/// <param name="Duration">From the request to the end.</param>
/// <param name="Usage">Tokens of all its responses.</param>
/// <param name="Cost">What it cost.</param>
/// <param name="Reason">Why, in the person's words or the product's; null where no reason was given.</param>
public sealed record RunCancelled(
    TimeSpan? Duration,
    ResponseUsage? Usage,
    EndCost? Cost,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Reason) : RunEnded(Duration, Usage, Cost)
{
    /// <summary>The client's id of the command; null where it made none.</summary>
    public string? CommandId { get; init; }
}

/// <summary>
/// <c>run.interrupted</c>, by the product, at a shutdown or after a crash: nothing happens until it is resumed or cancelled. Calls that
/// are under way stay open.
/// </summary>
/// <param name="Reason">Why, as a sentence.</param>
/// <param name="UnknownCalls">Calls of the upstream's own tools that were under way: nobody knows their outcome. Null where there are none.</param>
public sealed record RunInterrupted(string? Reason, IReadOnlyList<string>? UnknownCalls) : RunEventPayload;

/// <summary>
/// <c>run.forked</c>, by the person, right after <c>run.created</c>: the run does again what another did from a step on. What came before
/// that step is read from the other's log (<see cref="RunCreated.ParentRunId"/>) and not carried out again.
/// </summary>
/// <param name="RunId">The run that it was forked from.</param>
/// <param name="Seq">The other's seq that the step begins with.</param>
/// <param name="Step">The step's number, from 1.</param>
/// <param name="CallId">The call that is carried out with other arguments; null where there is none.</param>
/// <param name="Question">What the other was asked; null where this run has a message of its own instead.</param>
/// <param name="Title">What the conversation of this run is called.</param>
/// <param name="MessageId">Made by the client; the same id twice in one session is one run. Null where it made none.</param>
/// <param name="Items">The response that the run begins with, as input items; null where the model is asked first.</param>
/// <param name="Outputs">Outputs of its calls that are taken from the other's log; null where there are none.</param>
public sealed record RunForked(
    string? RunId,
    long? Seq,
    long? Step,
    string? CallId,
    string? Question,
    string? Title,
    string? MessageId,
    IReadOnlyList<JsonBytes>? Items,
    IReadOnlyList<ForkedOutput>? Outputs) : RunEventPayload
{
    /// <summary>The model that was chosen in place of the other's; null where none was.</summary>
    public string? Model { get; init; }
}

/// <summary>What a call gave, taken from another run's log.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Output">What the model read of it.</param>
public sealed record ForkedOutput(string? CallId, string? Output);
