using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Transports;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Responses.Connecting;

/// <summary>
/// Opens the transport that <c>Upstream:Transport</c> asks for. <c>Auto</c> gives the socket a short head start and then hands out
/// HTTP, while the socket goes on in the background and, when it opens, waits for a run to take it.
/// </summary>
internal sealed partial class UpstreamConnector(
    IUpstreamEndpoint endpoints,
    IOptionsMonitor<UpstreamOptions> options,
    UpstreamHttp http,
    ConnectRateLimiter gate,
    SocketBreaker breaker,
    SteeringSupport steering,
    TimeProvider clock,
    Random random,
    ILoggerFactory loggers) : IUpstreamConnector, IAsyncDisposable
{
    private const int Unauthorized = 401;
    private const int TooManyRequests = 429;

    private readonly ILogger _logger = loggers.CreateLogger<UpstreamConnector>();
    private readonly CancellationTokenSource _closing = new();
    private readonly BackgroundWork _background = new();

    /// <summary>The connects that nobody waits for, and the spare socket.</summary>
    public BackgroundWork Background => _background;

    /// <inheritdoc/>
    public async Task<IResponsesTransport> ConnectAsync(ConnectPurpose purpose, Action<ConnectNotice> notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notice);
        var endpoint = await endpoints.GetAsync(cancellationToken).ConfigureAwait(false);
        var current = options.CurrentValue;
        var call = new Call(endpoint, current, purpose, notice, cancellationToken);

        // What is wrong with the address or the key is wrong for both transports, and no verdict about sockets.
        call.Check();
        return (current.Transport, purpose) switch
        {
            (TransportChoice.WebSocket, _) => await ForceSocketAsync(call).ConfigureAwait(false),
            (TransportChoice.Http, _) or (_, ConnectPurpose.HttpForRun) => OpenHttp(call, static () => false),
            (_, ConnectPurpose.HttpForRequest) => OpenHttp(call, static () => true),
            _ => await ChooseAsync(call).ConfigureAwait(false),
        };
    }

    /// <summary>Gives up what is still being opened, closes the spare socket, and waits for both.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _background.WhenDoneAsync().ConfigureAwait(false);
        _closing.Dispose();
    }

    private async Task<IResponsesTransport> ForceSocketAsync(Call call)
    {
        call.Report(new ConnectNotice.Connecting(TransportKind.WebSocket, call.Shown(TransportKind.WebSocket)));
        var socket = NewSocket(call, probe: null);
        try
        {
            var turn = gate.EnterAsync(call.CancellationToken);
            TellIfQueued(call, turn);
            using (await turn.ConfigureAwait(false))
            {
                var started = clock.GetTimestamp();
                await socket.ConnectAsync(call.CancellationToken).ConfigureAwait(false);
                TellConnected(call, TransportKind.WebSocket, clock.GetElapsedTime(started));
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
        if (breaker.TryAdopt() is { } spare)
        {
            call.Report(new ConnectNotice.Connecting(TransportKind.WebSocket, call.Shown(TransportKind.WebSocket)));
            TellConnected(call, TransportKind.WebSocket, TimeSpan.Zero);
            return spare;
        }

        if (breaker.TryEnter() is not { } probe)
        {
            var state = breaker.State;
            return FallBack(call, $"sockets to the upstream are off for now: {state.Reason}", state.Clock);
        }

        if (!probe.IsProbe)
        {
            return await RaceAsync(call, probe).ConfigureAwait(false);
        }

        var before = breaker.State;
        var attempt = SocketAttempt.Start(NewSocket(call, probe), probe, gate, _closing.Token);
        _background.Add(FinishAsync(attempt));
        return FallBack(call, $"a socket is tried again in the background, because before {before.Reason}", before.Clock);
    }

    /// <summary>The socket with its head start, and HTTP behind it.</summary>
    private async Task<IResponsesTransport> RaceAsync(Call call, SocketProbe probe)
    {
        call.Report(new ConnectNotice.Connecting(TransportKind.WebSocket, call.Shown(TransportKind.WebSocket)));
        var attempt = SocketAttempt.Start(NewSocket(call, probe), probe, gate, _closing.Token);
        TellIfQueued(call, attempt.Admitted);
        var left = false;
        try
        {
            // The head start begins with the connect: waiting for a turn says nothing about the network.
            await Task.WhenAny(attempt.Admitted, probe.Unwanted).WaitAsync(call.CancellationToken).ConfigureAwait(false);
            var started = clock.GetTimestamp();
            if (attempt.Admitted.IsCompleted && await IsInTimeAsync(call, attempt).ConfigureAwait(false))
            {
                return await TakeAsync(call, attempt, started).ConfigureAwait(false);
            }

            left = true;
            if (!attempt.Admitted.IsCompleted)
            {
                await attempt.CancelAsync().ConfigureAwait(false);
                return FallBackMeanwhile(call);
            }

            var reason = SocketFailure.HeadStartReason(call.Options.SocketHeadStart);
            probe.TimedOut(reason);
            return FallBack(call, reason, UpstreamTimeout.HeadStart);
        }
        catch (OperationCanceledException) when (call.CancellationToken.IsCancellationRequested)
        {
            left = true;
            await attempt.CancelAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            if (left)
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
            // Nobody waits yet, so the connect's own clock is soon enough.
            await Task.WhenAny(attempt.Socket).WaitAsync(call.CancellationToken).ConfigureAwait(false);
            return true;
        }

        using var decided = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken);
        var headStart = Task.Delay(call.Options.SocketHeadStart, clock, decided.Token);
        await Task.WhenAny(attempt.Socket, headStart).ConfigureAwait(false);
        await decided.CancelAsync().ConfigureAwait(false);
        call.CancellationToken.ThrowIfCancellationRequested();
        return attempt.Socket.IsCompleted;
    }

    /// <summary>Takes the outcome of an attempt that ended within its head start.</summary>
    private async Task<IResponsesTransport> TakeAsync(Call call, SocketAttempt attempt, long started)
    {
        try
        {
            var socket = await attempt.Socket.ConfigureAwait(false);
            TellConnected(call, TransportKind.WebSocket, clock.GetElapsedTime(started));
            return socket;
        }
        catch (TransportException error) when (error.HttpStatus is Unauthorized or TooManyRequests)
        {
            // A wrong key is wrong over HTTP as well, and who asks to wait is not to be asked by another way.
            attempt.Probe.Released();
            throw;
        }
        catch (TransportException error)
        {
            var reason = SocketFailure.Reason(error);
            attempt.Probe.Failed(reason, error.Clock);
            return FallBack(call, reason, error.Clock);
        }
        catch (OperationCanceledException) when (!call.CancellationToken.IsCancellationRequested && !_closing.IsCancellationRequested)
        {
            attempt.Probe.Released();
            return FallBackMeanwhile(call);
        }
        catch
        {
            attempt.Probe.Released();
            throw;
        }
    }

    /// <summary>Sees an attempt to its end that nobody waits for: its socket becomes the spare, or is closed.</summary>
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
        catch (Exception error)
        {
            LogBackgroundFailed(error);
            var told = error as TransportException;
            attempt.Probe.Failed(told is null ? "the socket could not be opened" : SocketFailure.Reason(told), told?.Clock);
            return;
        }

        if (breaker.Offer(attempt.Probe, socket))
        {
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
            await Task.WhenAny(attempt.Probe.Adopted, socket.Ended, Task.Delay(SocketBreaker.SpareLifetime, clock, waiting.Token)).ConfigureAwait(false);
            await waiting.CancelAsync().ConfigureAwait(false);
        }

        if (breaker.Withdraw(attempt.Probe))
        {
            await socket.DisposeAsync().ConfigureAwait(false);
        }
    }

    private HttpTransport FallBackMeanwhile(Call call)
    {
        var state = breaker.State;
        return FallBack(call, $"sockets to the upstream were turned off meanwhile{(state.Reason is { } reason ? ": " + reason : "")}", state.Clock);
    }

    private HttpTransport FallBack(Call call, string reason, UpstreamTimeout? fired)
    {
        LogFellBack(reason);
        call.Report(new ConnectNotice.FellBack(TransportKind.WebSocket, TransportKind.Http, reason, fired));
        return OpenHttp(call, () => breaker.Admits);
    }

    private HttpTransport OpenHttp(Call call, Func<bool> shouldRotate)
    {
        call.Report(new ConnectNotice.Connecting(TransportKind.Http, call.Shown(TransportKind.Http)));
        var transport = new HttpTransport(call.Endpoint, call.Options, http, clock, shouldRotate, loggers.CreateLogger<HttpTransport>());
        TellConnected(call, TransportKind.Http, TimeSpan.Zero);
        return transport;
    }

    private WebSocketTransport NewSocket(Call call, SocketProbe? probe)
    {
        // Sockets opened together must not all reach their age together.
        var age = call.Options.MaxConnectionAge * (0.96 + (0.08 * random.NextDouble()));
        return new WebSocketTransport(call.Endpoint, call.Options, http, clock, age, probe, steering, loggers.CreateLogger<WebSocketTransport>());
    }

    private void TellIfQueued(Call call, Task turn)
    {
        if (!turn.IsCompleted && gate.IsCrowded && gate.Waiting is > 0 and var waiting)
        {
            call.Report(new ConnectNotice.Queued(waiting - 1));
        }
    }

    private void TellConnected(Call call, TransportKind kind, TimeSpan elapsed)
    {
        var shown = call.Shown(kind);
        LogConnected(shown, kind, elapsed);
        call.Report(new ConnectNotice.Connected(kind, elapsed));
    }

    private sealed record Call(
        UpstreamEndpoint Endpoint, UpstreamOptions Options, ConnectPurpose Purpose, Action<ConnectNotice> Report, CancellationToken CancellationToken)
    {
        public Uri Shown(TransportKind kind) => UpstreamHttp.Shown(UpstreamHttp.EndpointOf(Endpoint.BaseUrl, kind));

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
    private partial void LogBackgroundFailed(Exception error);
}
