using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Upstream;
using static Copilot.Tests.Demo.Upstream.EventReading;

namespace Copilot.Tests.Demo.Upstream;

/// <summary>Messages to a response while it is being generated (protocol §2.5).</summary>
public sealed class SteeringTests : DemoClockScene
{
    private const string Model = "demo-steerable";

    [Fact]
    public async Task Steer_BeforeTheAnswer_LetsItCompleteAndASuccessorFollow()
    {
        var id = await BeginAsync(Model, tools: null);
        var accepted = await SteerAsync(id, "Keep it short.");
        _clock.Advance(TimeSpan.FromSeconds(1));
        var first = await _socket.ReadResponseAsync();
        await _clock.WhenTimersArmedAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var second = await _socket.ReadResponseAsync();

        Assert.Equal("response.steer.accepted", accepted.Type());
        Assert.Equal(2, accepted.GetProperty("sequence_number").GetInt32());
        Assert.Equal(3, first[0].GetProperty("sequence_number").GetInt32());
        Assert.StartsWith("steer_", accepted.GetProperty("steer").Text("id"), StringComparison.Ordinal);
        Assert.Equal("response.completed", first[^1].Type());
        Assert.Equal("response.created", second[0].Type());
        Assert.Equal(id, second.Response().Text("previous_response_id"));
        Assert.Equal("main", second[0].Text("stream_id"));
        var read = await _host.Http.GetStringAsync(new Uri($"responses/{second.Id()}/input_items?order=asc", UriKind.Relative));
        Assert.Contains("Keep it short.", read, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Steer_WhileTheModelReasons_EndsTheResponseAtTheNextBoundary()
    {
        await using var host = await DemoUpstreamHost.StartAsync(_clock, tokensPerSecond: 1000);
        using var socket = await DemoSocket.ConnectAsync(host);
        var request = Request("Find the customer Contoso");
        request["type"] = "response.create";
        request["model"] = Model;
        request["reasoning"] = new JsonObject { ["summary"] = "auto" };
        request["tools"] = Tools();
        await socket.SendAsync(request);
        var id = (await socket.ReadAsync())!.Value.GetProperty("response").Text("id");
        Assert.Equal("response.in_progress", (await socket.ReadAsync())!.Value.Type());
        await _clock.WhenTimersArmedAsync(1);
        await socket.SendAsync(Steer(id, "Only look."));
        Assert.Equal("response.steer.accepted", (await socket.ReadAsync())!.Value.Type());

        var steered = await InTimeAsync(socket.ReadResponseAsync());

        Assert.Equal("response.incomplete", steered[^1].Type());
        Assert.Equal("steered", steered.Response().GetProperty("incomplete_details").Text("reason"));
        Assert.Equal(["reasoning"], steered.Response().GetProperty("output").EnumerateArray().Select(item => item.Type()));
        var successor = await InTimeAsync(socket.ReadResponseAsync());
        Assert.Equal(id, successor.Response().Text("previous_response_id"));
    }

    [Fact]
    public async Task Steer_OfAResponseThatCallsTools_WaitsForTheirOutputs()
    {
        var id = await BeginAsync(Model, Tools());
        await SteerAsync(id, "Keep it short.");
        _clock.Advance(TimeSpan.FromSeconds(1));
        var calling = await _socket.ReadResponseAsync();
        var call = calling.Response().Items("function_call").Single();
        var pending = (await _socket.ReadAsync())!.Value;

        Assert.Equal("response.completed", calling[^1].Type());
        Assert.Equal("response.steer.pending", pending.Type());
        Assert.Equal(calling[^1].GetProperty("sequence_number").GetInt32() + 1, pending.GetProperty("sequence_number").GetInt32());
        Assert.Equal("waiting_for_required_input", pending.Text("reason"));
        var required = pending.GetProperty("required_input").EnumerateArray().Single();
        Assert.Equal("function_call_output", required.Type());
        Assert.Equal(call.Text("call_id"), required.Text("call_id"));
        Assert.Equal(call.Text("name"), required.Text("name"));

        var answer = await _socket.AskAsync(Request(id, Output(call.Text("call_id"), "{}")));
        var read = await _host.Http.GetStringAsync(new Uri($"responses/{answer.Id()}/input_items?order=asc", UriKind.Relative));
        Assert.True(
            read.IndexOf("Keep it short.", StringComparison.Ordinal) < read.IndexOf("function_call_output", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gpt-5.6", null, "steering_not_supported")]
    [InlineData(Model, """{"previous_response_id":"resp_none","input":"x"}""", "response_not_found")]
    [InlineData(Model, """{"previous_response_id":"ID","input":""}""", "invalid_input")]
    [InlineData(Model, """{"previous_response_id":"ID","input":[]}""", "invalid_input")]
    [InlineData(Model, """{"previous_response_id":"ID","input":"x","model":"other"}""", "invalid_input")]
    [InlineData(Model, """{"previous_response_id":"ID","input":[{"type":"function_call_output","call_id":"c","output":"x"}]}""", "invalid_input")]
    public async Task Steer_Invalid_FailsAndTheResponseContinues(string model, string? message, string code)
    {
        var id = await BeginAsync(model, tools: null);
        var steer = JsonNode.Parse((message ?? """{"previous_response_id":"ID","input":"x"}""").Replace("ID", id, StringComparison.Ordinal))!.AsObject();
        steer["type"] = "response.steer";
        await _socket.SendAsync(steer);
        var failed = (await _socket.ReadAsync())!.Value;

        Assert.Equal("response.steer.failed", failed.Type());
        Assert.Equal(code, failed.GetProperty("error").Text("code"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("response.completed", (await _socket.ReadResponseAsync())[^1].Type());
    }

    [Fact]
    public async Task Steer_AfterTheEnd_FailsAsCompleted()
    {
        var id = await BeginAsync(Model, tools: null);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("response.completed", (await _socket.ReadResponseAsync())[^1].Type());

        // Only once the next response of the lane has begun is the one before it over for sure.
        var next = Request("Hello");
        next["stream_id"] = "main";
        Assert.Equal("response.completed", (await _socket.AskAsync(next))[^1].Type());
        Assert.Equal("response_already_completed", (await SteerAsync(id, "Late.")).GetProperty("error").Text("code"));
    }

    [Fact]
    public async Task Steers_BeyondEight_AreTooMany()
    {
        var id = await BeginAsync(Model, tools: null);
        for (var steer = 0; steer < 8; steer++)
        {
            Assert.Equal("response.steer.accepted", (await SteerAsync(id, "More.")).Type());
        }

        Assert.Equal("too_many_pending_steers", (await SteerAsync(id, "More.")).GetProperty("error").Text("code"));
    }

    // A response that thinks until the clock moves.
    private async Task<string> BeginAsync(string model, JsonArray? tools)
    {
        var request = Request("go");
        request["type"] = "response.create";
        request["stream_id"] = "main";
        request["model"] = model;
        request["metadata"] = new JsonObject
        {
            ["demo.thinking_ms"] = "1000",
            ["demo.answer_tokens"] = "2",
            ["demo.tool_rounds"] = tools is null ? "0" : "1",
        };
        if (tools is not null)
        {
            request["tools"] = tools;
        }

        await _socket.SendAsync(request);
        var created = (await _socket.ReadAsync())!.Value;
        Assert.Equal("response.in_progress", (await _socket.ReadAsync())!.Value.Type());
        await _clock.WhenTimersArmedAsync(1);
        return created.GetProperty("response").Text("id");
    }

    private async Task<JsonElement> SteerAsync(string id, string words)
    {
        await _socket.SendAsync(Steer(id, words));
        return (await _socket.ReadAsync())!.Value;
    }

    private async Task<T> InTimeAsync<T>(Task<T> work)
    {
        while (await Task.WhenAny(work, _clock.WhenTimersArmedAsync(1)) != work)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        return await work;
    }

    private static JsonObject Steer(string id, string words) =>
        new() { ["type"] = "response.steer", ["previous_response_id"] = id, ["input"] = words };

    private static JsonArray Tools() => new(JsonNode.Parse(
        """{"type":"function","name":"find_customer","description":"Finds customers.","parameters":{"type":"object","properties":{"query":{"type":"string"}},"required":["query"]}}"""));
}
