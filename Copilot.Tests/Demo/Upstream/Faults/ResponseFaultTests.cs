using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Faults;
using Copilot.Demo.Upstream.Faults.Applied;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;
using static Copilot.Tests.Demo.Upstream.EventReading;

namespace Copilot.Tests.Demo.Upstream.Faults;

/// <summary>Faults in the band of a socket. A whole answer of 8 deltas has 15 events: 4, the deltas, 4... of which the last is terminal.</summary>
public sealed class ResponseFaultTests(DemoUpstreamFixture fixture) : IClassFixture<DemoUpstreamFixture>, IAsyncLifetime
{
    private readonly DemoUpstreamHost _host = fixture.Host;
    private readonly string _key = Guid.NewGuid().ToString();
    private DemoSocket _socket = null!;

    public async ValueTask InitializeAsync() => _socket = await DemoSocket.ConnectAsync(_host);

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Catalog_EveryFaultOfAResponse_IsImplemented()
    {
        var named = DemoFaultCatalog.All.Where(kind => kind.Place == DemoFaultStage.Response).Select(kind => kind.Name);

        Assert.Equal(
            named.Where(name => !name.StartsWith("incomplete_", StringComparison.Ordinal)).Order(),
            ResponseFaults.Names.Order());
    }

    [Theory]
    [InlineData("rate_limit_header", 429, "rate_limit_exceeded", "2", null)]
    [InlineData("rate_limit_body", 429, "rate_limit_exceeded", null, "2")]
    [InlineData("rate_limit_message", 429, "rate_limit_exceeded", null, null)]
    [InlineData("server_is_overloaded", 503, "server_is_overloaded", null, null)]
    [InlineData("slow_down", 503, "slow_down", null, null)]
    [InlineData("error_503", 503, null, null, null)]
    [InlineData("error_500", 500, "server_error", null, null)]
    [InlineData("context_length_exceeded", 400, "context_length_exceeded", null, null)]
    [InlineData("insufficient_quota", 429, "insufficient_quota", null, null)]
    [InlineData("usage_not_included", 403, "usage_not_included", null, null)]
    [InlineData("invalid_prompt", 400, "invalid_prompt", null, null)]
    [InlineData("cyber_policy", 400, "cyber_policy", null, null)]
    [InlineData("invalid_api_key", 401, "invalid_api_key", null, null)]
    public async Task Error_AsEvent_IsTheOnlyEventAndTheSocketStaysUsable(
        string fault, int status, string? code, string? outerDelay, string? innerDelay)
    {
        await _socket.SendAsync(FaultyRequest.Of(fault, _key));
        var only = (await _socket.ReadResponseAsync()).Single();

        Assert.Equal("error", only.Type());
        Assert.Equal(status, only.GetProperty("status").GetInt32());
        Assert.Equal(code, only.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(outerDelay, DelayIn(only));
        Assert.Equal(innerDelay, DelayIn(only.GetProperty("error")));
        Assert.Equal(fault == "rate_limit_message", only.GetProperty("error").Text("message").EndsWith("Please try again in 2s.", StringComparison.Ordinal));
        await CompletesAsync(fault);
    }

    [Fact]
    public async Task Error_Flat_HasNoStatusAndNoInnerObject()
    {
        var events = await ApplyAsync("error_flat");

        Assert.Equal(["response.created", "response.in_progress", "error"], events.Select(item => item.Type()));
        Assert.Equal(["type", "sequence_number", "code", "message", "param"], events[^1].EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task Error_Nested_HasNoStatus()
    {
        var events = await ApplyAsync("error_nested");

        Assert.Equal(["type", "sequence_number", "error"], events[^1].EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task Error_UsageLimit_ReportsWhenItResets()
    {
        var error = (await ApplyAsync("usage_limit_reached")).Single().GetProperty("error");

        Assert.Equal("usage_limit_reached", error.Type());
        Assert.Equal(2, error.GetProperty("resets_in_seconds").GetDouble());
    }

    [Fact]
    public async Task Error_Detail_HasNoMessage()
    {
        var events = await ApplyAsync("error_detail");

        Assert.Equal(["detail"], events.Single().GetProperty("error").EnumerateObject().Select(member => member.Name));
    }

    [Theory]
    [InlineData("response_failed", "server_error", 5)]
    [InlineData("rate_limit_failed", "rate_limit_exceeded", 2)]
    public async Task Failed_ByTheResponse_CarriesItsError(string fault, string code, int before)
    {
        var events = await ApplyAsync(fault);

        Assert.Equal("response.failed", events[^1].Type());
        Assert.Equal(Enumerable.Range(0, before + 1), events.Select(item => item.GetProperty("sequence_number").GetInt32()));
        Assert.Equal("failed", events.Response().Text("status"));
        Assert.Equal(code, events.Response().GetProperty("error").Text("code"));
    }

    [Fact]
    public async Task Failed_AfterAnError_ComesSecond()
    {
        var error = await ApplyAsync("error_then_failed");
        var failed = (await _socket.ReadResponseAsync()).Single();

        Assert.Equal("error", error[^1].Type());
        Assert.Equal("response.failed", failed.Type());
        Assert.Equal(error[^1].GetProperty("sequence_number").GetInt32() + 1, failed.GetProperty("sequence_number").GetInt32());
    }

    [Theory]
    [InlineData("incomplete_max_output_tokens", "max_output_tokens")]
    [InlineData("incomplete_content_filter", "content_filter")]
    public async Task Incomplete_AtADelta_EndsTheItemWithTheReason(string fault, string reason)
    {
        await _socket.SendAsync(FaultyRequest.Of(fault, _key, ("demo.fault_at", "3")));
        var events = await _socket.ReadResponseAsync();

        Assert.Equal("response.incomplete", events[^1].Type());
        Assert.Equal(reason, events.Response().GetProperty("incomplete_details").Text("reason"));
        Assert.Equal(3, events.Count(item => item.Type() == "response.output_text.delta"));
        Assert.Equal("incomplete", events.Response().Items("message").Single().Text("status"));
        await CompletesAsync(fault);
    }

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

    [Fact]
    public async Task ParentNotFound_AppliesOnlyToAContinuationAndEvictsItsParent()
    {
        var first = FaultyRequest.Of("previous_response_not_found", _key);
        first["store"] = false;
        await _socket.SendAsync(first);
        var parent = (await _socket.ReadResponseAsync()).Id();

        for (var attempt = 0; attempt < 2; attempt++)
        {
            var continuation = FaultyRequest.Of("previous_response_not_found", _key);
            continuation["previous_response_id"] = parent;
            await _socket.SendAsync(continuation);
            var error = (await _socket.ReadResponseAsync()).Single();
            Assert.Equal(400, error.GetProperty("status").GetInt32());
            Assert.Equal("previous_response_not_found", error.GetProperty("error").Text("code"));
            Assert.Equal("previous_response_id", error.GetProperty("error").Text("param"));
        }

        await CompletesAsync("previous_response_not_found");
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

    private async Task<IReadOnlyList<JsonElement>> ApplyAsync(string fault)
    {
        await _socket.SendAsync(FaultyRequest.Of(fault, _key));
        return await _socket.ReadResponseAsync();
    }

    // The fault is used up, so the same request is answered.
    private async Task CompletesAsync(string fault)
    {
        await _socket.SendAsync(FaultyRequest.Of(fault, _key));
        Assert.Equal("response.completed", (await _socket.ReadResponseAsync())[^1].Type());
    }

    private async Task CompletesOnAnotherSocketAsync(string fault)
    {
        using var other = await DemoSocket.ConnectAsync(_host);
        await other.SendAsync(FaultyRequest.Of(fault, _key));
        Assert.Equal("response.completed", (await other.ReadResponseAsync())[^1].Type());
    }

    private static string? DelayIn(JsonElement json) =>
        json.TryGetProperty("headers", out var headers) ? headers.Text("retry-after") : null;

    private static JsonArray FieldServiceTools() =>
        new(new JsonObject { ["type"] = "function", ["name"] = "look_up", ["description"] = "Looks up.", ["parameters"] = JsonNode.Parse("""{"type":"object","properties":{"query":{"type":"string"}},"required":["query"]}""") });
}
