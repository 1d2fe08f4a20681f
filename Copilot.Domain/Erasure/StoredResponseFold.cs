using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Erasure;

/// <summary>One response that a run created upstream, or a request whose response never appeared.</summary>
/// <param name="Seq">Seq of the event where it first appears.</param>
/// <param name="SentAt">When its request was sent.</param>
/// <param name="ResponseId">The API's id, or null if it was never received.</param>
internal sealed record UpstreamResponse(long Seq, DateTimeOffset SentAt, string? ResponseId)
{
    /// <summary>What carried it, or null where the log does not say.</summary>
    public TransportKind? Transport { get; init; }

    /// <summary>Base address of the upstream, or its host and port in older logs, or null.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Whether the upstream was allowed to store it; true when in doubt.</summary>
    public bool Stored { get; init; }

    /// <summary>How its socket ended, or null.</summary>
    public SocketEnding? Ending { get; init; }
}

/// <summary>The end of a socket, as recorded in the log.</summary>
internal sealed record SocketEnding(DateTimeOffset At, string Reason, int? CloseCode);

/// <summary>
/// Folds a run's log into what it left upstream: every response, warm-ups and superseded attempts included, with its endpoint and whether
/// it was stored, according to the log. Current settings are ignored, and so are unknown events.
/// </summary>
internal sealed class StoredResponseFold
{
    private readonly List<UpstreamResponse> _responses = [];
    private readonly HashSet<string> _known = [];
    private Attempt? _attempt;
    private TransportKind? _connected;
    private string? _host;

    /// <summary>The responses found so far, in log order.</summary>
    public IReadOnlyList<UpstreamResponse> Responses => _responses;

    /// <summary>Applies the next event.</summary>
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
                AddResponse(runEvent, warmed.ResponseId, new Attempt(runEvent.Seq, runEvent.At, TransportKind.WebSocket, _host, Store: false), stored: null);
                break;
            case AttemptSent sent:
                CloseAttempt(runEvent.Seq);
                // The response that a request continues exists as well, even if the log has no events of it.
                AddResponse(runEvent, sent.PreviousResponseId, Send(runEvent, sent), stored: null);
                _attempt = Send(runEvent, sent);
                break;
            case AttemptRetryScheduled when _attempt is { Answered: false, Billed: false }:
                // It was refused or never sent: there is no response.
                _attempt = null;
                break;
            case AttemptSuperseded superseded:
                _attempt?.Billed |= superseded.MayBeBilledTwice is true;
                AddResponse(runEvent, superseded.ResponseId, _attempt, stored: null);
                break;
            case TransportLost { Kind: TransportKind.WebSocket }:
                CloseAttempt(runEvent.Seq);
                EndSockets(new SocketEnding(runEvent.At, "lost", CloseCode: null));
                break;
            case TransportClosed { Kind: TransportKind.WebSocket } closed:
                CloseAttempt(runEvent.Seq);
                EndSockets(new SocketEnding(runEvent.At, closed.Reason ?? "closed", (int?)closed.CloseCode));
                break;
            case RunInterrupted:
                // Its process had ended or was about to; sockets without a recorded close ended with it.
                CloseAttempt(runEvent.Seq);
                EndSockets(new SocketEnding(runEvent.At, "its process ended", CloseCode: null));
                break;
            case CostRecorded { ResponseId: { } paid }:
                AddResponse(runEvent, paid, _attempt, stored: null);
                break;
            case SteerSent { ResponseId: { } steered }:
                AddResponse(runEvent, steered, _attempt, stored: null);
                break;
            case RunEnded:
                CloseAttempt(runEvent.Seq);
                break;
        }
    }

    private void ApplyUpstream(RunEvent runEvent)
    {
        _attempt?.Answered = true;
        if (runEvent.ResponseId is { } id && !_known.Contains(id))
        {
            AddResponse(runEvent, id, _attempt, StoreOf(runEvent));
        }
    }

    private void AddResponse(RunEvent runEvent, string? responseId, Attempt? attempt, bool? stored)
    {
        if (string.IsNullOrEmpty(responseId) || !_known.Add(responseId))
        {
            return;
        }

        _responses.Add(new UpstreamResponse(runEvent.Seq, attempt?.SentAt ?? runEvent.At, responseId)
        {
            Transport = attempt?.Transport ?? _connected,
            Endpoint = attempt?.Endpoint ?? _host,
            // When request and answer differ, or neither is known, it may be stored.
            Stored = (attempt?.Store, stored) is not ((false, not true) or (null, false)),
        });
    }

    /// <summary>Records an unanswered attempt that may have reached the upstream.</summary>
    private void CloseAttempt(long before)
    {
        if (_attempt is { Answered: false, Store: not false } unanswered && unanswered.Seq < before)
        {
            _responses.Add(new UpstreamResponse(unanswered.Seq, unanswered.SentAt, ResponseId: null)
            {
                Transport = unanswered.Transport,
                Endpoint = unanswered.Endpoint,
                Stored = true,
            });
        }

        _attempt = null;
    }

    private void EndSockets(SocketEnding ending)
    {
        for (var index = 0; index < _responses.Count; index++)
        {
            if (_responses[index] is { Ending: null, Transport: not TransportKind.Http } open)
            {
                _responses[index] = open with { Ending = ending };
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
        /// <summary>An event came back.</summary>
        public bool Answered { get; set; }

        /// <summary>The upstream may have started, according to the run.</summary>
        public bool Billed { get; set; }
    }
}
