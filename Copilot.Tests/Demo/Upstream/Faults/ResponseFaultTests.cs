using System.Text.Json;
using Copilot.Demo.Upstream.Faults;
using Copilot.Demo.Upstream.Faults.Applied;

namespace Copilot.Tests.Demo.Upstream.Faults;

/// <summary>Faults in the band of a socket. A whole answer of 8 deltas has 15 events: 4, the deltas, 4... of which the last is terminal.</summary>
public sealed class ResponseFaultTests(DemoUpstreamFixture fixture) : ResponseFaultScene(fixture)
{
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

    private static string? DelayIn(JsonElement json) =>
        json.TryGetProperty("headers", out var headers) ? headers.Text("retry-after") : null;
}
