using System.Text.Json.Serialization;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Transports;

namespace Copilot.Domain.Runs.Events.Payloads;

/// <summary><c>transport.connecting</c>, by the agent: a connection is being opened.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Host">The upstream's host and port.</param>
public sealed record TransportConnecting(TransportKind? Kind, string? Host) : RunEventPayload;

/// <summary><c>transport.queued</c>, by the agent: the process opens only so many connections at once, and this one waits its turn.</summary>
/// <param name="Ahead">How many are before it.</param>
public sealed record TransportQueued(long? Ahead) : RunEventPayload;

/// <summary><c>transport.connected</c>, by the agent: the connection is open.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Elapsed">How long opening took.</param>
/// <param name="Prepared">True when it was opened before the run began, while the user typed; else null.</param>
public sealed record TransportConnected(
    TransportKind? Kind,
    [property: JsonPropertyName("elapsed_ms")] TimeSpan? Elapsed,
    bool? Prepared) : RunEventPayload;

/// <summary><c>transport.warmed</c>, by the agent: the upstream had read this much on the connection before the run began.</summary>
/// <param name="ResponseId">The response that read it.</param>
/// <param name="InputItems">How many input items it read.</param>
/// <param name="Bytes">The request's size in bytes.</param>
/// <param name="Usage">Tokens that it used.</param>
public sealed record TransportWarmed(string? ResponseId, long? InputItems, long? Bytes, ResponseUsage? Usage) : RunEventPayload;

/// <summary><c>transport.lost</c>, by the agent: the connection broke, or could not be opened.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="Reason">Why, as a sentence.</param>
/// <param name="Timeout">The time-out that passed; null where none did.</param>
public sealed record TransportLost(
    TransportKind? Kind,
    string? Reason,
    [property: JsonPropertyName("clock")] UpstreamTimeout? Timeout) : RunEventPayload;

/// <summary><c>transport.fell_back</c>, by the agent: another kind of connection takes the place of one that does not work.</summary>
/// <param name="From">What does not work.</param>
/// <param name="To">What is used from here on.</param>
/// <param name="Reason">Why, as a sentence.</param>
/// <param name="Timeout">The time-out that passed; null where none did.</param>
public sealed record TransportFellBack(
    TransportKind? From,
    TransportKind? To,
    string? Reason,
    [property: JsonPropertyName("clock")] UpstreamTimeout? Timeout) : RunEventPayload;

/// <summary><c>transport.closed</c>, by the agent: before the run's end, or where one connection takes another's place.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="Reason"><c>closed</c>, <c>closed_by_peer</c> or <c>faulted</c>.</param>
/// <param name="CloseCode">The WebSocket's close code; null for HTTP, or where none came.</param>
public sealed record TransportClosed(TransportKind? Kind, string? Reason, long? CloseCode) : RunEventPayload;
