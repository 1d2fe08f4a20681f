using System.Net.Sockets;
using System.Net.WebSockets;
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
        Stream? line = null;
        using var way = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return line = new NetworkStream(socket, ownsSocket: true);
            },
        });
        using var socket = await DemoSocket.ConnectAsync(_host, way);
        await socket.SendAsync(FaultyRequest.Of("half_open", _key));
        for (var read = 0; read < 5; read++)
        {
            Assert.NotNull(await socket.ReadAsync());
        }

        // Only now a watchdog, on the same line: it would have to be more patient than a loaded machine is slow while it is alive.
        using var watched = WebSocket.CreateFromStream(line!, new WebSocketCreationOptions
        {
            KeepAliveInterval = TimeSpan.FromMilliseconds(50),
            KeepAliveTimeout = TimeSpan.FromMilliseconds(500),
        });
        await Assert.ThrowsAsync<OperationCanceledException>(
            () => watched.ReceiveAsync(new byte[1024], CancellationToken.None).Soon("the watchdog"));

        Assert.Equal(WebSocketState.Aborted, watched.State);
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
