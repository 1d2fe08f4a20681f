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

        var stream = new ResponseStream(previousResponseId: _stream?.ResponseId);
        Interlocked.Exchange(ref _stream, stream);

        // The socket may have ended between two responses; then nothing would complete this stream.
        if (_ended.Task.IsCompletedSuccessfully)
        {
            _state = State.Unusable;
            throw EndedAlready(_ended.Task.Result);
        }

        return stream;
    }

    private async Task SendAsync(ReadOnlyMemory<byte> frame, FirstEventTimeout timeout, CancellationToken cancellationToken)
    {
        try
        {
            // Cancelling a send aborts the socket as well, so only the wait is cancelled.
            _sending = SendFrameAsync(frame);
            await _sending.WaitAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (timeout.HasFired && !cancellationToken.IsCancellationRequested)
        {
            throw Silent("The upstream did not take the request in time.", exception);
        }
        catch (Exception exception) when (exception is WebSocketException or ObjectDisposedException or InvalidOperationException or IOException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // An abort by the watchdog ends a send as cancelled, though its caller did not cancel it.
            throw AsSent(await WhyEndedAsync(exception).ConfigureAwait(false));
        }
    }

    /// <summary>
    /// Sends through the library, which lets one frame pass at a time. It silently discards a frame after the end; the response stream
    /// then reports the end.
    /// </summary>
    private Task SendFrameAsync(ReadOnlyMemory<byte> frame)
    {
        var whole = MemoryMarshal.TryGetArray(frame, out var segment) && segment.Array is { } array && array.Length == frame.Length
            ? array
            : frame.ToArray();
        return _client!.SendInstant(whole);
    }

    private async Task<TransportException> WhyEndedAsync(Exception exception)
    {
        // The receiving side sees the same end and knows its close code; it is never far behind a failed send.
        if (!_socket.IsOpen)
        {
            var end = await _ended.Task.ConfigureAwait(false);
            return SocketFailure.Ended(end);
        }

        return SocketFailure.Lost(exception);
    }

    private async ValueTask<Delivered> FirstAsync(ResponseStream stream, FirstEventTimeout timeout, CancellationToken cancellationToken)
    {
        try
        {
            return await NextAsync(stream, timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Silent(SocketFailure.NoEventMessage(timeout.Limit), exception);
        }
        catch (OperationCanceledException exception)
        {
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
    }

    private async ValueTask<Delivered> NextAsync(ResponseStream stream, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException closed)
        {
            throw AsSent(closed.InnerException as TransportException ?? SocketFailure.Lost(closed));
        }
    }

    private TransportException EndedAlready(TransportEnd end) =>
        As(SocketFailure.Ended(end), mayHaveBeenSent: false);

    private TransportException AsSent(TransportException exception) => As(exception, mayHaveBeenSent: true);

    private TransportException As(TransportException exception, bool mayHaveBeenSent) => new(exception.Failure, exception.Message, exception)
    {
        HttpStatus = exception.HttpStatus,
        CloseCode = exception.CloseCode,
        Error = exception.Error,
        RetryAfter = exception.RetryAfter,
        MayHaveBeenSent = mayHaveBeenSent,
        NeverDelivered = !_hasDelivered,
    };

    private TransportException Silent(string sentence, Exception exception)
    {
        _probe?.Failed("the socket was accepted and then stayed silent", UpstreamTimeout.FirstEvent);
        return AsSent(new TransportException(TransportFailure.FirstEventTimeout, sentence, exception));
    }
}
