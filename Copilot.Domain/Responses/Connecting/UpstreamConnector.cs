using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Transports;
using Copilot.Domain.Responses.Transports.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Responses.Connecting;

/// <summary>
/// Opens the transport that <c>Upstream:Transport</c> asks for. <c>Auto</c> gives the socket a short head start and then returns HTTP,
/// while the socket continues in the background and, once open, waits for a run to take it.
/// </summary>
internal sealed partial class UpstreamConnector(
    IUpstreamEndpoint endpoints,
    IOptionsMonitor<UpstreamOptions> options,
    UpstreamHttp http,
    ConnectRateLimiter limiter,
    SocketBreaker breaker,
    SteeringSupport steering,
    TimeProvider time,
    Random random,
    ILoggerFactory loggers) : IUpstreamConnector, IAsyncDisposable
{
    private const int Unauthorized = 401;
    private const int TooManyRequests = 429;

    private readonly ILogger _logger = loggers.CreateLogger<UpstreamConnector>();
    private readonly CancellationTokenSource _closing = new();
    private readonly BackgroundWork _background = new();

    /// <summary>Connects that continue in the background, and the spare socket.</summary>
    public BackgroundWork Background => _background;

    /// <inheritdoc/>
    public async Task<IResponsesTransport> ConnectAsync(ConnectPurpose purpose, Action<ConnectNotice> notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notice);
        var endpoint = await endpoints.GetAsync(cancellationToken).ConfigureAwait(false);
        var current = options.CurrentValue;
        var call = new Call(endpoint, current, purpose, notice, cancellationToken);

        // A wrong address or key fails on both transports and says nothing about sockets.
        call.Check();
        return (current.Transport, purpose) switch
        {
            (TransportChoice.WebSocket, _) or (TransportChoice.Auto, ConnectPurpose.SocketForRun) => await ForceSocketAsync(call).ConfigureAwait(false),
            (TransportChoice.Http, _) or (_, ConnectPurpose.HttpForRun) => OpenHttp(call, static () => false),
            (_, ConnectPurpose.HttpForRequest) => OpenHttp(call, static () => true),
            _ => await ChooseAsync(call).ConfigureAwait(false),
        };
    }

    /// <summary>Cancels pending connects, closes the spare socket, and waits for both.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _background.WhenDoneAsync().ConfigureAwait(false);
        _closing.Dispose();
    }

    private async Task<IResponsesTransport> ForceSocketAsync(Call call)
    {
        call.Report(new ConnectNotice.Connecting(TransportKind.WebSocket, call.ForDisplay(TransportKind.WebSocket)));
        var socket = NewSocket(call, probe: null);
        try
        {
            var turn = limiter.EnterAsync(call.CancellationToken);
            ReportIfQueued(call, turn);
            using (await turn.ConfigureAwait(false))
            {
                var started = time.GetTimestamp();
                await socket.ConnectAsync(call.CancellationToken).ConfigureAwait(false);
                ReportConnected(call, TransportKind.WebSocket, time.GetElapsedTime(started));
            }
        }
        catch
        {
            await socket.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return socket;
    }

    private async Task<IResponsesTransport> ChooseAsync(Call call)
    {
        // A warm-up may never send, and the breaker waits for the spare's first event.
        if (call.Purpose is not ConnectPurpose.WarmUp && breaker.TryAdopt() is { } spare)
        {
            call.Report(new ConnectNotice.Connecting(TransportKind.WebSocket, call.ForDisplay(TransportKind.WebSocket)));
            ReportConnected(call, TransportKind.WebSocket, TimeSpan.Zero);
            return spare;
        }

        if (breaker.TryEnter() is not { } probe)
        {
            var state = breaker.State;
            return FallBack(call, $"sockets to the upstream are off for now: {state.Reason}", state.Timeout);
        }

        if (!probe.IsProbe)
        {
            return await RaceAsync(call, probe).ConfigureAwait(false);
        }

        var before = breaker.State;
        var attempt = SocketAttempt.Start(NewSocket(call, probe), probe, limiter, _closing.Token);
        _background.Add(FinishAsync(attempt));
        return FallBack(call, $"a socket is tried again in the background, because before {before.Reason}", before.Timeout);
    }

    /// <summary>Tries the socket for its head start, then falls back to HTTP.</summary>
    private async Task<IResponsesTransport> RaceAsync(Call call, SocketProbe probe)
    {
        call.Report(new ConnectNotice.Connecting(TransportKind.WebSocket, call.ForDisplay(TransportKind.WebSocket)));
        var attempt = SocketAttempt.Start(NewSocket(call, probe), probe, limiter, _closing.Token);
        ReportIfQueued(call, attempt.Admitted);
        var leftToBackground = false;
        try
        {
            // The head start begins with the connect: time in the queue says nothing about the network.
            await Task.WhenAny(attempt.Admitted, probe.Unwanted).WaitAsync(call.CancellationToken).ConfigureAwait(false);
            var started = time.GetTimestamp();
            if (attempt.Admitted.IsCompleted && await IsInTimeAsync(call, attempt).ConfigureAwait(false))
            {
                return await UseOutcomeAsync(call, attempt, started).ConfigureAwait(false);
            }

            leftToBackground = true;
            if (!attempt.Admitted.IsCompleted)
            {
                await attempt.CancelAsync().ConfigureAwait(false);
                return FallBackAfterTrip(call);
            }

            var reason = SocketFailure.HeadStartReason(call.Options.SocketHeadStart);
            probe.TimedOut(reason);
            return FallBack(call, reason, UpstreamTimeout.HeadStart);
        }
        catch (OperationCanceledException) when (call.CancellationToken.IsCancellationRequested)
        {
            leftToBackground = true;
            await attempt.CancelAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            if (leftToBackground)
            {
                _background.Add(FinishAsync(attempt));
            }
            else
            {
                attempt.Dispose();
            }
        }
    }

    private async Task<bool> IsInTimeAsync(Call call, SocketAttempt attempt)
    {
        if (call.Purpose == ConnectPurpose.WarmUp)
        {
            // No run is waiting yet, so the connect's own time-out is enough.
            await Task.WhenAny(attempt.Socket).WaitAsync(call.CancellationToken).ConfigureAwait(false);
            return true;
        }

        using var decided = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken);
        var headStart = Task.Delay(call.Options.SocketHeadStart, time, decided.Token);
        await Task.WhenAny(attempt.Socket, headStart).ConfigureAwait(false);
        await decided.CancelAsync().ConfigureAwait(false);
        call.CancellationToken.ThrowIfCancellationRequested();
        return attempt.Socket.IsCompleted;
    }

    /// <summary>Handles the outcome of an attempt that ended within its head start.</summary>
    private async Task<IResponsesTransport> UseOutcomeAsync(Call call, SocketAttempt attempt, long started)
    {
        try
        {
            var socket = await attempt.Socket.ConfigureAwait(false);
            ReportConnected(call, TransportKind.WebSocket, time.GetElapsedTime(started));
            return socket;
        }
        catch (TransportException exception) when (exception.HttpStatus is Unauthorized or TooManyRequests)
        {
            // A wrong key also fails over HTTP, and an upstream that asks us to wait must not be asked another way.
            attempt.Probe.Released();
            throw;
        }
        catch (TransportException exception)
        {
            var reason = SocketFailure.Reason(exception);
            attempt.Probe.Failed(reason, exception.Timeout);
            return FallBack(call, reason, exception.Timeout);
        }
        catch (OperationCanceledException) when (!call.CancellationToken.IsCancellationRequested && !_closing.IsCancellationRequested)
        {
            attempt.Probe.Released();
            return FallBackAfterTrip(call);
        }
        catch
        {
            attempt.Probe.Released();
            throw;
        }
    }

    /// <summary>Completes an attempt in the background: its socket becomes the spare, or is closed.</summary>
    private async Task FinishAsync(SocketAttempt attempt)
    {
        WebSocketTransport socket;
        using var ended = attempt;
        try
        {
            socket = await attempt.Socket.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            attempt.Probe.Released();
            return;
        }
        catch (Exception exception)
        {
            LogBackgroundFailed(exception);
            var transportException = exception as TransportException;
            attempt.Probe.Failed(transportException is null ? "the socket could not be opened" : SocketFailure.Reason(transportException), transportException?.Timeout);
            return;
        }

        if (breaker.Offer(attempt.Probe, socket))
        {
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
            await Task.WhenAny(attempt.Probe.Adopted, socket.Ended, Task.Delay(SocketBreaker.SpareLifetime, time, waiting.Token)).ConfigureAwait(false);
            await waiting.CancelAsync().ConfigureAwait(false);
        }

        if (breaker.Withdraw(attempt.Probe))
        {
            await socket.DisposeAsync().ConfigureAwait(false);
        }
    }

    private HttpTransport FallBackAfterTrip(Call call)
    {
        var state = breaker.State;
        return FallBack(call, $"sockets to the upstream were turned off meanwhile{(state.Reason is { } reason ? ": " + reason : "")}", state.Timeout);
    }

    private HttpTransport FallBack(Call call, string reason, UpstreamTimeout? fired)
    {
        LogFellBack(reason);
        call.Report(new ConnectNotice.FellBack(TransportKind.WebSocket, TransportKind.Http, reason, fired));
        return OpenHttp(call, () => breaker.Admits);
    }

    private HttpTransport OpenHttp(Call call, Func<bool> shouldRotate)
    {
        call.Report(new ConnectNotice.Connecting(TransportKind.Http, call.ForDisplay(TransportKind.Http)));
        var transport = new HttpTransport(call.Endpoint, call.Options, http, time, shouldRotate, loggers.CreateLogger<HttpTransport>());
        ReportConnected(call, TransportKind.Http, TimeSpan.Zero);
        return transport;
    }

    private WebSocketTransport NewSocket(Call call, SocketProbe? probe)
    {
        // Sockets opened together must not all expire together.
        var age = call.Options.MaxConnectionAge * (0.96 + (0.08 * random.NextDouble()));
        return new WebSocketTransport(call.Endpoint, call.Options, http, time, age, probe, steering, loggers.CreateLogger<WebSocketTransport>());
    }

    private void ReportIfQueued(Call call, Task turn)
    {
        if (!turn.IsCompleted && limiter.IsCrowded && limiter.Waiting is > 0 and var waiting)
        {
            call.Report(new ConnectNotice.Queued(waiting - 1));
        }
    }

    private void ReportConnected(Call call, TransportKind kind, TimeSpan elapsed)
    {
        var shown = call.ForDisplay(kind);
        LogConnected(shown, kind, elapsed);
        call.Report(new ConnectNotice.Connected(kind, elapsed));
    }

    private sealed record Call(
        UpstreamEndpoint Endpoint, UpstreamOptions Options, ConnectPurpose Purpose, Action<ConnectNotice> Report, CancellationToken CancellationToken)
    {
        public Uri ForDisplay(TransportKind kind) => UpstreamHttp.ForDisplay(UpstreamHttp.EndpointOf(Endpoint.BaseUrl, kind));

        public void Check()
        {
            UpstreamHttp.EndpointOf(Endpoint.BaseUrl, TransportKind.Http);
            UpstreamHttp.HeadersOf(Endpoint);
        }
    }

    [LoggerMessage(LogLevel.Information, "Connected to {Endpoint} by {Transport} in {Elapsed}")]
    private partial void LogConnected(Uri endpoint, TransportKind transport, TimeSpan elapsed);

    [LoggerMessage(LogLevel.Warning, "Falling back to HTTP: {Reason}")]
    private partial void LogFellBack(string reason);

    [LoggerMessage(LogLevel.Debug, "A socket probed in the background could not be opened")]
    private partial void LogBackgroundFailed(Exception exception);
}
