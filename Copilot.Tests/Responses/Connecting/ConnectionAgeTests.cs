using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Transports;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Responses.Connecting;

/// <summary>A socket that grows old, or that the upstream finds old, is replaced between two responses.</summary>
public sealed class ConnectionAgeTests() : SocketLegScene(options =>
{
    // With a stopped clock, any pace would block.
    options.MaxConnectsPerSecond = int.MaxValue;
})
{
    [Fact]
    public async Task ShouldRotate_ByAge_IsTrueAround55Minutes()
    {
        await using var transport = await ConnectAsync();
        var socket = await _upstream.NextSocketAsync();
        _clock.Advance(TimeSpan.FromMinutes(55 * 0.96) - TimeSpan.FromTicks(1));
        Assert.False(transport.ShouldRotate);
        _clock.Advance(TimeSpan.FromMinutes(55 * 0.08) + TimeSpan.FromTicks(1));
        Assert.True(transport.ShouldRotate);

        // It is asked between responses only; the socket itself still works.
        var reading = UpstreamLeg.CollectAsync(transport, "hello");
        await socket.ReceiveAsync();
        await socket.SendAsync(ShortFrames.Completed("resp_1"));
        Assert.Single(await reading);
    }

    [Fact]
    public async Task ShouldRotate_SocketsOpenedTogether_DoNotAgeTogether()
    {
        var transports = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ConnectAsync()));
        var ages = new HashSet<int>();
        for (var second = 0; second < 60 * 60; second += 10)
        {
            ages.Add(transports.Count(transport => transport.ShouldRotate));
            _clock.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.True(ages.Count > 3, $"They aged in {ages.Count} steps.");
        Assert.Contains(8, ages);
        foreach (var transport in transports)
        {
            await transport.DisposeAsync();
        }
    }

    [Fact]
    public async Task ShouldRotate_LimitReachedInFlight_EndsTheResponseAndAsksForANewSocket()
    {
        await using var transport = await ConnectAsync();
        var socket = await _upstream.NextSocketAsync();
        var reading = UpstreamLeg.CollectAsync(transport, "hello");
        await socket.ReceiveAsync();
        Assert.False(transport.ShouldRotate);
        await socket.SendAsync(ShortFrames.TooOld);
        Assert.Equal("websocket_connection_limit_reached", Assert.IsType<ResponseErrorEvent>(Assert.Single(await reading)).Error.Code);
        Assert.True(transport.ShouldRotate);
        await transport.DisposeAsync();
        Assert.Equal(1000, await socket.ClosedByClient);
    }

    [Fact]
    public async Task Ended_LimitReachedBetweenTwoResponses_EndsCleanly()
    {
        await using var transport = await ConnectAsync();
        var socket = await _upstream.NextSocketAsync();
        var reading = UpstreamLeg.CollectAsync(transport, "hello");
        await socket.ReceiveAsync();
        await socket.SendAsync(ShortFrames.Completed("resp_1"));
        Assert.Single(await reading);
        await socket.SendAsync(ShortFrames.TooOld);
        Assert.Equal(TransportEndReason.ClosedByPeer, (await transport.Ended.Soon("the aged socket's end")).Reason);
        Assert.Equal(1000, await socket.ClosedByClient);
    }
}
