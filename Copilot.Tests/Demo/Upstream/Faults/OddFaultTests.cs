using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;
using static Copilot.Tests.Demo.Upstream.EventReading;

namespace Copilot.Tests.Demo.Upstream.Faults;

/// <summary>Faults that bend the stream of events without ending it.</summary>
public sealed class OddFaultTests(DemoUpstreamFixture fixture) : ResponseFaultScene(fixture)
{
    [Theory]
    [InlineData("keepalive", 2)]
    [InlineData("codex.rate_limits", 1)]
    [InlineData("response.hologram.projected", 1)]
    public async Task Insert_OfAnEvent_StandsBetweenTheOthers(string type, int count)
    {
        var fault = type switch { "codex.rate_limits" => "rate_limits_event", "keepalive" => "keepalive", _ => "unknown_event" };
        await _socket.SendAsync(FaultyRequest.Of(fault, _key, ("demo.fault_at", "6")));
        var events = await _socket.ReadResponseAsync();

        Assert.Equal(Enumerable.Range(6, count), Enumerable.Range(0, events.Count).Where(index => events[index].Type() == type));
        Assert.Equal(16 + count, events.Count);
        Assert.Equal("response.completed", events[^1].Type());
    }

    [Fact]
    public async Task Insert_OfBadJson_IsATextThatCannotBeParsed()
    {
        await _socket.SendAsync(FaultyRequest.Of("bad_json", _key));
        var messages = await ReadMessagesAsync(count: 17);

        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(messages[3].Bytes));
        Assert.All(messages.Where((_, index) => index != 3), message => JsonDocument.Parse(message.Bytes).Dispose());
    }

    [Fact]
    public async Task Insert_OfABinaryMessage_StandsBetweenTheOthers()
    {
        await _socket.SendAsync(FaultyRequest.Of("binary", _key));
        var messages = await ReadMessagesAsync(count: 17);

        Assert.Equal(WebSocketMessageType.Binary, messages[3].Type);
        Assert.Equal(16, messages.Count(message => message.Type == WebSocketMessageType.Text));
    }

    [Fact]
    public async Task Done_FollowsTheTerminalEvent()
    {
        await _socket.SendAsync(FaultyRequest.Of("done_frame", _key));
        var messages = await ReadMessagesAsync(count: 17);

        Assert.Equal("[DONE]", Encoding.UTF8.GetString(messages[^1].Bytes));
    }

    [Fact]
    public async Task PingStorm_OnASocketThatReads_HarmsNothing()
    {
        await _socket.SendAsync(FaultyRequest.Of("ping_storm", _key));

        Assert.Equal(16, (await _socket.ReadResponseAsync()).Count);
    }

    [Fact]
    public async Task UnknownItem_ComesLastAndIsInTheOutput()
    {
        await _socket.SendAsync(FaultyRequest.Of("unknown_item", _key));
        var events = await _socket.ReadResponseAsync();

        Assert.Equal(18, events.Count);
        Assert.Equal(Enumerable.Range(0, 18), events.Select(item => item.GetProperty("sequence_number").GetInt32()));
        Assert.Equal("hologram_call", events[15].GetProperty("item").Type());
        Assert.Equal(["message", "hologram_call"], events.Response().GetProperty("output").EnumerateArray().Select(item => item.Type()));
    }

    [Fact]
    public async Task Sparse_HasNoScaffoldsAndNoOutputInTheEnd()
    {
        await _socket.SendAsync(FaultyRequest.Of("sparse", _key));
        var events = await _socket.ReadResponseAsync();

        Assert.Equal(
            ["response.created", .. Enumerable.Repeat("response.output_text.delta", 8), "response.output_item.done", "response.completed"],
            events.Select(item => item.Type()));
        Assert.False(events.Response().TryGetProperty("output", out _));
    }

    [Fact]
    public async Task Sequence_Repeated_SendsEveryEventTwiceWithItsNumber()
    {
        await _socket.SendAsync(FaultyRequest.Of("sequence_repeated", _key));
        var events = await _socket.ReadResponseAsync();

        Assert.Equal(
            [0, 1, 2, .. Enumerable.Range(3, 12).SelectMany(number => new[] { number, number }), 15],
            events.Select(item => item.GetProperty("sequence_number").GetInt32()));
    }

    [Fact]
    public async Task Sequence_Restarted_BeginsAgainAtZero()
    {
        await _socket.SendAsync(FaultyRequest.Of("sequence_restarts", _key));
        var events = await _socket.ReadResponseAsync();

        Assert.Equal(
            [0, 1, 2, .. Enumerable.Range(0, 13)],
            events.Select(item => item.GetProperty("sequence_number").GetInt32()));
    }

    [Fact]
    public async Task BigFrame_TenMebibytes_TextIsUnchanged()
    {
        await _socket.SendAsync(FaultyRequest.Of("big_frame", _key));
        var events = await _socket.ReadResponseAsync();

        Assert.Equal(10 * 1024 * 1024, events[5].Text("obfuscation").Length);
        Assert.Equal(
            events.Response().Answer(),
            string.Concat(events.Where(item => item.Type() == "response.output_text.delta").Select(item => item.Text("delta"))));
    }

    [Fact]
    public async Task SlowDrip_SendsEveryEventInFragments()
    {
        await _socket.SendAsync(FaultyRequest.Of("slow_drip", _key, ("demo.fault_seconds", "0"), ("demo.fault_at", "12")));
        var buffer = new byte[64 * 1024];
        var fragments = new List<int>();
        for (var message = 0; message < 16; message++)
        {
            WebSocketReceiveResult received;
            var count = 0;
            do
            {
                received = await _socket.Socket.ReceiveAsync(buffer, CancellationToken.None).Soon("a fragment");
                count++;
            }
            while (!received.EndOfMessage);

            fragments.Add(count);
        }

        Assert.All(fragments.Take(12), count => Assert.Equal(1, count));
        Assert.All(fragments.Skip(12), count => Assert.NotEqual(1, count));
    }

    private async Task<List<(WebSocketMessageType Type, byte[] Bytes)>> ReadMessagesAsync(int count)
    {
        var messages = new List<(WebSocketMessageType Type, byte[] Bytes)>();
        while (messages.Count < count)
        {
            messages.Add((await _socket.ReadMessageAsync())!.Value);
        }

        Assert.Equal("response.completed", (await _socket.AskAsync(Request("Hello")))[^1].Type());
        return messages;
    }
}
