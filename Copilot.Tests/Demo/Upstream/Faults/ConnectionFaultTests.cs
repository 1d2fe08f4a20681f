using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;
using static Copilot.Tests.Demo.Upstream.EventReading;

namespace Copilot.Tests.Demo.Upstream.Faults;

/// <summary>Faults that end or silence the socket in the middle of a response.</summary>
public sealed class ConnectionFaultTests(DemoUpstreamFixture fixture) : ResponseFaultScene(fixture)
{
    [Theory]
    [InlineData("cut", 0)]
    [InlineData("cut_text", 6)]
    [InlineData("close_1006", 5)]
    public async Task Cut_InMidResponse_ComesAfterExactlyThoseEvents(string fault, int before)
    {
        await _socket.SendAsync(FaultyRequest.Of(fault, _key));
        for (var read = 0; read < before; read++)
        {
            Assert.NotNull(await _socket.ReadAsync());
        }

        await Assert.ThrowsAsync<WebSocketException>(() => _socket.ReadAsync());
        await CompletesOnAnotherSocketAsync(fault);
    }

    [Fact]
    public async Task Cut_InArguments_SkipsResponsesWithoutAndCutsTheFirstWithCalls()
    {
        await _socket.SendAsync(FaultyRequest.Of("cut_arguments", _key));
        Assert.Equal("response.completed", (await _socket.ReadResponseAsync())[^1].Type());

        var request = FaultyRequest.Of("cut_arguments", _key, ("demo.tool_rounds", "1"));
        request["tools"] = FieldServiceTools();
        await _socket.SendAsync(request);
        var types = new List<string>();
        await Assert.ThrowsAsync<WebSocketException>(async () =>
        {
            while (await _socket.ReadAsync() is { } next)
            {
                types.Add(next.Type());
            }
        });

        Assert.Equal(
            ["response.created", "response.in_progress", "response.output_item.added", "response.function_call_arguments.delta"], types);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(1005)]
    [InlineData(1008)]
    [InlineData(1009)]
    [InlineData(1011)]
    [InlineData(1012)]
    [InlineData(1013)]
    public async Task Close_InMidResponse_HasTheCode(int code)
    {
        await _socket.SendAsync(FaultyRequest.Of($"close_{code}", _key));
        for (var read = 0; read < 5; read++)
        {
            Assert.NotNull(await _socket.ReadAsync());
        }

        Assert.Null(await _socket.ReadAsync());

        // .NET takes a close frame without a code for a normal one.
        Assert.Equal(code == 1005 ? 1000 : code, (int)_socket.Socket.CloseStatus!.Value);
        await CompletesOnAnotherSocketAsync($"close_{code}");
    }

    [Fact]
    public async Task HalfOpen_FromThenOn_SendsNothingAndAnswersNoPing()
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {DemoUpstreamHost.Key}");
        socket.Options.KeepAliveInterval = TimeSpan.FromMilliseconds(50);
        socket.Options.KeepAliveTimeout = TimeSpan.FromMilliseconds(200);
        await socket.ConnectAsync(_host.SocketAddress, CancellationToken.None);
        await socket.SendAsync(
            Encoding.UTF8.GetBytes(FaultyRequest.Of("half_open", _key).ToJsonString()), WebSocketMessageType.Text, true, CancellationToken.None);
        var messages = 0;
        var buffer = new byte[64 * 1024];

        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
        {
            while (true)
            {
                await socket.ReceiveAsync(buffer, CancellationToken.None).Soon("the watchdog");
                messages++;
            }
        });

        Assert.Equal(5, messages);
        Assert.Equal(WebSocketState.Aborted, socket.State);
    }

    [Fact]
    public async Task Silence_FromThenOn_SendsNoEventsButAnswersTheClose()
    {
        await _socket.SendAsync(FaultyRequest.Of("silence", _key));
        for (var read = 0; read < 5; read++)
        {
            Assert.NotNull(await _socket.ReadAsync());
        }

        await _socket.Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        Assert.Null(await _socket.ReadAsync());
    }

    [Fact]
    public async Task LongSilence_PausesExactlyThatLongAndContinues()
    {
        var clock = new ManualClock();
        await using var host = await DemoUpstreamHost.StartAsync(clock, tokensPerSecond: 0);
        using var socket = await DemoSocket.ConnectAsync(host);
        await socket.SendAsync(FaultyRequest.Of("long_silence", _key, ("demo.fault_seconds", "400")));
        for (var read = 0; read < 5; read++)
        {
            Assert.NotNull(await socket.ReadAsync());
        }

        await clock.WhenTimersArmedAsync(1);
        var rest = socket.ReadResponseAsync();
        clock.Advance(TimeSpan.FromSeconds(399));
        Assert.False(rest.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("response.completed", (await rest)[^1].Type());
    }

    [Theory]
    [InlineData("limit_between_turns", 0, false)]
    [InlineData("limit_between_turns_close", 0, true)]
    [InlineData("limit_in_flight", 5, false)]
    [InlineData("limit_in_flight_close", 5, true)]
    [InlineData("limit_idle", 16, false)]
    [InlineData("limit_idle_close", 16, true)]
    public async Task Limit_OfTheConnection_ComesInItsPlaceAndHoldsForTheSocket(string fault, int before, bool closes)
    {
        var request = FaultyRequest.Of(fault, _key);
        request["stream_id"] = "main";
        await _socket.SendAsync(request);
        for (var read = 0; read < before; read++)
        {
            Assert.Equal("main", (await _socket.ReadAsync())!.Value.Text("stream_id"));
        }

        var limit = (await _socket.ReadAsync())!.Value;
        Assert.Equal("websocket_connection_limit_reached", limit.GetProperty("error").Text("code"));
        Assert.Equal(400, limit.GetProperty("status").GetInt32());
        Assert.False(limit.TryGetProperty("stream_id", out _));
        if (closes)
        {
            Assert.Null(await _socket.ReadAsync());
            Assert.Equal(1000, (int)_socket.Socket.CloseStatus!.Value);
        }
        else
        {
            Assert.Equal("websocket_connection_limit_reached", (await _socket.AskAsync(Request("Hello"))).Error().Text("code"));
        }

        await CompletesOnAnotherSocketAsync(fault);
    }

    private async Task CompletesOnAnotherSocketAsync(string fault)
    {
        using var other = await DemoSocket.ConnectAsync(_host);
        await other.SendAsync(FaultyRequest.Of(fault, _key));
        Assert.Equal("response.completed", (await other.ReadResponseAsync())[^1].Type());
    }

    private static JsonArray FieldServiceTools() =>
        new(new JsonObject { ["type"] = "function", ["name"] = "look_up", ["description"] = "Looks up.", ["parameters"] = JsonNode.Parse("""{"type":"object","properties":{"query":{"type":"string"}},"required":["query"]}""") });
}
