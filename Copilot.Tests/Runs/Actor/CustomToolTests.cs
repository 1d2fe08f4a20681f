using System.Text.Json;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Tools;
using Copilot.Domain.Tools.Invocation;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Runs.Actor;

public sealed class CustomToolTests : RunScene
{
    private const string Grammar = "start: /[a-z]+/";

    [Fact]
    public async Task Run_CustomCall_HandsTheTextOverAndAnswersInKind()
    {
        var tool = new EchoTool(_ => Task.CompletedTask);
        _host = await RunHost.StartAsync(_upstream.BaseUrl, tool);
        var run = await _host.StartRunAsync("Say it");
        var socket = await _upstream.NextSocketAsync();
        var first = Json(await socket.ReceiveAsync());
        await socket.SendAsync(Calls("resp_1", "not { json\n\"at all\""));
        var second = Json(await socket.ReceiveAsync());
        await socket.SendAsync(Frames.Answer("resp_2", "Said."));
        var events = await _host.RestAsync(run.RunId);

        var declared = Assert.Single(first.GetProperty("tools").EnumerateArray());
        Assert.Equal("custom", Text(declared, "type"));
        Assert.Equal("echo", Text(declared, "name"));
        Assert.Equal("Says it again.", Text(declared, "description"));
        var format = declared.GetProperty("format");
        Assert.Equal("grammar", Text(format, "type"));
        Assert.Equal("lark", Text(format, "syntax"));
        Assert.Equal(Grammar, Text(format, "definition"));
        Assert.False(declared.TryGetProperty("parameters", out _));
        var output = Assert.Single(second.GetProperty("input").EnumerateArray());
        Assert.Equal("custom_tool_call_output", Text(output, "type"));
        Assert.Equal("call_1", Text(output, "call_id"));
        Assert.Equal("not { json\n\"at all\"", Text(output, "output"));
        Assert.Equal("resp_1", Text(second, "previous_response_id"));
        Assert.Equal(
            ["tool.requested", "tool.started", "tool.completed"],
            events.Where(e => e.Type.StartsWith("tool.", StringComparison.Ordinal)).Select(e => e.Type));
        Assert.Equal("not { json\n\"at all\"", events.Single(e => e.Type == RunEventTypes.ToolRequested).Text("arguments"));
    }

    [Fact]
    public async Task Run_CustomCallBesideAFunctionCall_AnswersEachInItsKind()
    {
        _host = await RunHost.StartAsync(_upstream.BaseUrl, new EchoTool(_ => Task.CompletedTask), new TestTool("look", _ => Task.FromResult("seen")));
        var run = await _host.StartRunAsync("Both");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync([Frames.Created("resp_1"), Call("x"), Frames.Call("call_2", "look", 1), Frames.Completed("resp_1")]);
        var second = Json(await socket.ReceiveAsync());
        await socket.SendAsync(Frames.Answer("resp_2", "Done."));
        await _host.RestAsync(run.RunId);

        Assert.Equal(
            ["custom_tool_call_output call_1", "function_call_output call_2"],
            second.GetProperty("input").EnumerateArray().Select(item => $"{Text(item, "type")} {Text(item, "call_id")}").Order());
    }

    [Fact]
    public async Task Run_DeadlinePasses_TellsTheModelInKind()
    {
        var never = new TaskCompletionSource();
        _host = await RunHost.StartAsync(_upstream.BaseUrl, new EchoTool(_ => never.Task) { Deadline = TimeSpan.FromMilliseconds(1) });
        var run = await _host.StartRunAsync("Say it");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Calls("resp_1", "x"));
        var second = Json(await socket.ReceiveAsync());
        await socket.SendAsync(Frames.Answer("resp_2", "Too slow."));
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal("custom_tool_call_output", Text(second.GetProperty("input")[0], "type"));
        Assert.Contains(events, e => e.Type == RunEventTypes.ToolTimedOut);
        never.SetResult();
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public async Task Restart_WhileItRuns_RepeatsItOnlyWhereThatIsSafe(bool readOnly, int runs)
    {
        var gate = new TaskCompletionSource();
        var tool = new EchoTool(_ => gate.Task) { ReadOnly = readOnly };
        _host = await RunHost.StartAsync(_upstream.BaseUrl, tool);
        var run = await _host.StartRunAsync("Say it");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Calls("resp_1", "x"));
        await _host.SeeAsync(run.RunId, RunEventTypes.ToolStarted);
        await tool.Began;
        await _host.RestartAsync();
        gate.SetResult();

        await _host.Runs.AskAsync(run.RunId, new RunCommand.Resume(RunHost.Owner, false), CancellationToken.None);
        var next = await _upstream.NextSocketAsync();
        var frame = Json(await next.ReceiveAsync());

        Assert.Equal(runs, tool.Runs);
        var output = frame.GetProperty("input").EnumerateArray().Last();
        Assert.Equal("custom_tool_call_output", Text(output, "type"));
        Assert.Equal("call_1", Text(output, "call_id"));
        Assert.Equal(readOnly, Text(output, "output") == "x");
    }

    private static string[] Calls(string response, string input) => [Frames.Created(response), Call(input), Frames.Completed(response)];

    private static string Call(string input) =>
        $$$"""{"type":"response.output_item.done","output_index":0,"item":{"id":"ctc_1","type":"custom_tool_call","status":"completed","call_id":"call_1","name":"echo","input":{{{JsonSerializer.Serialize(input)}}}}}""";

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static string? Text(JsonElement element, string property) => element.GetProperty(property).GetString();

    private sealed class EchoTool(Func<CancellationToken, Task> work) : TextTool
    {
        private readonly TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _runs;

        public bool ReadOnly { get; init; } = true;

        public TimeSpan? Deadline { get; init; }

        public FreeText Text { get; init; } = new() { Grammar = Grammar };

        public int Runs => Volatile.Read(ref _runs);

        public Task Began => _began.Task.Soon("the tool is invoked");

        public override ToolDefinition Definition =>
            Define("echo", "Says it again.") with { FreeText = Text, ReadOnly = ReadOnly, Deadline = Deadline };

        protected override async Task<ToolResult> InvokeAsync(ToolContext context, string input, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _runs);
            _began.TrySetResult();
            await work(cancellationToken);
            return ToolResult.Ok(input);
        }
    }
}
