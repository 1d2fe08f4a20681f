using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Connecting;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Transports;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;
using Microsoft.AspNetCore.Http;

namespace Copilot.Tests.Responses.Connecting;

/// <summary><c>Auto</c>: what happens when sockets fail, and how they recover. Real sockets, a manual clock.</summary>
public sealed class SocketFallbackTests : IAsyncLifetime
{
    private static readonly TimeSpan s_headStart = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_cooldown = TimeSpan.FromSeconds(30);

    private readonly ManualClock _clock = new();
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ScriptedUpstream _upstream = null!;
    private UpstreamLeg _leg = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        Use(_ => { });
    }

    public async ValueTask DisposeAsync()
    {
        _release.TrySetResult();
        await _leg.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Connect_UpgradeUnanswered_HttpIsUsedAfterTheHeadStartAndTheConnectContinues()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _upstream.OnUpgrade = context =>
        {
            asked.TrySetResult();
            return ScriptedUpstream.Hang(context);
        };
        var connecting = ConnectAsync();
        await asked.Task.Soon("the upgrade is asked for");
        await _clock.WhenTimersArmedAsync(2);
        Assert.False(connecting.IsCompleted);
        _clock.Advance(s_headStart);
        await using var transport = await connecting.Soon("HTTP takes the request");
        Assert.Equal(TransportKind.Http, transport.Kind);
        Assert.Equal(
            [typeof(ConnectNotice.Connecting), typeof(ConnectNotice.FellBack), typeof(ConnectNotice.Connecting), typeof(ConnectNotice.Connected)],
            _leg.Notices.Select(notice => notice.GetType()));
        Assert.Equal(
            new ConnectNotice.FellBack(TransportKind.WebSocket, TransportKind.Http, "the socket did not open within 1.5 s", UpstreamTimeout.HeadStart),
            _leg.Notices[1]);
        Assert.Equal(SocketCircuit.HalfOpen, _leg.Breaker.State.State);
        Assert.Equal(UpstreamTimeout.HeadStart, _leg.Breaker.State.Timeout);

        // Other runs do not pay for it again.
        await using var other = await ConnectAsync().Soon("another run connects");
        Assert.Equal(TransportKind.Http, other.Kind);
        Assert.False(transport.ShouldRotate);
        Assert.False(other.ShouldRotate);

        await _clock.WhenTimersArmedAsync(1);
        var half = _leg.Breaker.State;
        _clock.Advance(s_connectTimeout);
        var open = await _leg.Breaker.WhenChangedAsync(half, CancellationToken.None).Soon("the connect's own clock");
        Assert.Equal(SocketCircuit.Open, open.State);
        Assert.Equal(UpstreamTimeout.Connect, open.Timeout);
        Assert.Equal(_clock.GetUtcNow() + s_cooldown, open.NextProbeAt);
        Assert.Equal(1, _upstream.Upgrades);
    }

    [Fact]
    public async Task Connect_SlowSocket_IsUsedByTheNextResponseOfTheRun()
    {
        HoldUpgrades();
        var connecting = ConnectAsync();
        await _clock.WhenTimersArmedAsync(2);
        _clock.Advance(s_headStart);
        await using var http = await connecting.Soon("HTTP takes the request");
        Assert.False(http.ShouldRotate);
        var late = _leg.Breaker.State;
        _release.SetResult();
        Assert.True((await _leg.Breaker.WhenChangedAsync(late, CancellationToken.None).Soon("the slow socket opens")).SpareReady);

        Assert.True(http.ShouldRotate);
        await using var early = await _leg.ConnectAsync(ConnectPurpose.WarmUp, CancellationToken.None).Soon("a warm-up");
        Assert.Equal(TransportKind.Http, early.Kind);
        await using var adopted = await ConnectAsync().Soon("the run takes it");
        Assert.Equal(TransportKind.WebSocket, adopted.Kind);
        Assert.False(http.ShouldRotate);
        await AnswerAsync(adopted, await _upstream.NextSocketAsync());
        Assert.Equal(SocketCircuit.Closed, _leg.Breaker.State.State);
        Assert.Equal(1, _upstream.Upgrades);
    }

    [Theory]
    [InlineData(426)]
    [InlineData(403)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(200)]
    [InlineData(302)]
    [InlineData(0)]
    public async Task Connect_Refused_HttpAtOnceAndForAllRuns(int status)
    {
        _upstream.OnUpgrade = status == 0 ? ScriptedUpstream.Cut : ScriptedUpstream.Refuse(status, "<html>no</html>", ("Location", "/elsewhere"));
        await using var first = await ConnectAsync().Soon("the refusal");
        await using var second = await ConnectAsync().Soon("another run");
        Assert.Equal(TransportKind.Http, first.Kind);
        Assert.Equal(TransportKind.Http, second.Kind);
        Assert.Equal(1, _upstream.Upgrades);
        var state = _leg.Breaker.State;
        Assert.Equal(SocketCircuit.Open, state.State);
        Assert.Null(state.Timeout);
        var said = Assert.IsType<ConnectNotice.FellBack>(_leg.Notices[^3]);
        Assert.Equal($"sockets to the upstream are off for now: {state.Reason}", said.Reason);
        Assert.Contains(status == 0 ? "opened" : $"{status}", state.Reason, StringComparison.Ordinal);
        Assert.Equal(0, _clock.ArmedTimers);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(429)]
    public async Task Connect_RefusedOnEveryTransport_ThrowsAndSocketsStayEnabled(int status)
    {
        _upstream.OnUpgrade = ScriptedUpstream.Refuse(status, "no", ("Retry-After", "17"));
        var error = await Assert.ThrowsAsync<TransportException>(() => ConnectAsync().Soon("the refusal"));
        Assert.Equal(TransportFailure.Refused, error.Failure);
        Assert.Equal(status, error.HttpStatus);
        Assert.Equal(TimeSpan.FromSeconds(17), error.RetryAfter);
        Assert.IsType<ConnectNotice.Connecting>(Assert.Single(_leg.Notices));
        Assert.Equal(SocketCircuit.Closed, _leg.Breaker.State.State);
        Assert.Equal(1, _upstream.Upgrades);
        Assert.Equal(1, _upstream.Requests);
    }

    [Theory]
    [InlineData(1008)]
    [InlineData(1000)]
    public async Task CreateResponse_AcceptedAndClosedAtOnce_TurnsSocketsOff(int code)
    {
        await using var transport = await ConnectAsync().Soon("the socket opens");
        var reading = UpstreamLeg.CollectAsync(transport, "hello");
        await (await _upstream.NextSocketAsync()).CloseAsync(code, null);
        var error = await Assert.ThrowsAsync<TransportException>(() => reading);
        Assert.Equal(TransportFailure.Lost, error.Failure);
        Assert.Equal(code, error.CloseCode);
        Assert.True(error.NeverDelivered);
        Assert.Equal(SocketCircuit.Open, _leg.Breaker.State.State);
        Assert.Equal($"the socket was accepted and then closed with code {code}", _leg.Breaker.State.Reason);
        await using var next = await ConnectAsync().Soon("the next connect");
        Assert.Equal(TransportKind.Http, next.Kind);
    }

    [Fact]
    public async Task CreateResponse_LostBeforeTheFirstEventTwice_DisablesSockets()
    {
        for (var i = 1; i <= 2; i++)
        {
            Assert.Equal(SocketCircuit.Closed, _leg.Breaker.State.State);
            await using var transport = await ConnectAsync().Soon("the socket opens");
            var reading = UpstreamLeg.CollectAsync(transport, "hello");
            var socket = await _upstream.NextSocketAsync();
            await socket.ReceiveAsync();
            socket.Cut();
            var error = await Assert.ThrowsAsync<TransportException>(() => reading);
            Assert.Equal(TransportFailure.Lost, error.Failure);
            Assert.True(error.NeverDelivered);
        }

        Assert.Equal(SocketCircuit.Open, _leg.Breaker.State.State);
        Assert.Equal("the socket was accepted and then cut", _leg.Breaker.State.Reason);
    }

    [Fact]
    public async Task CreateResponse_LostAfterTheFirstEvent_SocketsStayEnabled()
    {
        for (var i = 1; i <= 3; i++)
        {
            await using var transport = await ConnectAsync().Soon("the socket opens");
            var reading = UpstreamLeg.CollectAsync(transport, "hello");
            var socket = await _upstream.NextSocketAsync();
            await socket.ReceiveAsync();
            await socket.SendAsync(ShortFrames.Created("resp_1"));
            await socket.CloseAsync(1012, "restart");
            var error = await Assert.ThrowsAsync<TransportException>(() => reading);
            Assert.Equal(1012, error.CloseCode);
            Assert.False(error.NeverDelivered);
        }

        Assert.Equal(SocketCircuit.Closed, _leg.Breaker.State.State);
    }

    [Fact]
    public async Task CreateResponse_AcceptedWithoutEvents_FirstEventTimeoutDisablesSockets()
    {
        await using var transport = await ConnectAsync().Soon("the socket opens");
        var socket = await _upstream.NextSocketAsync();
        var reading = UpstreamLeg.CollectAsync(transport, "hello");
        await socket.ReceiveAsync();
        await _clock.WhenTimersArmedAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(10));
        var error = await Assert.ThrowsAsync<TransportException>(() => reading);
        Assert.Equal(TransportFailure.FirstEventTimeout, error.Failure);
        Assert.Equal(UpstreamTimeout.FirstEvent, error.Timeout!.Value);
        Assert.True(error.NeverDelivered);
        Assert.True(error.MayHaveBeenSent);
        Assert.Equal(SocketCircuit.Open, _leg.Breaker.State.State);
        Assert.Equal(UpstreamTimeout.FirstEvent, _leg.Breaker.State.Timeout);
    }

    [Fact]
    public async Task CreateResponse_LargeRequest_GetsTheTimeOfASlowUplink()
    {
        await using var transport = await ConnectAsync().Soon("the socket opens");
        var socket = await _upstream.NextSocketAsync();
        var reading = UpstreamLeg.CollectAsync(transport, new string('x', 5 * 128 * 1024));
        await socket.ReceiveAsync();
        await _clock.WhenTimersArmedAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(14.9));
        Assert.Equal(1, _clock.ArmedTimers);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        var error = await Assert.ThrowsAsync<TransportException>(() => reading);
        Assert.Equal("The upstream sent nothing within 15 s of the request.", error.Message);
    }

    [Fact]
    public async Task CreateResponse_SilentAfterTheFirstEvent_IsLeftAlone()
    {
        await using var transport = await ConnectAsync().Soon("the socket opens");
        var socket = await _upstream.NextSocketAsync();
        var reader = transport.CreateResponseAsync(UpstreamLeg.Request(transport, "hello"), CancellationToken.None).GetAsyncEnumerator();
        var next = reader.MoveNextAsync().AsTask();
        await socket.ReceiveAsync();
        await socket.SendAsync("""{"type":"keepalive"}""");
        Assert.True(await next.Soon("an event of an unknown type"));
        next = reader.MoveNextAsync().AsTask();
        Assert.Equal(0, _clock.ArmedTimers);
        _clock.Advance(TimeSpan.FromMinutes(30));
        await socket.SendAsync(ShortFrames.Completed("resp_1"));
        Assert.True(await next.Soon("the late answer"));
        await reader.DisposeAsync();
    }

    [Fact]
    public async Task Connect_AfterTheCooldown_OneRunProbesInTheBackgroundAndTheFirstEventHeals()
    {
        await using var http = await TripAsync();
        Assert.False(http.ShouldRotate);
        HoldUpgrades();
        _clock.Advance(s_cooldown);
        Assert.True(http.ShouldRotate);

        // HTTP serves both at once; the first one's socket is tried meanwhile.
        await using var probing = await ConnectAsync().Soon("the probing run");
        await using var other = await ConnectAsync().Soon("another run");
        Assert.Equal(TransportKind.Http, probing.Kind);
        Assert.Equal(TransportKind.Http, other.Kind);
        Assert.False(probing.ShouldRotate);
        await _clock.WhenTimersArmedAsync(1);
        var trying = _leg.Breaker.State;
        Assert.Equal(SocketCircuit.HalfOpen, trying.State);
        _release.SetResult();
        await _leg.Breaker.WhenChangedAsync(trying, CancellationToken.None).Soon("the probe opens");
        Assert.True(probing.ShouldRotate);

        await using var adopted = await ConnectAsync().Soon("a run takes the socket");
        await using var last = await ConnectAsync().Soon("another run");
        Assert.Equal(TransportKind.WebSocket, adopted.Kind);
        Assert.Equal(TransportKind.Http, last.Kind);
        Assert.False(probing.ShouldRotate);
        await AnswerAsync(adopted, await _upstream.NextSocketAsync());
        Assert.Equal(SocketCircuit.Closed, _leg.Breaker.State.State);
        Assert.Equal(2, _upstream.Upgrades);
        Assert.True(last.ShouldRotate);
    }

    [Fact]
    public async Task Connect_ProbeRefused_WaitsTwiceAsLong()
    {
        await using var first = await TripAsync();
        _clock.Advance(s_cooldown);
        var open = _leg.Breaker.State;
        await using var probing = await ConnectAsync().Soon("the probing run");
        var state = await _leg.Breaker.WhenChangedAsync(open, CancellationToken.None).Soon("the probe begins");
        if (state.State == SocketCircuit.HalfOpen)
        {
            state = await _leg.Breaker.WhenChangedAsync(state, CancellationToken.None).Soon("the probe is refused");
        }

        Assert.Equal(SocketCircuit.Open, state.State);
        Assert.Equal(_clock.GetUtcNow() + (2 * s_cooldown), state.NextProbeAt);
        Assert.Equal(open.Since, state.Since);
        Assert.Equal(TransportKind.Http, probing.Kind);
        Assert.Equal(2, _upstream.Upgrades);
    }

    [Fact]
    public async Task Connect_UnusedSpare_IsClosedCleanly()
    {
        await using var first = await TripAsync();
        _upstream.OnUpgrade = null;
        _clock.Advance(s_cooldown);
        await using var probing = await ConnectAsync().Soon("the probing run");
        var socket = await _upstream.NextSocketAsync();
        var ready = _leg.Breaker.State;
        while (!ready.SpareReady)
        {
            ready = await _leg.Breaker.WhenChangedAsync(ready, CancellationToken.None).Soon("the probe opens");
        }

        await _clock.WhenTimersArmedAsync(1);
        _clock.Advance(SocketBreaker.SpareLifetime);
        Assert.Equal(1000, await socket.ClosedByClient);
        Assert.Equal(SocketCircuit.Open, (await _leg.Breaker.WhenChangedAsync(ready, CancellationToken.None).Soon("the spare is given up")).State);
        Assert.True(probing.ShouldRotate);
    }

    [Fact]
    public async Task Connect_CancelledWhileTheSocketHangs_EndsTheAttempt()
    {
        _upstream.OnUpgrade = ScriptedUpstream.Hang;
        using var cancel = new CancellationTokenSource();
        var connecting = _leg.ConnectAsync(cancel.Token);
        await _clock.WhenTimersArmedAsync(2);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.Soon("the cancelled connect"));
        await _clock.WhenTimersArmedAsync(0);
        Assert.Equal(SocketCircuit.Closed, _leg.Breaker.State.State);
        Assert.Equal(0, _leg.Gate.Waiting);
    }

    [Fact]
    public async Task Connect_QueuedWhenSocketsFail_UsesHttpWithoutAConnect()
    {
        await _leg.DisposeAsync();
        Use(options => options.MaxConcurrentConnects = 1);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _upstream.OnUpgrade = context =>
        {
            asked.TrySetResult();
            return ScriptedUpstream.Hang(context);
        };
        var first = ConnectAsync();
        await asked.Task.Soon("the upgrade is asked for");
        await _clock.WhenTimersArmedAsync(2);
        var queued = new List<ConnectNotice>();
        var second = _leg.Connector.ConnectAsync(ConnectPurpose.Run, queued.Add, CancellationToken.None);
        Assert.Equal(new ConnectNotice.Queued(0), queued[^1]);
        _clock.Advance(s_headStart);
        await using var one = await first.Soon("HTTP for the first");
        await using var two = await second.Soon("HTTP for the queued one");
        Assert.Equal(TransportKind.Http, one.Kind);
        Assert.Equal(TransportKind.Http, two.Kind);
        Assert.Equal(1, _upstream.Upgrades);
        Assert.Equal(0, _leg.Gate.Waiting);
        Assert.StartsWith("sockets to the upstream were turned off meanwhile", Assert.IsType<ConnectNotice.FellBack>(queued[2]).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_ManySocketsLostAtOnce_ReconnectAtTheConfiguredRate()
    {
        const int runs = 25;
        const int pace = 10;
        await _leg.DisposeAsync();
        Use(options => options.MaxConnectsPerSecond = pace);
        var connecting = Enumerable.Range(0, runs).Select(_ => _leg.Connector.ConnectAsync(ConnectPurpose.Run, _ => { }, CancellationToken.None)).ToArray();
        for (var begun = 1; begun < runs; begun++)
        {
            await connecting[begun - 1].Soon($"connect {begun}");
            Assert.Equal(begun, _upstream.Upgrades);
            Assert.Equal(runs - begun, _leg.Gate.Waiting);
            _clock.Advance(TimeSpan.FromSeconds(1) / pace);
        }

        foreach (var transport in await Task.WhenAll(connecting).Soon("all are back"))
        {
            Assert.Equal(TransportKind.WebSocket, transport.Kind);
            await transport.DisposeAsync();
        }
    }

    [Fact]
    public async Task Connect_WarmUp_WaitsLongerThanTheHeadStart()
    {
        HoldUpgrades();
        var connecting = _leg.ConnectAsync(ConnectPurpose.WarmUp, CancellationToken.None);
        await _clock.WhenTimersArmedAsync(1);
        _clock.Advance(s_headStart * 2);
        Assert.False(connecting.IsCompleted);
        _release.SetResult();
        await using var transport = await connecting.Soon("the warm socket");
        Assert.Equal(TransportKind.WebSocket, transport.Kind);
    }

    [Theory]
    [InlineData(ConnectPurpose.HttpForRequest, true)]
    [InlineData(ConnectPurpose.HttpForRun, false)]
    public async Task Connect_HttpAskedFor_KnowsForHowLong(ConnectPurpose purpose, bool rotates)
    {
        await using var transport = await _leg.ConnectAsync(purpose, CancellationToken.None);
        Assert.Equal(TransportKind.Http, transport.Kind);
        Assert.Equal(rotates, transport.ShouldRotate);
        Assert.Equal(0, _upstream.Requests);
    }

    [Fact]
    public async Task Dispose_WithAHangingAttemptAndNoReader_Ends()
    {
        _upstream.OnUpgrade = ScriptedUpstream.Hang;
        var connecting = ConnectAsync();
        await _clock.WhenTimersArmedAsync(2);
        _clock.Advance(s_headStart);
        await using var http = await connecting.Soon("HTTP takes the request");
        await _leg.DisposeAsync().AsTask().Soon("the process stops");
        Assert.Equal(0, _clock.ArmedTimers);
    }

    private void Use(Action<UpstreamOptions> configure) => _leg = UpstreamLeg.To(
        _upstream.BaseUrl,
        options =>
        {
            options.ConnectTimeout = s_connectTimeout;
            options.FirstEventTimeout = TimeSpan.FromSeconds(10);
            configure(options);
        },
        _clock);

    private Task<IResponsesTransport> ConnectAsync() => _leg.ConnectAsync(CancellationToken.None);

    /// <summary>Upgrades wait for the release and are accepted then.</summary>
    private void HoldUpgrades() => _upstream.OnUpgrade = async context =>
    {
        var released = _release.Task.WaitAsync(context.RequestAborted);
        try
        {
            await released;
        }
        catch (OperationCanceledException)
        {
            return;
        }

        await _upstream.AcceptAsync(context);
    };

    private async Task<IResponsesTransport> TripAsync()
    {
        _upstream.OnUpgrade = ScriptedUpstream.Refuse(StatusCodes.Status403Forbidden, "no");
        return await ConnectAsync().Soon("the refusal");
    }

    private static async Task AnswerAsync(IResponsesTransport transport, ScriptedSocket socket)
    {
        var reading = UpstreamLeg.CollectAsync(transport, "hello");
        await socket.ReceiveAsync();
        await socket.SendAsync(ShortFrames.Created("resp_1"), ShortFrames.Completed("resp_1"));
        Assert.Equal(2, (await reading).Count);
    }
}
