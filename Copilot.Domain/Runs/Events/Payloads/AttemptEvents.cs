using System.Text.Json.Serialization;
using Copilot.Domain.Responses.Sessions;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Transports;

namespace Copilot.Domain.Runs.Events.Payloads;

/// <summary><c>attempt.sent</c>, by the agent, committed before a request is sent upstream.</summary>
/// <param name="Attempt">Its number in the run, from 1.</param>
/// <param name="Mode">Whether the whole input is sent, or what is new.</param>
/// <param name="PreviousResponseId">The response it continues; null where all is sent.</param>
/// <param name="InputItems">How many input items are sent.</param>
/// <param name="Bytes">The request's size in bytes.</param>
/// <param name="Transport">What carries it.</param>
/// <param name="Endpoint">The upstream's base address; null in runs from before it was recorded.</param>
/// <param name="Store">True when the upstream may store the response; null in runs from before it was recorded.</param>
public sealed record AttemptSent(
    long? Attempt,
    SendMode? Mode,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? PreviousResponseId,
    long? InputItems,
    long? Bytes,
    TransportKind? Transport,
    string? Endpoint,
    bool? Store) : RunEventPayload;

/// <summary><c>attempt.retry_scheduled</c>, by the agent: the response is asked for again after a delay.</summary>
/// <param name="Delay">Until the next attempt; zero for at once.</param>
/// <param name="Reason">What went wrong, as a phrase.</param>
/// <param name="Rule">The rule of the failure policy that decided so.</param>
/// <param name="Timeout">The time-out that passed; null where none did.</param>
public sealed record AttemptRetryScheduled(
    [property: JsonPropertyName("delay_ms")] TimeSpan? Delay,
    string? Reason,
    [property: JsonPropertyName("row")] string? Rule,
    [property: JsonPropertyName("clock")] UpstreamTimeout? Timeout) : RunEventPayload;

/// <summary><c>attempt.superseded</c>, by the agent: what a response streamed no longer counts.</summary>
/// <param name="ResponseId">The response; null where none had begun.</param>
/// <param name="Reason">What went wrong, or what a person did, as a phrase.</param>
/// <param name="MayBeBilledTwice">True when the upstream may have begun with it and the next attempt is paid as well; null after a restart.</param>
/// <param name="Timeout">The time-out that passed; null where none did.</param>
public sealed record AttemptSuperseded(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ResponseId,
    string? Reason,
    bool? MayBeBilledTwice,
    [property: JsonPropertyName("clock")] UpstreamTimeout? Timeout) : RunEventPayload;
