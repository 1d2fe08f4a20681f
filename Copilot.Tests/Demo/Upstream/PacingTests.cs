using Copilot.Tests.Shared.Clock;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Answering;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Upstream;
using static Copilot.Tests.Demo.Upstream.EventReading;

namespace Copilot.Tests.Demo.Upstream;

public sealed class PacingTests
{
    private static readonly TimeSpan s_patience = Waiting.Limit;

    [Fact]
    public async Task Close_InMidResponse_StopsGenerationBeforeItIsAnswered()
    {
        var clock = new ManualClock();
        await using var host = await DemoUpstreamHost.StartAsync(clock, tokensPerSecond: 45);
        using var socket = await DemoSocket.ConnectAsync(host);
        var request = Request("Hello");
        request["type"] = "response.create";
        await socket.SendAsync(request);
        Assert.Equal("response.created", (await socket.ReadAsync())!.Value.Type());
        await clock.WhenTimersArmedAsync(1);

        await socket.Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        Assert.Equal("response.in_progress", (await socket.ReadAsync())!.Value.Type());

        Assert.Null(await socket.ReadAsync());
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.Socket.CloseStatus);
    }

    [Fact]
    public async Task HttpClient_ThatLeavesInMidResponse_StopsGeneration()
    {
        var clock = new ManualClock();
        await using var host = await DemoUpstreamHost.StartAsync(clock, tokensPerSecond: 45);
        using var content = new StringContent("""{"model":"demo","input":"Hello","stream":true}""", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{host.BaseAddress}/responses") { Content = content };
        request.Headers.Authorization = new("Bearer", DemoUpstreamHost.Key);

        // A client that leaves at once, instead of waiting a while for the rest.
        using var client = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 });
        using (await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            await clock.WhenTimersArmedAsync(1);
        }

        await clock.WhenTimersArmedAsync(0);
    }

    [Fact]
    public async Task Script_WithThinkingTime_PausesExactlyThatLongAtAnyPace()
    {
        var clock = new ManualClock();
        await using var host = await DemoUpstreamHost.StartAsync(clock, tokensPerSecond: 0);
        using var socket = await DemoSocket.ConnectAsync(host);
        var request = Request("Hello");
        request["type"] = "response.create";
        request["metadata"] = new JsonObject { ["demo.thinking_ms"] = "1500" };
        await socket.SendAsync(request);
        await clock.WhenTimersArmedAsync(1);

        clock.Advance(TimeSpan.FromMilliseconds(1499));
        Assert.Equal(1, clock.ArmedTimers);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, clock.ArmedTimers);
    }

    [Fact]
    public async Task Pacer_WithARate_SpacesTheTokensEvenly()
    {
        var clock = new ManualClock();
        var pacer = new TokenPacer(clock, tokensPerSecond: 20);
        using var stop = new CancellationTokenSource();

        var first = pacer.NextTokenAsync(stop.Token).AsTask();
        clock.Advance(TimeSpan.FromMilliseconds(49));
        Assert.False(first.IsCompleted);
        Assert.Equal(1, clock.ArmedTimers);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await first.WaitAsync(s_patience);

        var second = pacer.NextTokenAsync(stop.Token).AsTask();
        Assert.Equal(1, clock.ArmedTimers);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);

        Assert.Equal(0, clock.ArmedTimers);
    }

    [Fact]
    public async Task Pacer_WithoutARate_NeverWaits()
    {
        var clock = new ManualClock();
        var pacer = new TokenPacer(clock, tokensPerSecond: 0);

        await pacer.NextTokenAsync(CancellationToken.None);
        await pacer.ThinkAsync(1000, CancellationToken.None);

        Assert.Equal(0, clock.ArmedTimers);
    }
}
