using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Responses.Transports;

internal sealed partial class WebSocketTransport
{
    private ResponseStream Begin()
    {
        var before = Interlocked.CompareExchange(ref _state, State.Busy, State.Idle);
        if (before != State.Idle)
        {
            throw before switch
            {
                State.Busy => new InvalidOperationException("A response is in flight on this socket."),
                State.New or State.Connecting => new InvalidOperationException("The transport is not connected."),
                _ => _ended.Task.IsCompletedSuccessfully && _disposed == 0
                    ? EndedAlready(_ended.Task.Result)
                    : new InvalidOperationException("The transport was abandoned or closed and cannot be used again."),
            };
        }

        var exchange = new ResponseStream(previousResponseId: _exchange?.ResponseId);
        Interlocked.Exchange(ref _exchange, exchange);

        // The end may have come between two responses; then nobody completes this exchange.
        if (_ended.Task.IsCompletedSuccessfully)
        {
            _state = State.Unusable;
            throw EndedAlready(_ended.Task.Result);
        }

        return exchange;
    }

    private async Task SendAsync(ReadOnlyMemory<byte> frame, FirstEventTimeout silence, CancellationToken cancellationToken)
    {
        try
        {
            // Cancelling a send aborts the socket as well, so the wait is given up and not the send.
            _sending = SendFrameAsync(frame);
            await _sending.WaitAsync(silence.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (silence.IsOver && !cancellationToken.IsCancellationRequested)
        {
            throw Silent("The upstream did not take the request in time.", error);
        }
        catch (Exception error) when (error is WebSocketException or ObjectDisposedException or InvalidOperationException or IOException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // An abort by the watchdog ends a send as cancelled, without anybody having cancelled it.
            throw AsSent(await WhyEndedAsync(error).ConfigureAwait(false));
        }
    }

    /// <summary>
    /// Sends through the library, which lets one frame pass at a time. It drops a frame after the end without a word; the exchange tells
    /// the end then.
    /// </summary>
    private Task SendFrameAsync(ReadOnlyMemory<byte> frame)
    {
        var whole = MemoryMarshal.TryGetArray(frame, out var segment) && segment.Array is { } array && array.Length == frame.Length
            ? array
            : frame.ToArray();
        return _client!.SendInstant(whole);
    }

    private async Task<TransportException> WhyEndedAsync(Exception error)
    {
        // The receiving side sees the same end and knows its close code; it is never far behind a failed send.
        if (!_socket.IsOpen)
        {
            var end = await _ended.Task.ConfigureAwait(false);
            return SocketFailure.Ended(end);
        }

        return SocketFailure.Lost(error);
    }

    private async ValueTask<Delivered> FirstAsync(ResponseStream exchange, FirstEventTimeout silence, CancellationToken cancellationToken)
    {
        try
        {
            return await NextAsync(exchange, silence.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw Silent(SocketFailure.SilentSentence(silence.Limit), error);
        }
        catch (OperationCanceledException error)
        {
            throw new OperationCanceledException(error.Message, error, cancellationToken);
        }
    }

    private async ValueTask<Delivered> NextAsync(ResponseStream exchange, CancellationToken cancellationToken)
    {
        try
        {
            return await exchange.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException closed)
        {
            throw AsSent(closed.InnerException as TransportException ?? SocketFailure.Lost(closed));
        }
    }

    private TransportException EndedAlready(TransportEnd end) =>
        As(SocketFailure.Ended(end), mayHaveBeenSent: false);

    private TransportException AsSent(TransportException error) => As(error, mayHaveBeenSent: true);

    private TransportException As(TransportException error, bool mayHaveBeenSent) => new(error.Failure, error.Message, error)
    {
        HttpStatus = error.HttpStatus,
        CloseCode = error.CloseCode,
        Error = error.Error,
        RetryAfter = error.RetryAfter,
        MayHaveBeenSent = mayHaveBeenSent,
        NeverDelivered = !_proven,
    };

    private TransportException Silent(string sentence, Exception error)
    {
        _probe?.Failed("the socket was accepted and then stayed silent", UpstreamTimeout.FirstEvent);
        return AsSent(new TransportException(TransportFailure.FirstEventTimeout, sentence, error));
    }
}
