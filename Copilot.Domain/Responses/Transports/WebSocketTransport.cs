using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Responses.Transports;

/// <summary>The Responses API over one socket: one request in flight, one text frame per event.</summary>
/// <remarks>
/// Websocket.Client receives for the life of the socket, one message after the other, and sends one frame at a time. It does so on
/// an <see cref="UpstreamSocket"/>, never with a caller's token: cancelling a receive aborts the socket, and the upstream would see a
/// broken connection where it should see close code 1000.
/// </remarks>
internal sealed partial class WebSocketTransport : IResponsesTransport
{
    private readonly ClientWebSocket _native = new();
    private readonly UpstreamSocket _socket;
    private readonly TaskCompletionSource<TransportEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly UpstreamEndpoint _endpoint;
    private readonly UpstreamOptions _options;
    private readonly UpstreamHttp _http;
    private readonly TimeProvider _time;
    private readonly TimeSpan _maxAge;
    private readonly ISocketProbe? _probe;
    private readonly SteeringSupport _steering;
    private readonly ILogger<WebSocketTransport> _logger;

    private long _openedAt;
    private volatile bool _opened;
    private Task _sending = Task.CompletedTask;
    private ResponseStream? _stream;
    private volatile int _state;
    private volatile bool _hasDelivered;

    // Two threads set it. It is only ever set to true: to read, combine and write it would lose the other's.
    private volatile bool _tooOld;
    private int _disposed;

    /// <summary>Creates a transport that is not connected yet.</summary>
    /// <param name="endpoint">Where to connect.</param>
    /// <param name="options">Time-outs and sizes.</param>
    /// <param name="http">The stack that the upgrade goes through.</param>
    /// <param name="time">Measures time-outs.</param>
    /// <param name="maxAge">Age at which it asks to be replaced.</param>
    /// <param name="probe">Receives whether sockets work; null where nothing depends on it.</param>
    /// <param name="steering">Which models can be steered.</param>
    /// <param name="logger">Its log.</param>
    public WebSocketTransport(
        UpstreamEndpoint endpoint,
        UpstreamOptions options,
        UpstreamHttp http,
        TimeProvider time,
        TimeSpan maxAge,
        ISocketProbe? probe,
        SteeringSupport steering,
        ILogger<WebSocketTransport> logger)
    {
        _endpoint = endpoint;
        _options = options;
        _http = http;
        _time = time;
        _maxAge = maxAge;
        _probe = probe;
        _steering = steering;
        _logger = logger;
        _socket = new UpstreamSocket(_native, options.MaxEventBytes, options.KeepAliveTimeout, time, FinishAsync);
        _http.SocketCreated();
    }

    /// <inheritdoc/>
    public TransportKind Kind => TransportKind.WebSocket;

    /// <inheritdoc/>
    public Uri Endpoint => UpstreamHttp.ForDisplay(_endpoint.BaseUrl);

    /// <inheritdoc/>
    public Task<TransportEnd> Ended => _ended.Task;

    /// <inheritdoc/>
    public bool ShouldRotate => _tooOld || (_opened && _time.GetElapsedTime(_openedAt) >= _maxAge);

    /// <inheritdoc/>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, State.Connecting, State.New) != State.New)
        {
            throw new InvalidOperationException("A transport connects once.");
        }

        try
        {
            await OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _state = State.Unusable;
            _ended.TrySetResult(new TransportEnd(TransportEndReason.Faulted, null, exception is TransportException failed ? failed.Message : null));
            throw;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ResponseEvent> CreateResponseAsync(
        PreparedRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.ThrowIfNotFor(Kind);
        if (request.Length > _options.MaxRequestBytes)
        {
            throw new TransportException(
                TransportFailure.TooLarge,
                $"The request has {request.Length} bytes, more than the {_options.MaxRequestBytes} that a socket may carry.",
                innerException: null);
        }

        var frame = request.ToArray();
        cancellationToken.ThrowIfCancellationRequested();
        var stream = Begin();
        _settings = request.Request.Settings;
        var complete = false;
        FirstEventTimeout? steerTimeout = null;
        try
        {
            using var timeout = new FirstEventTimeout(_options.FirstEventLimit(frame.Length, request.FirstEventFactor), _time, cancellationToken);
            await SendAsync(frame, timeout, cancellationToken).ConfigureAwait(false);
            LogSent(request.Request.Input.Count, frame.Length, request.Request.PreviousResponseId is not null);

            var next = await FirstAsync(stream, timeout, cancellationToken).ConfigureAwait(false);
            timeout.Stop();
            while (next.Phase is not ResponseStreamPhase.Over)
            {
                yield return next.Event;
                if (next.Phase is ResponseStreamPhase.Open)
                {
                    steerTimeout?.Dispose();
                    steerTimeout = null;
                    next = await NextAsync(stream, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                steerTimeout ??= new FirstEventTimeout(_options.FirstEventTimeout, _time, cancellationToken);
                if (await NextAfterSteerAsync(stream, steerTimeout, cancellationToken).ConfigureAwait(false) is not { } following)
                {
                    // The response itself has ended, which is what the caller asked for.
                    yield break;
                }

                next = following;
            }

            // The state is reset before the last event is returned: the reader may send the next request right away.
            complete = true;
            _state = State.Idle;
            yield return next.Event;
        }
        finally
        {
            steerTimeout?.Dispose();
            if (!complete)
            {
                // The upstream continues to answer and cannot be stopped, so this socket can only be closed.
                _state = State.Unusable;
                stream.Complete(ClosedWhileRunning());
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            await _gone.Task.ConfigureAwait(false);
            return;
        }

        try
        {
            await CloseOnceAsync().ConfigureAwait(false);
        }
        finally
        {
            _http.SocketDisposed();
            _ended.TrySetResult(new TransportEnd(TransportEndReason.Closed, null, null));
            _gone.TrySetResult();
            LogClosed(_ended.Task.Result.Reason, _ended.Task.Result.CloseCode);
        }
    }

    private async Task CloseOnceAsync()
    {
        if (_opened)
        {
            // A failed connect is reported by its caller.
            _probe?.Released();
        }

        _state = State.Unusable;
        _stream?.Complete(ClosedWhileRunning());

        // First, so that the receiving side's view of the end does not win over ours.
        if (_socket.CanClose && _ended.TrySetResult(new TransportEnd(TransportEndReason.Closed, (int)WebSocketCloseStatus.NormalClosure, null)))
        {
            await CloseAsync(WebSocketCloseStatus.NormalClosure, awaitPeer: true).ConfigureAwait(false);
        }

        _socket.Abort();
        if (_opened)
        {
            // Before the library is disposed of: it would leave its loop and not see the end.
            await _socket.Finished.ConfigureAwait(false);
        }

        await IgnoreErrorsAsync(_sending).ConfigureAwait(false);
        await IgnoreErrorsAsync(_steer).ConfigureAwait(false);
        _client?.Dispose();
        _socket.Dispose();
    }

    private async Task CloseAsync(WebSocketCloseStatus status, bool awaitPeer)
    {
        try
        {
            await _socket.CloseCleanlyAsync(status, awaitPeer).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or InvalidOperationException or ObjectDisposedException or IOException)
        {
            // The peer is slow or gone: the socket is aborted next, which is all that is left.
            LogCloseCutShort(exception);
        }
    }

    private async Task IgnoreErrorsAsync(Task task)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or InvalidOperationException or ObjectDisposedException or IOException)
        {
            // Its caller has already got the error, or has left.
            LogCloseCutShort(exception);
        }
    }

    private static TransportException ClosedWhileRunning() => new(
        TransportFailure.Lost, "The connection was closed while a response was running.", innerException: null);

    private static class State
    {
        public const int New = 0;
        public const int Connecting = 1;
        public const int Idle = 2;
        public const int Busy = 3;
        public const int Unusable = 4;
    }

    [LoggerMessage(LogLevel.Debug, "Request sent: {Items} input items, {Bytes} bytes, continuation {Continuation}")]
    private partial void LogSent(int items, int bytes, bool continuation);

    [LoggerMessage(LogLevel.Debug, "Socket ended: {Reason}, close code {CloseCode}")]
    private partial void LogClosed(TransportEndReason reason, int? closeCode);

    [LoggerMessage(LogLevel.Debug, "The socket was abandoned before its close handshake was complete")]
    private partial void LogCloseCutShort(Exception exception);

    [LoggerMessage(LogLevel.Debug, "Event {Type} belongs to no response in flight and is ignored")]
    private partial void LogStray(string type);
}
