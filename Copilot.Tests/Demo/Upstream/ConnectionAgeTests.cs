using System.Text.Json.Nodes;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;
using static Copilot.Tests.Demo.Upstream.EventReading;

namespace Copilot.Tests.Demo.Upstream;

/// <summary>The age limit of a connection (protocol §1), reached in mid-response and while nothing is asked.</summary>
public sealed class ConnectionAgeTests
{
    private readonly ManualClock _clock = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Age_ReachedWhileIdle_LimitIsSentUnrequested(bool closes)
    {
        await using var host = await StartAsync(closes);
        using var socket = await DemoSocket.ConnectAsync(host);
        Assert.Equal("response.completed", (await socket.AskAsync(Request("Hello")))[^1].Type());
        await _clock.WhenTimersArmedAsync(1);

        _clock.Advance(TimeSpan.FromMinutes(60));

        await ExpectTheEndAsync(socket, closes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Age_ReachedInMidResponse_StopsIt(bool closes)
    {
        await using var host = await StartAsync(closes);
        using var socket = await DemoSocket.ConnectAsync(host);
        var request = Request("go");
        request["type"] = "response.create";
        request["stream_id"] = "main";
        request["metadata"] = new JsonObject { ["demo.thinking_ms"] = "3600000", ["demo.answer_tokens"] = "1" };
        await _clock.WhenTimersArmedAsync(1);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await socket.SendAsync(request);
        Assert.Equal("response.created", (await socket.ReadAsync())!.Value.Type());
        Assert.Equal("response.in_progress", (await socket.ReadAsync())!.Value.Type());
        await _clock.WhenTimersArmedAsync(2);

        _clock.Advance(TimeSpan.FromMinutes(59));

        await ExpectTheEndAsync(socket, closes);
    }

    private static async Task ExpectTheEndAsync(DemoSocket socket, bool closes)
    {
        var limit = (await socket.ReadAsync())!.Value;
        Assert.Equal("websocket_connection_limit_reached", limit.GetProperty("error").Text("code"));
        Assert.False(limit.TryGetProperty("stream_id", out _));
        if (closes)
        {
            Assert.Null(await socket.ReadAsync());
            Assert.Equal(1000, (int)socket.Socket.CloseStatus!.Value);
        }
        else
        {
            Assert.Equal("websocket_connection_limit_reached", (await socket.AskAsync(Request("Hello"))).Error().Text("code"));
        }
    }

    private Task<DemoUpstreamHost> StartAsync(bool closes) => DemoUpstreamHost.StartAsync(
        _clock,
        tokensPerSecond: 0,
        options =>
        {
            options.MaxConnectionAge = TimeSpan.FromMinutes(60);
            options.ClosesAtMaxAge = closes;
        });
}
