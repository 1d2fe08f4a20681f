using System.Net.WebSockets;
using Copilot.Domain.Responses.Events;
using Websocket.Client;

namespace Copilot.Domain.Responses.Transports;

/// <summary>What comes from the upstream: messages from the library's loop, and at last how it ended.</summary>
internal sealed partial class WebSocketTransport
{
    /// <summary>A socket that ends sooner than this without a word was not meant to be used.</summary>
    private static readonly TimeSpan s_atOnce = TimeSpan.FromSeconds(5);

    /// <summary>Takes one message. The loop goes on when this returns; an exception of ours must not reach it.</summary>
    private void Receive(ResponseMessage message)
    {
        try
        {
            var bytes = message.Binary;
            if (bytes is null || ResponseEventParser.IsFiller(bytes))
            {
                return;
            }

            if (ResponseEventParser.TryParse(bytes, out var received))
            {
                Deliver(received);
            }
            else
            {
                _socket.EndWith(SocketEnd.Rejected(
                    TransportFailure.Protocol, "The upstream sent text that is not an event.", WebSocketCloseStatus.InvalidPayloadData));
            }
        }
        catch (Exception exception)
        {
            _socket.EndWith(SocketEnd.Broken(exception, _options.KeepAliveTimeout));
        }
    }

    private void Deliver(ResponseEvent received)
    {
        if (!_proven)
        {
            _proven = true;
            _probe?.Succeeded();
        }

        // Told in the band while a response runs, it ends that response; the socket is then only good for closing.
        _tooOld |= received is ResponseErrorEvent { Error.Code: "websocket_connection_limit_reached" };

        NoteSteering(received);
        if (Volatile.Read(ref _exchange) is { IsOver: false } exchange)
        {
            if (exchange.IsOfThePreviousResponse(received))
            {
                LogStray(received.Type);
            }
            else
            {
                _socket.WaitFor(exchange.WriteAsync(received));
            }
        }
        else if (received is ResponseErrorEvent { Error: { Code: "websocket_connection_limit_reached" } error })
        {
            _socket.EndWith(SocketEnd.TooOld(error.Message));
        }
        else
        {
            LogStray(received.Type);
        }
    }

    /// <summary>Hands the end to the exchange in flight and to <see cref="Ended"/>, and answers it.</summary>
    private async Task FinishAsync(SocketEnd outcome)
    {
        ReportEnd(outcome.End, outcome.Error);

        // The end before the state: whoever finds the socket unusable finds out why, too.
        _ended.TrySetResult(outcome.End);
        _state = State.Unusable;
        Volatile.Read(ref _exchange)?.Complete(outcome.Error);
        if (outcome.Reply is { } status && _socket.CanClose)
        {
            await CloseAsync(status, awaitPeer: false).ConfigureAwait(false);
        }

        if (outcome.End.Reason == TransportEndReason.Faulted)
        {
            _socket.Abort();
        }
    }

    /// <summary>Says what the end of a socket that never carried an event means for other sockets.</summary>
    private void ReportEnd(TransportEnd end, TransportException error)
    {
        if (_probe is null || _proven)
        {
            return;
        }

        if (Volatile.Read(ref _exchange) is null && _clock.GetElapsedTime(_openedAt) >= s_atOnce)
        {
            // It was opened early and nobody used it: the upstream may well be tired of it.
            _probe.Released();
        }
        else if (SocketFailure.IsRefusal(end.CloseCode) || error.Failure == TransportFailure.Protocol)
        {
            _probe.Failed(SocketFailure.AcceptedReason(end.CloseCode), error.Clock);
        }
        else
        {
            _probe.Lost(SocketFailure.AcceptedReason(end.CloseCode));
        }
    }
}
