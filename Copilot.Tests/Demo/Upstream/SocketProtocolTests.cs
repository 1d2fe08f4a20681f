using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Upstream;
using static Copilot.Tests.Demo.Upstream.EventReading;

namespace Copilot.Tests.Demo.Upstream;

public sealed class SocketProtocolTests(DemoUpstreamFixture fixture) : DemoSocketScene(fixture)
{
    [Theory]
    [InlineData(null)]
    [InlineData("Bearer ")]
    [InlineData("Basic abc")]
    public async Task Upgrade_WithoutKey_IsRefusedWith401(string? authorization)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (authorization is not null)
        {
            socket.Options.SetRequestHeader("Authorization", authorization);
        }

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(_host.SocketAddress, CancellationToken.None));

        Assert.Equal(HttpStatusCode.Unauthorized, socket.HttpStatusCode);
    }

    [Fact]
    public async Task Create_WithText_SendsTheCanonicalSequenceNumberedFromZero()
    {
        var events = await _socket.AskAsync(Request("Hello"));

        var types = events.Select(item => item.Type()).ToList();
        var deltas = types.Count(type => type == "response.output_text.delta");
        Assert.True(deltas > 1);
        Assert.Equal(
            [
                "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added",
                .. Enumerable.Repeat("response.output_text.delta", deltas),
                "response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed",
            ],
            types);
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(item => item.GetProperty("sequence_number").GetInt32()));
        var streamed = string.Concat(events.Where(item => item.Type() == "response.output_text.delta").Select(item => item.Text("delta")));
        Assert.Equal(streamed, events.Response().Answer());
        Assert.All(
            events.Where(item => item.Type() == "response.output_text.delta"),
            delta => Assert.NotEmpty(delta.Text("obfuscation")));
    }

    [Fact]
    public async Task Create_Response_HasTheWholeKeySet()
    {
        var events = await _socket.AskAsync(Request("Hello"));

        string[] keys =
        [
            "id", "object", "created_at", "completed_at", "status", "background", "error", "incomplete_details", "instructions",
            "max_output_tokens", "max_tool_calls", "model", "output", "parallel_tool_calls", "previous_response_id",
            "prompt_cache_key", "reasoning", "safety_identifier", "service_tier", "store", "temperature", "text", "tool_choice",
            "tools", "top_logprobs", "top_p", "presence_penalty", "frequency_penalty", "truncation", "usage", "user", "metadata",
        ];
        foreach (var response in new[] { events[0], events[1], events[^1] }.Select(item => item.GetProperty("response")))
        {
            Assert.Equal(keys, response.EnumerateObject().Select(property => property.Name));
        }

        Assert.StartsWith("resp_", events.Id(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, events[0].GetProperty("response").Usage().ValueKind);
        Assert.Equal("completed", events.Response().Text("status"));
    }

    [Fact]
    public async Task Create_WithWhatExistingClientsSendAlong_IgnoresIt()
    {
        var request = Request("Hello");
        request["stream"] = true;
        request["client_metadata"] = new JsonObject { ["a"] = 1 };

        Assert.Equal("response.completed", (await _socket.AskAsync(request))[^1].Type());
    }

    [Theory]
    [InlineData("not json", null)]
    [InlineData("[]", null)]
    [InlineData("""{"type":"response.cancel"}""", "type")]
    [InlineData("""{"model":"demo","input":"x"}""", "type")]
    [InlineData("""{"type":"response.create","response":{"model":"demo","input":"x"}}""", "model")]
    [InlineData("""{"type":"response.create","model":"demo","input":"x","no_such_field":true}""", "no_such_field")]
    [InlineData("""{"type":"response.create","model":"gpt-99","input":"x"}""", "model")]
    [InlineData("""{"type":"response.create","model":"demo","input":"x","temperature":7}""", "temperature")]
    [InlineData("""{"type":"response.create","model":"demo","input":"x","temperature":"hot"}""", "temperature")]
    [InlineData("""{"type":"response.create","model":"demo","input":"x","top_p":-0.1}""", "top_p")]
    [InlineData("""{"type":"response.create","model":"demo","input":"x","top_logprobs":21}""", "top_logprobs")]
    [InlineData("""{"type":"response.create","model":"demo","input":"x","include":["everything"]}""", "include[0]")]
    [InlineData("""{"type":"response.create","model":"demo","input":"x","background":true}""", "background")]
    [InlineData("""{"type":"response.create","model":"demo"}""", "input")]
    [InlineData("""{"type":"response.create","model":"demo","input":"x","max_output_tokens":3}""", "max_output_tokens")]
    [InlineData("""{"type":"response.create","model":"demo","input":"x","metadata":{"demo.tool_rounds":"many"}}""", "metadata")]
    [InlineData("""{"type":"response.create","model":"demo","input":"x","tool_choice":"required"}""", "tool_choice")]
    [InlineData("""{"type":"response.create","model":"demo","input":"x","previous_response_id":"resp_1","conversation":"conv_1"}""", "previous_response_id")]
    public async Task Create_Invalid_IsAnsweredInBandAndTheSocketStaysOpen(string message, string? param)
    {
        await _socket.SendTextAsync(message);
        var error = await _socket.ReadAsync();

        Assert.Equal("error", error!.Value.Type());
        Assert.Equal(400, error.Value.GetProperty("status").GetInt32());
        Assert.Equal("invalid_request_error", error.Value.GetProperty("error").Text("type"));
        Assert.Equal(param, error.Value.GetProperty("error").GetProperty("param").GetString());
        Assert.Equal("response.completed", (await _socket.AskAsync(Request("Hello")))[^1].Type());
    }

    [Fact]
    public async Task Create_Binary_IsRefusedInBand()
    {
        await _socket.Socket.SendAsync(Encoding.UTF8.GetBytes("{}"), WebSocketMessageType.Binary, true, CancellationToken.None);

        Assert.Equal("error", (await _socket.ReadResponseAsync())[^1].Type());
        Assert.Equal("response.completed", (await _socket.AskAsync(Request("Hello")))[^1].Type());
    }

    [Fact]
    public async Task Create_WithStreamId_EchoesItInEveryEvent()
    {
        var request = Request("Hello");
        request["stream_id"] = "main";
        var events = await _socket.AskAsync(request);
        var refused = Request("Hello");
        refused["stream_id"] = "main";
        refused["background"] = true;

        Assert.All(events, item => Assert.Equal("main", item.Text("stream_id")));
        Assert.Equal("main", (await _socket.AskAsync(refused))[^1].Text("stream_id"));
        Assert.False((await _socket.AskAsync(Request("Hello")))[0].TryGetProperty("stream_id", out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("newline\n")]
    public async Task Create_WithBadStreamId_IsRefusedWithoutOne(string streamId)
    {
        var request = Request("Hello");
        request["stream_id"] = streamId;
        var events = await _socket.AskAsync(request);

        Assert.Equal("invalid_stream_id", events.Error().Text("code"));
        Assert.False(events[^1].TryGetProperty("stream_id", out _));
    }

    [Fact]
    public async Task Create_SeveralAtOnce_AreAnsweredInOrder()
    {
        foreach (var tokens in new[] { "5", "1", "3" })
        {
            var request = Request("go");
            request["type"] = "response.create";
            request["metadata"] = new JsonObject { ["demo.answer_tokens"] = tokens };
            await _socket.SendAsync(request);
        }

        var counts = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            counts.Add((await _socket.ReadResponseAsync()).Count(item => item.Type() == "response.output_text.delta"));
        }

        Assert.Equal([5, 1, 3], counts);
    }

    [Fact]
    public async Task Create_WithMaxOutputTokens_IsCutShort()
    {
        var request = Request("go");
        request["max_output_tokens"] = 20;
        request["metadata"] = new JsonObject { ["demo.answer_tokens"] = "50" };
        var events = await _socket.AskAsync(request);

        Assert.Equal("response.incomplete", events[^1].Type());
        Assert.Equal("incomplete", events.Response().Text("status"));
        Assert.Equal("max_output_tokens", events.Response().GetProperty("incomplete_details").Text("reason"));
        Assert.Equal("incomplete", events.Response().Items("message")[0].Text("status"));
        Assert.Equal(20, events.Response().Usage().GetProperty("output_tokens").GetInt32());
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(4321)]
    public async Task Close_ByTheClient_IsAnsweredWithTheSameCode(int code)
    {
        await _socket.AskAsync(Request("Hello"));

        await _socket.Socket.CloseAsync((WebSocketCloseStatus)code, "bye", CancellationToken.None);

        Assert.Equal(code, (int)_socket.Socket.CloseStatus!);
        Assert.Equal(WebSocketState.Closed, _socket.Socket.State);
    }

    [Fact]
    public async Task Close_WhenTheServerStops_Is1001()
    {
        await using var host = await DemoUpstreamHost.StartAsync();
        using var socket = await DemoSocket.ConnectAsync(host);
        var reading = socket.ReadAsync();
        var stopping = host.StopAsync();

        Assert.Null(await reading);
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.Socket.CloseStatus);
        await socket.Socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, null, CancellationToken.None);
        await stopping;
    }

    [Fact]
    public async Task Message_OfSixteenMebibytes_IsReadAndOneByteMoreCloses1009()
    {
        const int Limit = 16 * 1024 * 1024;
        var start = """{"type":"response.create","model":"demo","input":""";
        await _socket.SendTextAsync(start + "\"" + new string('x', Limit - start.Length - 3) + "\"}");
        Assert.Equal("response.completed", (await _socket.ReadResponseAsync())[^1].Type());

        await _socket.SendTextAsync(new string(' ', Limit + 1));

        Assert.Null(await _socket.ReadAsync());
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, _socket.Socket.CloseStatus);
    }

    [Fact]
    public async Task Get_WithoutUpgrade_Is426()
    {
        using var response = await _host.Http.GetAsync(new Uri("responses", UriKind.Relative));

        Assert.Equal(HttpStatusCode.UpgradeRequired, response.StatusCode);
    }
}
