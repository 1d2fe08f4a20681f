using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Erasure;

/// <summary>One response that a run had made upstream, or a request whose response never showed.</summary>
/// <param name="Seq">Seq of the event where it first shows.</param>
/// <param name="SentAt">When its request was sent.</param>
/// <param name="ResponseId">The API's id, or null where it never came.</param>
internal sealed record StoredResponseTrace(long Seq, DateTimeOffset SentAt, string? ResponseId)
{
    /// <summary>What carried it, or null where the log does not say.</summary>
    public TransportKind? Transport { get; init; }

    /// <summary>Base address of the upstream, or its host and port in logs that say no more, or null.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Whether the upstream was allowed to keep it; true also in doubt.</summary>
    public bool Stored { get; init; }

    /// <summary>How the socket ended that carried it, or null.</summary>
    public SocketEnding? Ending { get; init; }
}

/// <summary>The end of a socket, as the log has it.</summary>
internal sealed record SocketEnding(DateTimeOffset At, string Words, int? CloseCode);

/// <summary>
/// Folds a run's log into what it left with the upstream: every response, warm-ups and superseded attempts included, with what the
/// log says about where it went and whether it was stored. Today's settings play no part. Total: what it does not know it passes over.
/// </summary>
internal sealed class StoredResponseFold
{
    private readonly List<StoredResponseTrace> _traces = [];
    private readonly HashSet<string> _known = [];
    private Attempt? _attempt;
    private TransportKind? _connected;
    private string? _host;

    /// <summary>What was found so far, in the order of the log.</summary>
    public IReadOnlyList<StoredResponseTrace> Found => _traces;

    /// <summary>Takes the next event.</summary>
    public void Apply(RunEvent runEvent)
    {
        if (runEvent.Source is EventSource.Upstream)
        {
            ApplyUpstream(runEvent);
            return;
        }

        switch (runEvent.Payload)
        {
            case TransportConnecting connecting:
                _host = connecting.Host ?? _host;
                break;
            case TransportConnected connected:
                _connected = connected.Kind;
                break;
            case TransportWarmed warmed:
                // Only a socket is warmed, and only where nothing is stored.
                Note(runEvent, warmed.ResponseId, new Attempt(runEvent.Seq, runEvent.At, TransportKind.WebSocket, _host, Store: false), stored: null);
                break;
            case AttemptSent sent:
                Close(runEvent.Seq);
                // What a request continues was made, too, whether or not the log has its events.
                Note(runEvent, sent.PreviousResponseId, Send(runEvent, sent), stored: null);
                _attempt = Send(runEvent, sent);
                break;
            case AttemptRetryScheduled when _attempt is { Heard: false, Billed: false }:
                // It was refused, or never left: there is no response.
                _attempt = null;
                break;
            case AttemptSuperseded superseded:
                _attempt?.Billed |= superseded.MayBeBilledTwice is true;
                Note(runEvent, superseded.ResponseId, _attempt, stored: null);
                break;
            case TransportLost { Kind: TransportKind.WebSocket }:
                Close(runEvent.Seq);
                End(new SocketEnding(runEvent.At, "lost", CloseCode: null));
                break;
            case TransportClosed { Kind: TransportKind.WebSocket } closed:
                Close(runEvent.Seq);
                End(new SocketEnding(runEvent.At, closed.Reason ?? "closed", (int?)closed.CloseCode));
                break;
            case RunInterrupted:
                // Its process had ended, or was about to; what had no close of its own went down with it.
                Close(runEvent.Seq);
                End(new SocketEnding(runEvent.At, "its process ended", CloseCode: null));
                break;
            case CostRecorded { ResponseId: { } paid }:
                Note(runEvent, paid, _attempt, stored: null);
                break;
            case SteerSent { ResponseId: { } steered }:
                Note(runEvent, steered, _attempt, stored: null);
                break;
            case RunEnded:
                Close(runEvent.Seq);
                break;
        }
    }

    private void ApplyUpstream(RunEvent runEvent)
    {
        _attempt?.Heard = true;
        if (runEvent.ResponseId is { } id && !_known.Contains(id))
        {
            Note(runEvent, id, _attempt, StoreOf(runEvent));
        }
    }

    private void Note(RunEvent runEvent, string? responseId, Attempt? attempt, bool? stored)
    {
        if (string.IsNullOrEmpty(responseId) || !_known.Add(responseId))
        {
            return;
        }

        _traces.Add(new StoredResponseTrace(runEvent.Seq, attempt?.SentAt ?? runEvent.At, responseId)
        {
            Transport = attempt?.Transport ?? _connected,
            Endpoint = attempt?.Endpoint ?? _host,
            // When what was asked for and what was answered differ, or neither is known, it may be there.
            Stored = (attempt?.Store, stored) is not ((false, not true) or (null, false)),
        });
    }

    /// <summary>Notes an attempt that nobody answered and that may have reached the upstream.</summary>
    private void Close(long before)
    {
        if (_attempt is { Heard: false, Store: not false } silent && silent.Seq < before)
        {
            _traces.Add(new StoredResponseTrace(silent.Seq, silent.SentAt, ResponseId: null)
            {
                Transport = silent.Transport,
                Endpoint = silent.Endpoint,
                Stored = true,
            });
        }

        _attempt = null;
    }

    private void End(SocketEnding ending)
    {
        for (var index = 0; index < _traces.Count; index++)
        {
            if (_traces[index] is { Ending: null, Transport: not TransportKind.Http } open)
            {
                _traces[index] = open with { Ending = ending };
            }
        }
    }

    private Attempt Send(RunEvent runEvent, AttemptSent sent) => new(
        runEvent.Seq, runEvent.At, sent.Transport ?? _connected, sent.Endpoint ?? _host, sent.Store);

    private static bool? StoreOf(RunEvent runEvent)
    {
        if (runEvent.Data.IsEmpty)
        {
            return null;
        }

        using var data = JsonDocument.Parse(runEvent.Data);
        return data is { RootElement.ValueKind: JsonValueKind.Object }
            && data.RootElement.TryGetProperty("response", out var response)
            && response.ValueKind is JsonValueKind.Object
            && response.TryGetProperty("store", out var store)
            ? store.ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                _ => null,
            }
            : null;
    }

    private sealed record Attempt(long Seq, DateTimeOffset SentAt, TransportKind? Transport, string? Endpoint, bool? Store)
    {
        /// <summary>Anything came back.</summary>
        public bool Heard { get; set; }

        /// <summary>The upstream may have begun, as the run judged it.</summary>
        public bool Billed { get; set; }
    }
}
