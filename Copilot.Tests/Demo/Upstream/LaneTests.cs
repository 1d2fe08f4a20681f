using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Tests.Shared;
using static Copilot.Tests.Demo.Upstream.EventReading;

namespace Copilot.Tests.Demo.Upstream;

/// <summary>Several responses on one socket (protocol §1), on a clock that only the test moves.</summary>
public sealed class LaneTests : DemoClockScene
{
    [Fact]
    public async Task Lanes_OfDifferentNames_RunBesideEachOther()
    {
        await SendAsync("slow", thinking: 1000);
        await _clock.WhenTimersArmedAsync(1);
        await SendAsync("quick", thinking: 0);
        var quick = await ReadUntilAsync("response.completed");
        _clock.Advance(TimeSpan.FromSeconds(1));
        var slow = await ReadUntilAsync("response.completed");

        Assert.Equal("quick", quick.Text("stream_id"));
        Assert.Equal("slow", slow.Text("stream_id"));
    }

    [Fact]
    public async Task Lane_OfOneName_IsFirstInFirstOut()
    {
        await SendAsync("main", thinking: 1000, answer: 3);
        await SendAsync("main", thinking: 0, answer: 1);
        await _clock.WhenTimersArmedAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var first = await _socket.ReadResponseAsync();
        var second = await _socket.ReadResponseAsync();

        Assert.Equal(3, first.Count(item => item.Type() == "response.output_text.delta"));
        Assert.Equal(1, second.Count(item => item.Type() == "response.output_text.delta"));
    }

    [Fact]
    public async Task Responses_BeyondSixteen_WaitWithoutAWord()
    {
        for (var lane = 0; lane < 17; lane++)
        {
            await SendAsync($"lane-{lane}", thinking: 1000);
        }

        // Sixteen think; the seventeenth has not even begun.
        await _clock.WhenTimersArmedAsync(16);
        var begun = new HashSet<string>();
        for (var read = 0; read < 32; read++)
        {
            begun.Add((await _socket.ReadAsync())!.Value.Text("stream_id"));
        }

        Assert.Equal(16, begun.Count);
        var next = _socket.ReadAsync();
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _clock.WhenTimersArmedAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var seen = new List<JsonElement> { (await next)!.Value };
        while (seen.Count(item => item.Type() == "response.completed") < 17)
        {
            seen.Add((await _socket.ReadAsync())!.Value);
        }

        var late = seen.Select(item => item.Text("stream_id")).Distinct().Except(begun).Single();
        Assert.True(seen.FindIndex(item => item.Text("stream_id") == late) > seen.FindIndex(item => item.Type() == "response.completed"));
    }

    [Fact]
    public async Task Names_BeyondThirtyTwo_AreRefusedAndTheOldOnesStillGo()
    {
        for (var lane = 0; lane < 32; lane++)
        {
            await SendAsync($"lane-{lane}", thinking: 0);
            Assert.Equal("response.completed", (await _socket.ReadResponseAsync())[^1].Type());
        }

        await SendAsync("one-too-many", thinking: 0);
        var refused = (await _socket.ReadResponseAsync()).Single();
        Assert.Equal("websocket_stream_limit_reached", refused.GetProperty("error").Text("code"));
        Assert.Equal("one-too-many", refused.Text("stream_id"));
        await SendAsync("lane-7", thinking: 0);
        Assert.Equal("response.completed", (await _socket.ReadResponseAsync())[^1].Type());
        await SendAsync(null, thinking: 0);
        Assert.Equal("response.completed", (await _socket.ReadResponseAsync())[^1].Type());
    }

    [Fact]
    public async Task Fork_Fails_ParentStaysWhereTheOwnLaneLosesIt()
    {
        await SendAsync("source", thinking: 0);
        var parent = (await _socket.ReadResponseAsync()).Id();

        Assert.Equal("error", (await ContinueAsync("fork", parent, broken: true))[^1].Type());
        Assert.Equal("response.completed", (await ContinueAsync("fork", parent, broken: false))[^1].Type());
        Assert.Equal("error", (await ContinueAsync("source", parent, broken: true))[^1].Type());
        Assert.Equal(
            "previous_response_not_found", (await ContinueAsync("source", parent, broken: false)).Error().Text("code"));
    }

    [Fact]
    public async Task Fork_AfterItsSourceWentOn_IsNotFound()
    {
        await SendAsync("source", thinking: 0);
        var parent = (await _socket.ReadResponseAsync()).Id();
        Assert.Equal("response.completed", (await ContinueAsync("source", parent, broken: false))[^1].Type());

        Assert.Equal("previous_response_not_found", (await ContinueAsync("fork", parent, broken: false)).Error().Text("code"));
    }

    private Task<IReadOnlyList<JsonElement>> ContinueAsync(string streamId, string parent, bool broken)
    {
        var request = broken ? Request(parent, Output("call_none", "x")) : Request(parent, User("go on"));
        request["stream_id"] = streamId;
        request["store"] = false;
        return _socket.AskAsync(request);
    }

    private Task SendAsync(string? streamId, int thinking) => SendAsync(streamId, thinking, answer: 2);

    private async Task SendAsync(string? streamId, int thinking, int answer)
    {
        var request = Request("go");
        request["type"] = "response.create";
        request["store"] = false;
        request["metadata"] = new JsonObject
        {
            ["demo.thinking_ms"] = $"{thinking}",
            ["demo.answer_tokens"] = $"{answer}",
        };
        if (streamId is not null)
        {
            request["stream_id"] = streamId;
        }

        await _socket.SendAsync(request);
    }

    private async Task<JsonElement> ReadUntilAsync(string type)
    {
        while (true)
        {
            var next = (await _socket.ReadAsync())!.Value;
            if (next.Type() == type)
            {
                return next;
            }
        }
    }
}
