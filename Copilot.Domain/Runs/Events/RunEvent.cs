using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Runs.Events;

/// <summary>
/// One row <c>(run_id, seq)</c> of a run's log. Immutable; the hash chain is computed once, when the event is numbered
/// (<see cref="RunEventChain"/>), so that a repeated append is byte-equal or a fork.
/// </summary>
public sealed class RunEvent
{
    private ResponseEvent? _upstream;
    private RunEventPayload? _payload;

    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>1, 2, 3 … without holes.</summary>
    public required long Seq { get; init; }

    /// <summary>UTC, in whole microseconds.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who caused it.</summary>
    public required EventSource Source { get; init; }

    /// <summary>The person behind it, or null.</summary>
    public EventActor? Actor { get; init; }

    /// <summary>One of <see cref="RunEventTypes"/>, or the upstream's type. The list is open.</summary>
    public required string Type { get; init; }

    /// <summary>The upstream response it belongs to, or null.</summary>
    public string? ResponseId { get; init; }

    /// <summary>The tool call it belongs to, or null.</summary>
    public string? CallId { get; init; }

    /// <summary>UTF-8 JSON; empty when it was erased.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Salt of <see cref="PayloadDigest"/> (32 bytes that nobody can guess); empty when the payload was erased.</summary>
    public required ReadOnlyMemory<byte> Salt { get; init; }

    /// <summary>HMAC-SHA-256 of the payload under the salt; survives forgetting.</summary>
    public required ReadOnlyMemory<byte> PayloadDigest { get; init; }

    /// <summary>SHA-256 over the previous hash and this row.</summary>
    public required ReadOnlyMemory<byte> Hash { get; init; }

    /// <summary>
    /// The key that its salt and those of the events after it are derived from. Only on an event that was just numbered, the first of the
    /// key: the store saves it with the event.
    /// </summary>
    public SaltKey? NewSaltKey { get; init; }

    /// <summary>True when retention has removed the payload.</summary>
    public bool IsErased => Salt.IsEmpty;

    /// <summary>
    /// The parsed upstream event, parsed once for all readers; null for events of our own and erased ones. Never throws: what cannot be
    /// read (any more) is an <see cref="UnknownResponseEvent"/>.
    /// </summary>
    public ResponseEvent? Upstream =>
        Source is EventSource.Upstream && !IsErased ? _upstream ??= ParseUpstream() : null;

    /// <summary>
    /// What an event of our own says, parsed once for all readers: the record of its type, without fields where the payload was erased.
    /// Null for the upstream's.
    /// </summary>
    public RunEventPayload? Payload =>
        Source is EventSource.Upstream ? null : _payload ??= RunEventRecords.Parse(Type, Data.Span);

    private ResponseEvent ParseUpstream() =>
        ResponseEventParser.TryParse(Data, out var parsed) ? parsed : new UnknownResponseEvent { Type = Type, Json = Data };

    /// <summary>Gives the already parsed form, so that it is not parsed again.</summary>
    internal void SetUpstream(ResponseEvent parsed) => _upstream = parsed;
}
