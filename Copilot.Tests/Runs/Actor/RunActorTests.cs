using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Runs.Actor;

public sealed class RunActorTests : RunScene
{
    [Fact]
    public async Task Run_OneToolRound_SecondFrameCarriesOnlyTheOutputs()
    {
        var tool = new TestTool("look", _ => Task.FromResult("found it"));
        _host = await RunHost.StartAsync(_upstream.BaseUrl, tool);
        var run = await _host.StartRunAsync("Where is the pump?");
        var socket = await _upstream.NextSocketAsync();

        var first = Json(await socket.ReceiveAsync());
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "look")));
        var second = Json(await socket.ReceiveAsync());
        await socket.SendAsync(Frames.Answer("resp_2", "In Leeds."));
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal("Where is the pump?", first.GetProperty("input")[0].GetProperty("content")[0].GetProperty("text").GetString());
        Assert.False(first.TryGetProperty("previous_response_id", out _));
        Assert.Equal("resp_1", second.GetProperty("previous_response_id").GetString());
        var output = Assert.Single(second.GetProperty("input").EnumerateArray());
        Assert.Equal("function_call_output", output.GetProperty("type").GetString());
        Assert.Equal("call_1", output.GetProperty("call_id").GetString());
        Assert.Equal("found it", output.GetProperty("output").GetString());
        Assert.Equal("Be of help.", second.GetProperty("instructions").GetString());
        Assert.Equal(1, tool.Runs);
        Assert.Equal(1000, await socket.ClosedByClient);
        Assert.Equal(
            [
                "run.created", "user.message", "run.started", "transport.connecting", "transport.connected",
                "attempt.sent", "response.created", "response.output_item.done", "response.completed",
                "tool.requested", "tool.started", "tool.completed",
                "attempt.sent", "response.created", "response.output_text.delta", "response.output_item.done", "response.completed",
                "transport.closed", "run.completed",
            ],
            events.Select(e => e.Type));
        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(e => e.Seq));
        AssertChain(events);
    }

    [Fact]
    public async Task Run_OneToolRound_SavesTheToolsEndWithTheNextRequest()
    {
        ScriptedStore? store = null;
        _host = await RunHost.StartWithAsync(
            _upstream.BaseUrl,
            services => services.Configure<UpstreamOptions>(options => options.Transport = TransportChoice.WebSocket),
            services => services.AddSingleton(provider => new RunEventWriter(
                store = new ScriptedStore(provider.GetRequiredService<IRunEventStore>()),
                provider.GetRequiredService<RunLogs>(),
                provider.GetRequiredService<RunDirectory>(),
                provider.GetRequiredService<StoreAvailability>(),
                TimeProvider.System,
                NullLogger<RunEventWriter>.Instance)),
            new TestTool("look", _ => Task.FromResult("found it")));
        var run = await _host.StartRunAsync("Where is the pump?");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "look")));

        // The request is there, so what it relies on is committed.
        await socket.ReceiveAsync();
        var saved = store!.Commits.SelectMany(appends => appends).Select(append => append.Events.Select(e => e.Type).ToArray()).ToArray();
        await socket.SendAsync(Frames.Answer("resp_2", "In Leeds."));
        await _host.RestAsync(run.RunId);

        Assert.Equal([RunEventTypes.ToolCompleted, RunEventTypes.AttemptSent], saved[^1]);
        Assert.Equal(RunEventTypes.ToolStarted, saved[^2][^1]);
    }

    [Fact]
    public async Task Run_Completed_SumsUsageAndKeepsTheAnswer()
    {
        _host = await RunHost.StartAsync(_upstream.BaseUrl, new TestTool("look", _ => Task.FromResult("ok")));
        var run = await _host.StartRunAsync("Hello");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "look")));
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer("resp_2", "Hello there."));
        await _host.RestAsync(run.RunId);

        var stored = (await _host.Database.Events.FindAsync(run.RunId, CancellationToken.None))!;

        Assert.Equal(RunStatus.Completed, stored.Status);
        Assert.Equal("Hello there.", stored.OutputText);
        Assert.Equal(new ResponseUsage(20, 8, 10, 2), stored.Usage);
        Assert.Equal(TransportKind.WebSocket, stored.Transport);
        Assert.Equal(1, stored.ToolCalls);
    }

    [Fact]
    public async Task Stop_WhileAnswering_CancelsAndClosesWith1000()
    {
        _host = await RunHost.StartAsync(_upstream.BaseUrl);
        var run = await _host.StartRunAsync("Tell me a long story");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Created("resp_1"), Frames.Delta("Once upon"));
        await _host.SeeAsync(run.RunId, "response.output_text.delta");

        var outcome = await _host.Runs.AskAsync(run.RunId, new RunCommand.Stop(RunHost.Owner, "enough"), CancellationToken.None);
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal(new CommandOutcome.Accepted(), outcome);
        Assert.Equal(1000, await socket.ClosedByClient);
        Assert.Equal(["transport.closed", "run.cancelled"], events.TakeLast(2).Select(e => e.Type));
        Assert.Equal("enough", events[^1].Text("reason"));
        Assert.Equal(EventSource.User, events[^1].Source);
    }

    [Fact]
    public async Task Stop_WhileAToolIgnoresItsToken_AnswersTheCallAsCancelled()
    {
        var never = new TaskCompletionSource<string>();
        _host = await RunHost.StartAsync(_upstream.BaseUrl, new TestTool("stuck", _ => never.Task));
        var run = await _host.StartRunAsync("Do it");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "stuck")));
        await _host.SeeAsync(run.RunId, RunEventTypes.ToolStarted);

        await _host.Runs.AskAsync(run.RunId, new RunCommand.Stop(RunHost.Owner, null), CancellationToken.None);
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal(["tool.cancelled", "transport.closed", "run.cancelled"], events.TakeLast(3).Select(e => e.Type));
        Assert.Equal("call_1", events[^3].CallId);
        Assert.Equal(1000, await socket.ClosedByClient);
        never.SetResult("too late");
    }

    [Fact]
    public async Task Run_ErrorInTheBand_FailsOnceAndClosesWith1000()
    {
        _host = await RunHost.StartAsync(_upstream.BaseUrl);
        var run = await _host.StartRunAsync("Hello");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync("""{"type":"error","code":"insufficient_quota","message":"No quota.","param":null,"sequence_number":0}""");
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal(["error", "transport.closed", "run.failed"], events.TakeLast(3).Select(e => e.Type));
        Assert.Equal("insufficient_quota", events[^1].Text("code"));
        Assert.Equal("No quota.", events[^1].Text("message"));
        Assert.Equal(1000, await socket.ClosedByClient);
    }

    [Fact]
    public async Task Run_ToolsOfAllEnds_EveryCallGetsExactlyOneOutput()
    {
        _host = await RunHost.StartAsync(
            _upstream.BaseUrl,
            new TestTool("fine", _ => Task.FromResult("ok")),
            new TestTool("broken", _ => throw new InvalidOperationException("secret detail")),
            new TestTool("slow", async token =>
            {
                await Task.Delay(Timeout.Infinite, token);
                return "";
            })
            {
                Deadline = TimeSpan.FromMilliseconds(50),
            });
        var run = await _host.StartRunAsync("Hello");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "fine"), ("call_2", "broken"), ("call_3", "slow"), ("call_4", "nothing")));
        var second = await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer("resp_2", "done"));
        var events = await _host.RestAsync(run.RunId);

        var outputs = Json(second).GetProperty("input").EnumerateArray().Select(item => item.GetProperty("call_id").GetString()).Order();
        Assert.Equal(["call_1", "call_2", "call_3", "call_4"], outputs);
        Assert.DoesNotContain("secret detail", second, StringComparison.Ordinal);
        Assert.Equal("tool.completed", End(events, "call_1"));
        Assert.Equal("tool.failed", End(events, "call_2"));
        Assert.Equal("tool.timed_out", End(events, "call_3"));
        Assert.Equal("tool.failed", End(events, "call_4"));
    }

    [Fact]
    public async Task Run_ExclusiveTools_RunOneAfterAnother()
    {
        var gate = new TaskCompletionSource<string>();
        var first = new TestTool("first", _ => gate.Task) { Parallel = false };
        var second = new TestTool("second", _ => Task.FromResult("ok")) { Parallel = false };
        var beside = new TestTool("beside", _ => Task.FromResult("ok"));
        _host = await RunHost.StartAsync(_upstream.BaseUrl, first, second, beside);
        var run = await _host.StartRunAsync("Hello");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "first"), ("call_2", "second"), ("call_3", "beside")));
        await _host.SeeAsync(run.RunId, RunEventTypes.ToolCompleted);

        Assert.Equal(1, first.Runs);
        Assert.Equal(0, second.Runs);
        Assert.Equal(1, beside.Runs);

        gate.SetResult("ok");
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer("resp_2", "done"));
        await _host.RestAsync(run.RunId);

        Assert.Equal(1, first.Runs);
        Assert.Equal(1, second.Runs);
        Assert.Equal(1, beside.Runs);
    }

    [Fact]
    public async Task Run_AllCallsFailThreeRoundsInARow_Fails()
    {
        _host = await RunHost.StartAsync(_upstream.BaseUrl);
        var run = await _host.StartRunAsync("Hello");
        var socket = await _upstream.NextSocketAsync();
        for (var round = 1; round <= 3; round++)
        {
            await socket.ReceiveAsync();
            await socket.SendAsync(Frames.Calls($"resp_{round}", ($"call_{round}", "nothing")));
        }

        var events = await _host.RestAsync(run.RunId);

        Assert.Equal("tools_failing", events[^1].Text("code"));
        Assert.Equal(3, events.Count(e => e.Type == RunEventTypes.ToolFailed));
    }

    [Fact]
    public async Task Run_UpstreamEventNamedLikeOurs_DoesNotPassForIt()
    {
        _host = await RunHost.StartAsync(_upstream.BaseUrl);
        var run = await _host.StartRunAsync("Hello");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync("""{"type":"run.completed","duration_ms":1}""");
        await socket.SendAsync(Frames.Answer("resp_1", "real"));
        var events = await _host.RestAsync(run.RunId);

        Assert.Contains(events, e => e is { Type: "upstream.run.completed", Source: EventSource.Upstream });
        Assert.Equal("run.completed", events[^1].Type);
        Assert.Equal("real", (await _host.Database.Events.FindAsync(run.RunId, CancellationToken.None))!.OutputText);
    }

    [Fact]
    public async Task Run_OverHttp_SendsTheFullInputAndGivesTheSameTimeline()
    {
        _host = await RunHost.StartAsync(_upstream.BaseUrl, TransportChoice.Http, new TestTool("look", _ => Task.FromResult("found it")));
        var run = await _host.StartRunAsync("Where is the pump?");
        var first = await _upstream.NextPostAsync();
        await first.SendAsync(Frames.Calls("resp_1", ("call_1", "look")));
        first.End();
        var second = await _upstream.NextPostAsync();
        await second.SendAsync(Frames.Answer("resp_2", "In Leeds."));
        second.End();
        var events = await _host.RestAsync(run.RunId);

        var input = Json(second.Body).GetProperty("input").EnumerateArray().Select(item => item.GetProperty("type").GetString());
        Assert.Equal(["message", "function_call", "function_call_output"], input);
        Assert.Equal(
            [
                "run.created", "user.message", "run.started",
                "attempt.sent", "response.created", "response.output_item.done", "response.completed",
                "tool.requested", "tool.started", "tool.completed",
                "attempt.sent", "response.created", "response.output_text.delta", "response.output_item.done", "response.completed",
                "run.completed",
            ],
            events.Where(e => !e.Type.StartsWith("transport.", StringComparison.Ordinal)).Select(e => e.Type));
    }

    private static string End(IReadOnlyList<RunEvent> events, string callId) =>
        Assert.Single(events, e => e.CallId == callId && e.Payload is ToolEnded).Type;

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static void AssertChain(IReadOnlyList<RunEvent> events)
    {
        var previous = RunEventChain.Start;
        foreach (var runEvent in events)
        {
            Assert.True(RunEventChain.Verify(runEvent, previous), $"event {runEvent.Seq} does not verify");
            previous = runEvent.Hash;
        }
    }
}
