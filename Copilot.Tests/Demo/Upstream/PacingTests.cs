using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Answering;
using Copilot.Tests.Shared.Upstream;
using static Copilot.Tests.Demo.Upstream.EventReading;

namespace Copilot.Tests.Demo.Upstream;

public sealed class PacingTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Close_InMidResponse_StopsGenerationBeforeItIsAnswered()
    {
        var clock = new StoppedClock();
        await using var host = await DemoUpstreamHost.StartAsync(clock, tokensPerSecond: 45);
        using var socket = await DemoSocket.ConnectAsync(host);
        var request = Request("Hello");
        request["type"] = "response.create";
        await socket.SendAsync(request);
        Assert.Equal("response.created", (await socket.ReadAsync())!.Value.Type());
        await clock.FirstDelay.WaitAsync(s_patience);

        await socket.Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        Assert.Equal("response.in_progress", (await socket.ReadAsync())!.Value.Type());

        Assert.Null(await socket.ReadAsync());
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.Socket.CloseStatus);
    }

    [Fact]
    public async Task HttpClient_ThatLeavesInMidResponse_StopsGeneration()
    {
        var clock = new StoppedClock();
        await using var host = await DemoUpstreamHost.StartAsync(clock, tokensPerSecond: 45);
        using var content = new StringContent("""{"model":"demo","input":"Hello","stream":true}""", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{host.BaseAddress}/responses") { Content = content };
        request.Headers.Authorization = new("Bearer", DemoUpstreamHost.Key);

        // A client that leaves at once, instead of waiting a while for the rest.
        using var client = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 });
        using (await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            await clock.FirstDelay.WaitAsync(s_patience);
        }

        await clock.NoDelays.WaitAsync(s_patience);

        Assert.Equal(0, clock.Delays);
    }

    [Fact]
    public async Task Script_WithThinkingTime_PausesExactlyThatLongAtAnyPace()
    {
        var clock = new StoppedClock();
        await using var host = await DemoUpstreamHost.StartAsync(clock, tokensPerSecond: 0);
        using var socket = await DemoSocket.ConnectAsync(host);
        var request = Request("Hello");
        request["type"] = "response.create";
        request["metadata"] = new JsonObject { ["demo.thinking_ms"] = "1500" };
        await socket.SendAsync(request);
        await clock.FirstDelay.WaitAsync(s_patience);

        Assert.Equal(TimeSpan.FromMilliseconds(1500), clock.LastDelay);
    }

    [Fact]
    public async Task Pacer_WithARate_SpacesTheTokensEvenly()
    {
        var clock = new StoppedClock();
        var pacer = new TokenPacer(clock, tokensPerSecond: 20);
        using var stop = new CancellationTokenSource();

        var first = pacer.NextTokenAsync(stop.Token).AsTask();
        Assert.False(first.IsCompleted);
        Assert.Equal(TimeSpan.FromMilliseconds(50), clock.LastDelay);
        Assert.Equal(1, clock.Delays);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        Assert.Equal(0, clock.Delays);
    }

    [Fact]
    public async Task Pacer_WithoutARate_NeverWaits()
    {
        var clock = new StoppedClock();
        var pacer = new TokenPacer(clock, tokensPerSecond: 0);

        await pacer.NextTokenAsync(CancellationToken.None);
        await pacer.ThinkAsync(1000, CancellationToken.None);

        Assert.False(clock.FirstDelay.IsCompleted);
    }
}
