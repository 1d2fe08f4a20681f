using System.Text.Json.Serialization;

namespace Copilot.Domain.Runs.Events.Payloads;

/// <summary>
/// What somebody did about a run, by that person, committed before it takes effect. Without a person the product did it: a time was up.
/// </summary>
/// <param name="Reason">Why, in the person's words; null where they gave no reason.</param>
/// <param name="CommandId">The client's id of the command: the same id twice acts once. Null where the client made none.</param>
public abstract record SupervisorAction(
    [property: JsonPropertyOrder(-2)] string? Reason,
    [property: JsonPropertyOrder(-1)] string? CommandId) : RunEventPayload;

/// <summary><c>supervisor.paused</c>: nothing new begins, neither a tool nor a request, until somebody resumes the run. What is under way ends.</summary>
/// <inheritdoc cref="SupervisorAction"/>
public sealed record SupervisorPaused(string? Reason, string? CommandId) : SupervisorAction(Reason, CommandId);

/// <summary><c>supervisor.resumed</c>: a paused run continues.</summary>
/// <inheritdoc cref="SupervisorAction"/>
public sealed record SupervisorResumed(string? Reason, string? CommandId) : SupervisorAction(Reason, CommandId);

/// <summary>
/// <c>supervisor.took_over</c>: a person answers in the agent's place. A response that is being generated is dropped, and nothing new begins
/// until <c>supervisor.handed_back</c>.
/// </summary>
/// <inheritdoc cref="SupervisorAction"/>
public sealed record SupervisorTookOver(string? Reason, string? CommandId) : SupervisorAction(Reason, CommandId);

/// <summary><c>supervisor.wrote</c>: a message in the agent's place, to the run's owner. The model reads of it when the run is handed back.</summary>
/// <param name="Reason">Why; null where they gave no reason.</param>
/// <param name="CommandId">The client's id of the message: the same id twice is one message.</param>
/// <param name="Text">The message.</param>
public sealed record SupervisorWrote(string? Reason, string? CommandId, string? Text) : SupervisorAction(Reason, CommandId);

/// <summary><c>supervisor.handed_back</c>: the agent continues. Without a person: whoever had taken over was silent for too long.</summary>
/// <param name="Reason">A note for the agent; null where there is none.</param>
/// <param name="CommandId">The client's id of the command; null where it made none.</param>
public sealed record SupervisorHandedBack(string? Reason, string? CommandId) : SupervisorAction(Reason, CommandId);

/// <summary><c>supervisor.cancelled_call</c>, with the call's <c>call_id</c>: this call is to end, and the run continues.</summary>
/// <inheritdoc cref="SupervisorAction"/>
public sealed record SupervisorCancelledCall(string? Reason, string? CommandId) : SupervisorAction(Reason, CommandId);

/// <summary><c>supervisor.retried</c>: what the response under way has said does not count, and it is asked for again from the last completed step.</summary>
/// <inheritdoc cref="SupervisorAction"/>
public sealed record SupervisorRetried(string? Reason, string? CommandId) : SupervisorAction(Reason, CommandId);
