using System.Collections.Concurrent;
using System.Text.Json;
using Copilot.Domain.Replay.Compare;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Forks;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;
using Copilot.Domain.Tools;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Runs.Forks;

/// <summary>A run that called two tools at once, then one, then answered, and what is forked from it.</summary>
public sealed class ForkedRunTests : IAsyncLifetime
{
    private readonly RecordingTool _look = new("look");
    private readonly RecordingTool _note = new("note");
    private ScriptedUpstream _upstream = null!;
    private RunHost _host = null!;
    private RunSummary _run = null!;
    private IReadOnlyList<RunEvent> _events = null!;
    private ForkableRun _forkable = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        _host = await RunHost.StartAsync(_upstream.BaseUrl, _look, _note);
        var run = await _host.StartRunAsync("Where is it?");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(
            Frames.Created("resp_1"), Call("call_1", "look", "{\"id\":1}", 0), Call("call_2", "note", "{\"id\":2}", 1), Frames.Completed("resp_1"));
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Created("resp_2"), Call("call_3", "look", "{\"id\":3}", 0), Frames.Completed("resp_2"));
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer("resp_3", "In Paris."));
        _events = await _host.RestAsync(run.RunId);
        _run = (await _host.Database.Events.FindAsync(run.RunId, CancellationToken.None))!;
        _forkable = ForkableRun.Read(_run, _events, upstreamStores: false)!;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public void Steps_OfARun_AreItsQuestionAndItsResponses()
    {
        Assert.Equal(["Where is it?", "", "", "In Paris."], _forkable.Steps.Select(step => step.Text));
        Assert.Equal(["look,note", "look"], _forkable.Steps.Where(step => step.Calls.Count > 0).Select(step => string.Join(",", step.Calls.Select(call => call.Name))));
        Assert.Equal(["{\"id\":1}", "{\"id\":2}"], _forkable.Steps[1].Calls.Select(call => call.Arguments));
        Assert.Equal("look of {\"id\":1}", _forkable.Steps[1].Calls[0].Output);
        foreach (var step in _forkable.Steps)
        {
            Assert.Same(step, _forkable.StepAt(step.Seq));
        }

        var started = _events.Single(one => one.Type == RunEventTypes.ToolStarted && one.CallId == "call_2");
        Assert.Equal("call_2", _forkable.CallAt(started.Seq)!.CallId);
        Assert.Same(_forkable.Steps[0], _forkable.StepAt(1));
        Assert.Same(_forkable.Steps[^1], _forkable.StepAt(_run.HeadSeq));
        Assert.Equal(["call_1", "call_2"], _forkable.Taken(_forkable.Steps[2], null).Select(call => call.CallId));
        Assert.Equal(["call_3"], _forkable.Again(_forkable.Steps[2], null).Select(call => call.CallId));
        Assert.Equal(["call_2"], _forkable.Taken(_forkable.Steps[1], _forkable.Steps[1].Calls[0]).Select(call => call.CallId));
        Assert.Equal(["call_1", "call_3"], _forkable.Again(_forkable.Steps[1], _forkable.Steps[1].Calls[0]).Select(call => call.CallId));
    }

    [Fact]
    public async Task Fork_AtAResponse_SendsWhatWasBeforeItAndInvokesNoEarlierTool()
    {
        var fork = await StartAsync(_forkable.Fork(_forkable.Steps[2], null, null, "other", "Fork of it"), "", "other");

        var socket = await _upstream.NextSocketAsync();
        var sent = await socket.ReceiveAsync();
        Assert.Equal(["Where is it?", "look {\"id\":1}", "note {\"id\":2}", "look of {\"id\":1}", "note of {\"id\":2}"], InputOf(sent));
        Assert.Equal("other", Root(sent).GetProperty("model").GetString());
        await socket.SendAsync(Frames.Answer("resp_9", "In Rome."));
        var events = await _host.RestAsync(fork.RunId);

        Assert.Equal([RunEventTypes.RunCreated, RunEventTypes.RunForked, RunEventTypes.RunStarted], events.Take(3).Select(one => one.Type));
        Assert.Equal(2, _look.Arguments.Count);
        Assert.Single(_note.Arguments);
        var stored = (await _host.Database.Events.FindAsync(fork.RunId, CancellationToken.None))!;
        Assert.Equal(new ForkSource(_run.RunId, _forkable.Steps[2].Seq, 3, HasMessage: false), stored.ForkedFrom);
        Assert.Equal("Where is it?", stored.Input);
        Assert.Equal("In Rome.", stored.OutputText);

        // The next message of the fork's conversation has all of it before.
        await _host.Runs.WhenIdleAsync();
        await _host.StartRunAsync("And now?", "ses_2");
        Assert.Equal(
            ["Where is it?", "look {\"id\":1}", "note {\"id\":2}", "look of {\"id\":1}", "note of {\"id\":2}", "In Rome.", "And now?"],
            InputOf(await (await _upstream.NextSocketAsync()).ReceiveAsync()));
    }

    [Fact]
    public async Task Fork_WithOtherArguments_InvokesThatCallAloneWithThem()
    {
        var step = _forkable.Steps[1];
        var fork = await StartAsync(_forkable.Fork(step, step.Calls[0], "{\"id\":7}", null, "Fork of it"), "", model: null);

        var socket = await _upstream.NextSocketAsync();
        Assert.Equal(["Where is it?", "look {\"id\":7}", "note {\"id\":2}", "look of {\"id\":7}", "note of {\"id\":2}"], InputOf(await socket.ReceiveAsync()));
        Assert.Equal(["{\"id\":1}", "{\"id\":3}", "{\"id\":7}"], _look.Arguments);
        Assert.Single(_note.Arguments);
        await socket.SendAsync(Frames.Answer("resp_9", "In Rome."));
        var events = await _host.RestAsync(fork.RunId);
        Assert.Equal("In Rome.", (await _host.Database.Events.FindAsync(fork.RunId, CancellationToken.None))!.OutputText);

        // Its idempotency keys are its own.
        Assert.Equal([new(_run.RunId, "call_1"), new(_run.RunId, "call_3"), new(fork.RunId, "call_1")], _look.Keys);

        // People see the call, and the comparison puts it beside the one that was changed.
        var timeline = TimelineReducer.Apply(TimelineState.Empty, events);
        Assert.Equal(step.Seq, Assert.IsType<ForkItem>(timeline.Items[0]).Seq);
        Assert.Equal("look of {\"id\":7}", timeline.ToolCalls.Single().Output);
        var pairs = StepAlignment.Of(RunSteps.Of(TimelineReducer.Apply(TimelineState.Empty, _events)), RunSteps.Of(timeline), CancellationToken.None);
        Assert.Equal("{\"id\":7}", pairs.SelectMany(pair => pair.Calls).Single(call => call.B is not null).B!.Arguments);
    }

    [Fact]
    public async Task Fork_AtTheQuestion_AsksOtherWords()
    {
        var fork = await StartAsync(_forkable.Fork(_forkable.Steps[0], null, null, null, "Fork of it"), "Where was it?", model: null);

        Assert.Equal(["Where was it?"], InputOf(await (await _upstream.NextSocketAsync()).ReceiveAsync()));
        Assert.True(fork.ForkedFrom!.HasMessage);
        Assert.Equal("Where was it?", fork.Input);
    }

    [Fact]
    public async Task Fork_AtAResponseWithAMessage_SaysItThere()
    {
        await StartAsync(_forkable.Fork(_forkable.Steps[3], null, null, null, "Fork of it"), "Answer in French.", model: null);

        Assert.Equal(
            ["Where is it?", "look {\"id\":1}", "note {\"id\":2}", "look of {\"id\":1}", "note of {\"id\":2}", "look {\"id\":3}", "look of {\"id\":3}", "Answer in French."],
            InputOf(await (await _upstream.NextSocketAsync()).ReceiveAsync()));
    }

    [Fact]
    public async Task Retry_OfAForkThatSaidNothing_BeginsWithTheSame()
    {
        var step = _forkable.Steps[1];
        var fork = await StartAsync(_forkable.Fork(step, step.Calls[0], "{\"id\":7}", null, "Fork of it"), "", model: null);
        var socket = await _upstream.NextSocketAsync();
        var first = InputOf(await socket.ReceiveAsync());
        await socket.SendAsync(Frames.Answer("resp_9", "In Rome."));
        await _host.RestAsync(fork.RunId);
        await _host.Runs.WhenIdleAsync();

        var request = RunHost.Request(fork.Input, "ses_2") with { Parent = new RunParent.SameAs(fork.RunId) };
        Assert.IsType<StartOutcome.Started>(await _host.Runs.StartAsync(request, CancellationToken.None));

        Assert.Equal(first, InputOf(await (await _upstream.NextSocketAsync()).ReceiveAsync()));
        Assert.Equal(["{\"id\":1}", "{\"id\":3}", "{\"id\":7}", "{\"id\":7}"], _look.Arguments);
    }

    [Fact]
    public async Task Fork_OfAFork_BeginsWhereItBegan()
    {
        var step = _forkable.Steps[1];
        var fork = await StartAsync(_forkable.Fork(step, step.Calls[0], "{\"id\":7}", null, "Fork of it"), "", model: null);
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer("resp_9", "In Rome."));
        var events = await _host.RestAsync(fork.RunId);
        var second = ForkableRun.Read((await _host.Database.Events.FindAsync(fork.RunId, CancellationToken.None))!, events, upstreamStores: false)!;

        Assert.Equal(["look", "note"], second.Steps[0].Calls.Select(call => call.Name));
        await StartAsync(second.Fork(second.Steps[0], second.Steps[0].Calls[0], "{\"id\":8}", null, "Fork of it"), "", model: null, "ses_3");

        Assert.Equal(
            ["Where is it?", "look {\"id\":8}", "note {\"id\":2}", "look of {\"id\":8}", "note of {\"id\":2}"],
            InputOf(await (await _upstream.NextSocketAsync()).ReceiveAsync()));
        Assert.Single(_note.Arguments);
    }

    private async Task<RunSummary> StartAsync(RunFork fork, string message, string? model, string sessionId = "ses_2")
    {
        var request = RunHost.Request(message, sessionId) with { Parent = new RunParent.Fork(fork) };
        request = model is null ? request : request with { Agent = request.Agent with { Model = model } };
        return Assert.IsType<StartOutcome.Started>(await _host.Runs.StartAsync(request, CancellationToken.None)).Run;
    }

    private static string Call(string callId, string name, string arguments, int index) =>
        $$$"""{"type":"response.output_item.done","sequence_number":6,"output_index":{{{index}}},"item":{"id":"fc_{{{callId}}}","type":"function_call","status":"completed","call_id":"{{{callId}}}","name":"{{{name}}}","arguments":{{{JsonSerializer.Serialize(arguments)}}}}}""";

    private static JsonElement Root(string request) => JsonDocument.Parse(request).RootElement;

    // Words, calls with their arguments, and outputs.
    private static string[] InputOf(string request) =>
    [
        .. Root(request).GetProperty("input").EnumerateArray().Select(item => item.GetProperty("type").GetString() switch
        {
            "function_call" => $"{item.GetProperty("name").GetString()} {item.GetProperty("arguments").GetString()}",
            "function_call_output" => item.GetProperty("output").GetString()!,
            _ => item.GetProperty("content")[0].GetProperty("text").GetString()!,
        }),
    ];

    /// <summary>Notes what it is called with.</summary>
    private sealed class RecordingTool(string name) : ITool
    {
        public ConcurrentQueue<string> Arguments { get; } = new();

        public ConcurrentQueue<ToolIdempotencyKey> Keys { get; } = new();

        public ToolDefinition Definition => new()
        {
            Name = name,
            Description = "A tool of the tests.",
            Parameters = JsonDocument.Parse("""{"type":"object","properties":{"id":{"type":"integer"}},"required":["id"],"additionalProperties":false}""").RootElement,
            ReadOnly = true,
        };

        public Task<ToolResult> InvokeAsync(ToolContext context, JsonElement arguments, CancellationToken cancellationToken)
        {
            Arguments.Enqueue(arguments.GetRawText());
            Keys.Enqueue(context.IdempotencyKey);
            return Task.FromResult(ToolResult.Ok($"{name} of {arguments.GetRawText()}"));
        }
    }
}
