using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Runs.Actor.Sending;

/// <summary>Each way in which the upstream leg fails: the expected events, in order, and every tool exactly once.</summary>
public sealed class RunResilienceTests : ResilienceScene
{
    [Fact]
    public async Task CutInMidText_AfterAToolRound_ResendsTheWholeInputAndRunsTheToolOnce()
    {
        var run = await BeginAsync(options => options.Transport = TransportChoice.WebSocket);
        var socket = await ToolRoundAsync();
        await socket.SendAsync(Frames.Created("resp_2"), Frames.Delta("half of an ans"));
        await _host.SeeAsync(run.RunId, "response.output_text.delta");
        socket.Cut();
        var again = await _upstream.NextSocketAsync();
        var input = Input(await again.ReceiveAsync());
        await again.SendAsync(Frames.Answer("resp_3", "the whole answer"));
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal(["message", "function_call", "function_call_output"], input);
        Assert.Equal(1, _tool.Runs);
        AssertSteps(events, "attempt.superseded", "transport.lost", "attempt.retry_scheduled", "transport.connecting", "transport.connected", "attempt.sent", "run.completed");
        Assert.Equal("resp_2", events.Single(e => e.Type == RunEventTypes.AttemptSuperseded).Text("response_id"));
        Assert.Equal("the whole answer", await OutputAsync(run));
    }

    [Fact]
    public async Task ParentGone_OnANewSocket_SendsTheWholeInputOnce()
    {
        var run = await BeginAsync(options => options.Transport = TransportChoice.WebSocket);
        var socket = await ToolRoundAsync();
        await socket.SendAsync("""{"type":"error","status":400,"error":{"type":"invalid_request_error","code":"previous_response_not_found","message":"Previous response with id 'resp_1' not found.","param":"previous_response_id"}}""");
        var again = await _upstream.NextSocketAsync();
        var input = Input(await again.ReceiveAsync());
        await again.SendAsync(Frames.Answer("resp_2", "done"));
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal(["message", "function_call", "function_call_output"], input);
        Assert.Equal(2, _upstream.Upgrades);
        Assert.Equal(2, _upstream.Requests);
        Assert.Equal(1, _tool.Runs);
        Assert.Equal("parent-gone", Row(events));
        Assert.Equal(["full", "delta", "full"], events.Where(e => e.Type == RunEventTypes.AttemptSent).Select(e => e.Text("mode")));
        Assert.DoesNotContain(events, e => e.Type == RunEventTypes.TransportLost);
    }

    [Fact]
    public async Task ConnectionLimitInFlight_TakesANewSocketAndNeverHttp()
    {
        var run = await BeginAsync(options => options.Transport = TransportChoice.Auto);
        var socket = await ToolRoundAsync();
        await socket.SendAsync("""{"type":"error","status":400,"error":{"type":"invalid_request_error","code":"websocket_connection_limit_reached","message":"Responses websocket connection limit reached (60 minutes)."}}""");
        var again = await _upstream.NextSocketAsync();
        await again.ReceiveAsync();
        await again.SendAsync(Frames.Answer("resp_2", "done"));
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal("connection-limit", Row(events));
        Assert.Equal(2, _upstream.Upgrades);
        Assert.Equal(2, _upstream.Requests);
        Assert.Equal(1, _tool.Runs);
    }

    [Fact]
    public async Task RateLimited_WaitsAsToldAndTakesANewSocket()
    {
        var run = await BeginAsync(options => options.Transport = TransportChoice.Auto);
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync("""{"type":"error","status":429,"error":{"type":"rate_limit_error","code":"rate_limit_exceeded","message":"Rate limit reached. Please try again in 30ms."}}""");
        var again = await _upstream.NextSocketAsync();
        await again.ReceiveAsync();
        await again.SendAsync(Frames.Answer("resp_1", "done"));
        var events = await _host.RestAsync(run.RunId);

        var scheduled = events.Single(e => e.Type == RunEventTypes.AttemptRetryScheduled);
        Assert.Equal("rate-limited", scheduled.Text("row"));
        Assert.Equal(30, scheduled.Number("delay_ms"));
        Assert.Equal(2, _upstream.Upgrades);
        Assert.Equal(2, _upstream.Requests);
        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
    }

    [Fact]
    public async Task RateLimitedForLong_APersonCutsTheWaitShort()
    {
        var run = await BeginAsync(options => options.Transport = TransportChoice.WebSocket);
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync("""{"type":"error","status":429,"error":{"code":"rate_limit_exceeded","message":"Slow down."},"headers":{"retry-after":"100"}}""");
        await _host.SeeAsync(run.RunId, RunEventTypes.AttemptRetryScheduled);

        await _host.Runs.AskAsync(run.RunId, new RunCommand.RetryNow(RunHost.Owner), CancellationToken.None);
        var again = await _upstream.NextSocketAsync();
        await again.ReceiveAsync();
        await again.SendAsync(Frames.Answer("resp_1", "done"));
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal(100_000, events.Single(e => e.Type == RunEventTypes.AttemptRetryScheduled).Number("delay_ms"));
        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
    }

    [Theory]
    [InlineData("""{"type":"error","code":"something_new","message":"No idea.","param":null,"sequence_number":2}""", "something_new")]
    [InlineData("""{"type":"error","error":{"detail":"Unsupported parameter: tools"},"status":400}""", "upstream_error")]
    [InlineData("""{"type":"response.failed","sequence_number":3,"response":{"id":"resp_1","status":"failed","error":{"code":"context_length_exceeded","message":"Too long."}}}""", "context_length_exceeded")]
    public async Task FinalErrors_InEveryShape_EndTheRunOnce(string frame, string code)
    {
        var run = await BeginAsync(options => options.Transport = TransportChoice.Auto);
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Created("resp_1"), frame);
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal(RunEventTypes.RunFailed, events[^1].Type);
        Assert.Equal(code, events[^1].Text("code"));
        Assert.Single(events, e => e.Type == RunEventTypes.AttemptSent);
        Assert.Equal(1, _upstream.Requests);
    }

    [Fact]
    public async Task Incomplete_IsAnAnswerWithItsReason()
    {
        var run = await BeginAsync(options => options.Transport = TransportChoice.Auto);
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(
            Frames.Created("resp_1"),
            Frames.Message("as far as it"),
            """{"type":"response.incomplete","response":{"id":"resp_1","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}}}""");
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
        Assert.Equal("max_output_tokens", events[^1].Text("incomplete_reason"));
        Assert.Equal("as far as it", await OutputAsync(run));
    }

    [Fact]
    public async Task EveryEventTwice_EachCountsOnceAndTheToolRunsOnce()
    {
        var run = await BeginAsync(options => options.Transport = TransportChoice.WebSocket);
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync([.. Frames.Calls("resp_1", ("call_1", "act")).SkipLast(1).SelectMany(frame => new[] { frame, frame }), Frames.Completed("resp_1")]);
        var input = Input(await socket.ReceiveAsync());
        await socket.SendAsync([.. Frames.Answer("resp_2", "done").SkipLast(1).SelectMany(frame => new[] { frame, frame }), Frames.Completed("resp_2")]);
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal(["function_call_output"], input);
        Assert.Equal(1, _tool.Runs);
        Assert.Single(events, e => e.Type == "response.output_text.delta");
        Assert.Equal("done", await OutputAsync(run));
    }

    [Fact]
    public async Task KeyRefused_EndsClearlyWithoutALoop()
    {
        _upstream.OnUpgrade = ScriptedUpstream.Refuse(401, """{"error":{"message":"Incorrect API key provided.","type":"invalid_request_error","code":"invalid_api_key","param":null}}""");
        var run = await BeginAsync(options => options.Transport = TransportChoice.Auto);
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal(RunEventTypes.RunFailed, events[^1].Type);
        Assert.Contains("key", events[^1].Text("advice"), StringComparison.Ordinal);
        Assert.Equal(1, _upstream.Requests);
    }

    [Fact]
    public async Task Stop_WhileWaitingForTheNextAttempt_EndsTheRun()
    {
        var run = await BeginAsync(options => options.Transport = TransportChoice.WebSocket);
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync("""{"type":"error","status":429,"error":{"code":"rate_limit_exceeded","message":"Slow down."},"headers":{"retry-after":"100"}}""");
        await _host.SeeAsync(run.RunId, RunEventTypes.AttemptRetryScheduled);

        await _host.Runs.AskAsync(run.RunId, new RunCommand.Stop(RunHost.Owner, null), CancellationToken.None);
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal(RunEventTypes.RunCancelled, events[^1].Type);
        Assert.Equal(1000, await socket.ClosedByClient);
    }

    private static string[] Input(string frame) =>
        [.. JsonDocument.Parse(frame).RootElement.GetProperty("input").EnumerateArray().Select(item => item.GetProperty("type").GetString()!)];
}
