using System.Net.WebSockets;
using Copilot.Domain.Responses.Events;
using Websocket.Client;

namespace Copilot.Domain.Responses.Transports;

/// <summary>Receiving: messages from the library's loop, and finally the end.</summary>
internal sealed partial class WebSocketTransport
{
    /// <summary>A socket that ends sooner than this without an event was not meant to be used.</summary>
    private static readonly TimeSpan s_atOnce = TimeSpan.FromSeconds(5);

    /// <summary>Handles one message. The loop continues when this returns; our exceptions must not reach it.</summary>
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
        if (!_hasDelivered)
        {
            _hasDelivered = true;
            _probe?.Succeeded();
        }

        if (received is ResponseErrorEvent { Error.Code: "websocket_connection_limit_reached" })
        {
            // As an event while a response runs, it ends that response; the socket can then only be closed.
            _tooOld = true;
        }

        ObserveSteering(received);
        if (Volatile.Read(ref _stream) is { IsOver: false } stream)
        {
            if (stream.IsOfThePreviousResponse(received))
            {
                LogStray(received.Type);
            }
            else
            {
                _socket.WaitFor(stream.WriteAsync(received));
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

    /// <summary>Reports the end to the response stream in flight and to <see cref="Ended"/>, and replies to it.</summary>
    private async Task FinishAsync(SocketEnd outcome)
    {
        ReportEnd(outcome.End, outcome.Error);

        // The end before the state: a caller that finds the socket unusable can then see why.
        _ended.TrySetResult(outcome.End);
        _state = State.Unusable;
        Volatile.Read(ref _stream)?.Complete(outcome.Error);
        if (outcome.Reply is { } status && _socket.CanClose)
        {
            await CloseAsync(status, awaitPeer: false).ConfigureAwait(false);
        }

        if (outcome.End.Reason == TransportEndReason.Faulted)
        {
            _socket.Abort();
        }
    }

    /// <summary>Reports what the end of a socket that never carried an event means for other sockets.</summary>
    private void ReportEnd(TransportEnd end, TransportException exception)
    {
        if (_probe is null || _hasDelivered)
        {
            return;
        }

        if (Volatile.Read(ref _stream) is null && _time.GetElapsedTime(_openedAt) >= s_atOnce)
        {
            // It was opened early and never used: the upstream may have closed it as idle.
            _probe.Released();
        }
        else if (SocketFailure.IsRefusal(end.CloseCode) || exception.Failure == TransportFailure.Protocol)
        {
            _probe.Failed(SocketFailure.AcceptedReason(end.CloseCode), exception.Timeout);
        }
        else
        {
            _probe.Lost(SocketFailure.AcceptedReason(end.CloseCode));
        }
    }
}
