using System.Buffers;
using System.Net.WebSockets;
using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Responses.Transports;

internal sealed partial class WebSocketTransport
{
    private const int ReceiveSize = 16 * 1024;

    /// <summary>A socket that ends sooner than this without a word was not meant to be used.</summary>
    private static readonly TimeSpan s_atOnce = TimeSpan.FromSeconds(5);

    /// <summary>Receives until the socket ends. Never throws; the end goes to the exchange in flight and to <see cref="Ended"/>.</summary>
    private async Task PumpAsync()
    {
        (TransportEnd End, TransportException Error, WebSocketCloseStatus? Reply) outcome;
        try
        {
            outcome = await ReceiveAllAsync().ConfigureAwait(false);
        }
        catch (Exception error)
        {
            var lost = SocketFailure.Broken(error, _options.KeepAliveTimeout);
            outcome = (new TransportEnd(TransportEndReason.Faulted, null, lost.Message) { Clock = lost.Clock }, lost, null);
        }

        ReportEnd(outcome.End, outcome.Error);

        // The end before the state: whoever finds the socket unusable finds out why, too.
        _ended.TrySetResult(outcome.End);
        _state = State.Unusable;
        Volatile.Read(ref _exchange)?.Complete(outcome.Error);
        if (outcome.Reply is { } status && _socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
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

    private async Task<(TransportEnd End, TransportException Error, WebSocketCloseStatus? Reply)> ReceiveAllAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ReceiveSize);
        var length = 0;
        try
        {
            while (true)
            {
                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }

                var received = await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None).ConfigureAwait(false);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    return ClosedByPeer();
                }

                if (received.MessageType == WebSocketMessageType.Binary)
                {
                    return Broken(
                        TransportFailure.Protocol, "The upstream sent binary data, which is not the protocol.", WebSocketCloseStatus.InvalidMessageType);
                }

                length += received.Count;
                if (length > _options.MaxEventBytes)
                {
                    return Broken(
                        TransportFailure.TooLarge,
                        $"The upstream sent an event of more than {_options.MaxEventBytes} bytes.",
                        WebSocketCloseStatus.MessageTooBig);
                }

                if (!received.EndOfMessage)
                {
                    continue;
                }

                if (!ResponseEventParser.IsFiller(buffer.AsSpan(0, length)))
                {
                    // The event keeps its bytes, so it gets an array of its own.
                    if (!ResponseEventParser.TryParse(buffer.AsSpan(0, length).ToArray(), out var parsed))
                    {
                        return Broken(
                            TransportFailure.Protocol, "The upstream sent text that is not an event.", WebSocketCloseStatus.InvalidPayloadData);
                    }

                    if (await DeliverAsync(parsed).ConfigureAwait(false) is { } aged)
                    {
                        return aged;
                    }
                }

                length = 0;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<(TransportEnd End, TransportException Error, WebSocketCloseStatus? Reply)?> DeliverAsync(ResponseEvent received)
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
                await exchange.WriteAsync(received).ConfigureAwait(false);
            }

            return null;
        }

        if (received is ResponseErrorEvent { Error.Code: "websocket_connection_limit_reached" } error)
        {
            // The connection is too old. It is told on an idle socket too, and not every upstream closes after it.
            var end = new TransportEnd(TransportEndReason.ClosedByPeer, null, error.Error.Message);
            return (end, SocketFailure.Closed(null, error.Error.Message), WebSocketCloseStatus.NormalClosure);
        }

        LogStray(received.Type);
        return null;
    }

    private (TransportEnd End, TransportException Error, WebSocketCloseStatus? Reply) ClosedByPeer()
    {
        // A frame without a code is 1005 in the registry; the framework says Empty.
        var code = _socket.CloseStatus is { } status ? (int)status : (int?)null;
        var detail = SocketFailure.CloseSentence(code, _socket.CloseStatusDescription);
        return (
            new TransportEnd(TransportEndReason.ClosedByPeer, code, detail),
            SocketFailure.Closed(code, detail),
            WebSocketCloseStatus.NormalClosure);
    }

    private static (TransportEnd End, TransportException Error, WebSocketCloseStatus? Reply) Broken(
        TransportFailure failure, string sentence, WebSocketCloseStatus reply) => (
            new TransportEnd(TransportEndReason.Faulted, (int)reply, sentence),
            new TransportException(failure, sentence, innerException: null),
            reply);
}
