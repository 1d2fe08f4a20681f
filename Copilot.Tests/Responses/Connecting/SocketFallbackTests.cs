using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Connecting;
using Copilot.Domain.Responses.Events;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Responses.Connecting;

/// <summary><c>Auto</c>: what happens when sockets fail. Real sockets, a manual clock.</summary>
public sealed class SocketFallbackTests : SocketFallbackScene
{
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
}
