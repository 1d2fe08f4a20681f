using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Connecting;
using Copilot.Domain.Responses.Transports;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;
using Microsoft.AspNetCore.Http;

namespace Copilot.Tests.Responses.Connecting;

/// <summary><c>Auto</c>: how sockets come back after they failed. Real sockets, a manual clock.</summary>
public sealed class SocketRecoveryTests : SocketFallbackScene
{
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
