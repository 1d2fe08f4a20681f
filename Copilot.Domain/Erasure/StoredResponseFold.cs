using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Events;

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

        switch (runEvent.Type)
        {
            case RunEventTypes.TransportConnecting:
                _host = runEvent.Text("host") ?? _host;
                break;
            case RunEventTypes.TransportConnected:
                _connected = KindOf(runEvent.Text("kind"));
                break;
            case RunEventTypes.TransportWarmed:
                // Only a socket is warmed, and only where nothing is stored.
                AddResponse(
                    runEvent,
                    runEvent.Text("response_id"),
                    new Attempt(runEvent.Seq, runEvent.At, TransportKind.WebSocket, _host, runEvent.Text("store") == "true"),
                    stored: null);
                break;
            case RunEventTypes.AttemptSent:
                CloseAttempt(runEvent.Seq);
                // The response that a request continues exists as well, even if the log has no events of it.
                AddResponse(runEvent, runEvent.Text("previous_response_id"), Send(runEvent), stored: null);
                _attempt = Send(runEvent);
                break;
            case RunEventTypes.AttemptRetryScheduled when _attempt is { Answered: false, Billed: false }:
                // It was refused or never sent: there is no response.
                _attempt = null;
                break;
            case RunEventTypes.AttemptSuperseded:
                _attempt?.Billed |= runEvent.Text("may_be_billed_twice") == "true";
                AddResponse(runEvent, runEvent.Text("response_id"), _attempt, stored: null);
                break;
            case RunEventTypes.TransportClosed or RunEventTypes.TransportLost when KindOf(runEvent.Text("kind")) is TransportKind.WebSocket:
                CloseAttempt(runEvent.Seq);
                EndSockets(new SocketEnding(
                    runEvent.At,
                    runEvent.Type == RunEventTypes.TransportLost ? "lost" : runEvent.Text("reason") ?? "closed",
                    (int?)runEvent.Number("close_code")));
                break;
            case RunEventTypes.RunInterrupted:
                // Its process had ended or was about to; sockets without a recorded close ended with it.
                CloseAttempt(runEvent.Seq);
                EndSockets(new SocketEnding(runEvent.At, "its process ended", CloseCode: null));
                break;
            default:
                AddResponse(runEvent, runEvent.Text("response_id"), _attempt, stored: null);
                break;
        }

        if (RunEventTypes.IsTerminal(runEvent.Type))
        {
            CloseAttempt(runEvent.Seq);
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

    private Attempt Send(RunEvent sent) => new(
        sent.Seq,
        sent.At,
        KindOf(sent.Text("transport")) ?? _connected,
        sent.Text("endpoint") ?? _host,
        sent.Text("store") switch
        {
            "true" => true,
            "false" => false,
            _ => null,
        });

    private static bool? StoreOf(RunEvent runEvent)
    {
        using var data = runEvent.ParseData();
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

    private static TransportKind? KindOf(string? kind) => kind switch
    {
        "websocket" => TransportKind.WebSocket,
        "http" => TransportKind.Http,
        _ => null,
    };

    private sealed record Attempt(long Seq, DateTimeOffset SentAt, TransportKind? Transport, string? Endpoint, bool? Store)
    {
        /// <summary>An event came back.</summary>
        public bool Answered { get; set; }

        /// <summary>The upstream may have started, according to the run.</summary>
        public bool Billed { get; set; }
    }
}
