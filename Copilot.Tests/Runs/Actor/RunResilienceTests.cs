using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Runs.Actor;

/// <summary>Each way in which the upstream leg fails: the expected events, in order, and every tool exactly once.</summary>
public sealed class RunResilienceTests : IAsyncLifetime
{
    private readonly TestTool _tool = new("act", _ => Task.FromResult("acted")) { ReadOnly = false, Idempotent = false };
    private ScriptedUpstream _upstream = null!;
    private RunHost _host = null!;

    public async ValueTask InitializeAsync() => _upstream = await ScriptedUpstream.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _upstream.DisposeAsync();
    }

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
    public async Task TooLargeForTheSocket_ThisRequestGoesByHttp()
    {
        var run = await BeginAsync(options => options.Transport = TransportChoice.Auto);
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.CloseAsync(1009, "message too big");
        var post = await _upstream.NextPostAsync();
        await post.SendAsync(Frames.Answer("resp_1", "by http"));
        post.End();
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal("too-big-for-a-socket", Row(events));
        AssertSteps(events, "transport.lost", "transport.fell_back", "attempt.retry_scheduled", "transport.connected", "attempt.sent", "run.completed");
        Assert.Equal("by http", await OutputAsync(run));
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
    public async Task TooLargeBeforeItIsSent_NoSocketIsOpenedForIt()
    {
        var run = await BeginAsync(options => (options.Transport, options.MaxRequestBytes) = (TransportChoice.Auto, 100));
        var post = await _upstream.NextPostAsync();
        await post.SendAsync(Frames.Calls("resp_1", ("call_1", "act")));
        post.End();
        var next = await _upstream.NextPostAsync();
        await next.SendAsync(Frames.Answer("resp_2", "by http"));
        next.End();
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal(0, _upstream.Upgrades);
        Assert.Equal(1, _tool.Runs);
        AssertSteps(events, "transport.fell_back", "transport.connecting", "attempt.sent", "transport.fell_back", "attempt.sent", "run.completed");
        Assert.Contains("more than a socket may carry", events.First(e => e.Type == RunEventTypes.TransportFellBack).Text("reason"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AcceptedAndSilent_TheFirstEventClockEndsItAndHttpCarriesOn()
    {
        var run = await BeginAsync(options =>
        {
            options.Transport = TransportChoice.Auto;
            options.FirstEventTimeout = TimeSpan.FromMilliseconds(200);
        });
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        var post = await _upstream.NextPostAsync();
        await post.SendAsync(Frames.Answer("resp_1", "by http"));
        post.End();
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal("first_event", events.Single(e => e.Type == RunEventTypes.TransportLost).Text("clock"));
        Assert.Equal("true", events.Single(e => e.Type == RunEventTypes.AttemptSuperseded).Text("may_be_billed_twice"));
        Assert.Equal("by http", await OutputAsync(run));
    }

    [Fact]
    public async Task FallBackThatDoesNotExist_GoesBackToASocket()
    {
        var run = await BeginAsync(options =>
        {
            options.Transport = TransportChoice.Auto;
            options.FirstEventTimeout = TimeSpan.FromSeconds(2);
        });
        await ToolRoundAsync();
        await (await _upstream.NextPostAsync()).RespondAsync(404, "text/plain", "Not Found");
        var again = await _upstream.NextSocketAsync();
        await again.ReceiveAsync();
        await again.SendAsync(Frames.Answer("resp_2", "by socket"));
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal("no-http", events.Last(e => e.Type == RunEventTypes.AttemptRetryScheduled).Text("row"));
        Assert.Equal("by socket", await OutputAsync(run));
        Assert.Equal(1, _tool.Runs);
    }

    [Fact]
    public async Task SilenceAgainAndAgain_IsWaitedForTwiceAsLongEachTime()
    {
        var run = await BeginAsync(options =>
        {
            options.Transport = TransportChoice.Http;
            options.FirstEventTimeout = TimeSpan.FromMilliseconds(100);
            options.MaxAttempts = 3;
        });
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal("The upstream sent nothing within 0.4 s of the request. We tried 3 times.", events[^1].Text("message"));
        Assert.Contains("Upstream:FirstEventTimeout", events[^1].Text("advice"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(426)]
    [InlineData(403)]
    [InlineData(500)]
    public async Task UpgradeRefused_HttpAnswers(int status)
    {
        _upstream.OnUpgrade = ScriptedUpstream.Refuse(status, "<html>no</html>");
        var run = await BeginAsync(options => options.Transport = TransportChoice.Auto);
        var post = await _upstream.NextPostAsync();
        await post.SendAsync(Frames.Answer("resp_1", "by http"));
        post.End();
        var events = await _host.RestAsync(run.RunId);

        AssertSteps(events, "transport.connecting", "transport.fell_back", "transport.connected", "attempt.sent", "run.completed");
        Assert.Single(events, e => e.Type == RunEventTypes.AttemptSent);
        Assert.Contains(status.ToString(System.Globalization.CultureInfo.InvariantCulture), events.Single(e => e.Type == RunEventTypes.TransportFellBack).Text("reason"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UpgradeSwallowed_HttpAnswersAfterTheHeadStart()
    {
        _upstream.OnUpgrade = ScriptedUpstream.Hang;
        var run = await BeginAsync(options =>
        {
            options.Transport = TransportChoice.Auto;
            options.SocketHeadStart = TimeSpan.FromMilliseconds(100);
        });
        var post = await _upstream.NextPostAsync();
        await post.SendAsync(Frames.Answer("resp_1", "by http"));
        post.End();
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal("head_start", events.Single(e => e.Type == RunEventTypes.TransportFellBack).Text("clock"));
        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
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
    public async Task LostEveryTime_EndsAfterTheLimit()
    {
        var run = await BeginAsync(options =>
        {
            options.Transport = TransportChoice.WebSocket;
            options.MaxAttempts = 3;
        });
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var socket = await _upstream.NextSocketAsync();
            await socket.ReceiveAsync();
            await socket.SendAsync(Frames.Created($"resp_{attempt}"));
            await socket.CloseAsync(1011, "internal error");
        }

        var events = await _host.RestAsync(run.RunId);

        Assert.Equal(RunEventTypes.RunFailed, events[^1].Type);
        Assert.Equal(3, events.Count(e => e.Type == RunEventTypes.AttemptSent));
        Assert.Equal(3, _upstream.Upgrades);
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

    private async Task<RunSummary> BeginAsync(Action<UpstreamOptions> configure)
    {
        _host = await RunHost.StartAsync(_upstream.BaseUrl, configure, _tool);
        return await _host.StartRunAsync("Do it");
    }

    /// <summary>Serves one round in which the tool runs; gives the socket after it received the second request.</summary>
    private async Task<ScriptedSocket> ToolRoundAsync()
    {
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "act")));
        await socket.ReceiveAsync();
        return socket;
    }

    private async Task<string> OutputAsync(RunSummary run) =>
        (await _host.Database.Events.FindAsync(run.RunId, CancellationToken.None))!.OutputText;

    private static string? Row(IReadOnlyList<RunEvent> events) =>
        events.Single(e => e.Type == RunEventTypes.AttemptRetryScheduled).Text("row");

    private static string[] Input(string frame) =>
        [.. JsonDocument.Parse(frame).RootElement.GetProperty("input").EnumerateArray().Select(item => item.GetProperty("type").GetString()!)];

    /// <summary>The steps come in this order, whatever lies between them.</summary>
    private static void AssertSteps(IReadOnlyList<RunEvent> events, params string[] steps)
    {
        var types = events.Select(e => e.Type).ToList();
        var from = 0;
        foreach (var step in steps)
        {
            var found = types.IndexOf(step, from);
            Assert.True(found >= 0, $"{step} is missing after event {from} in: {string.Join(", ", types)}");
            from = found + 1;
        }
    }
}
