using System.Text;
using System.Text.Json;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Input;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Runs;

namespace Copilot.Tests.Runs.Input;

public sealed class InputFoldTests
{
    private const string Call = """{"id":"fc_1","type":"function_call","status":"completed","call_id":"call_1","name":"look","arguments":"{}"}""";
    private const string Thought = """{"id":"rs_1","type":"reasoning","summary":[],"encrypted_content":"abc"}""";
    private const string Answer = """{"id":"msg_1","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"done","annotations":[]}]}""";

    private readonly RunEvents _events = new RunEvents("run_1").Created("ses_1", "usr_1");

    [Fact]
    public void Apply_CompletedToolRound_GivesCallThenItsOneOutput()
    {
        Begin("resp_1");
        Done(Thought, Call);
        Complete("resp_1");
        _events.Tool(RunEventTypes.ToolStarted, "call_1", """{"name":"look","deadline_ms":1}""");
        _events.Tool(RunEventTypes.ToolCompleted, "call_1", """{"name":"look","output":"found","duration_ms":1}""");
        _events.Tool(RunEventTypes.ToolCompleted, "call_1", """{"name":"look","output":"again","duration_ms":1}""");

        Assert.Equal(["user", "reasoning", "function_call call_1", "function_call_output call_1 found"], Kinds(Fold().Items));
    }

    [Fact]
    public void Apply_CallToldTwice_CountsOnce()
    {
        Begin("resp_1");
        Done(Thought, Call, Thought, Call);
        Complete("resp_1");

        var fold = Fold();

        Assert.Equal("call_1", Assert.Single(fold.Unanswered).CallId);
        Assert.Equal(["user", "reasoning", "function_call call_1"], Kinds(fold.Items));
    }

    [Fact]
    public void Apply_ItemsFinishedOutOfOrder_AreGivenBackInTheirPlaces()
    {
        Begin("resp_1");
        _events.Upstream($$$"""{"type":"response.output_item.done","output_index":1,"item":{{{Call}}}}""");
        _events.Upstream($$$"""{"type":"response.output_item.done","output_index":0,"item":{{{Thought}}}}""");
        Complete("resp_1");

        Assert.Equal(["user", "reasoning", "function_call call_1"], Kinds(Fold().Items));
    }

    [Fact]
    public void Apply_CallIdUsedAgain_IsAnotherCallThatWasNotStarted()
    {
        Begin("resp_1");
        Done(Call);
        Complete("resp_1");
        _events.Tool(RunEventTypes.ToolStarted, "call_1", """{"name":"look","deadline_ms":1}""");
        _events.Tool(RunEventTypes.ToolCompleted, "call_1", """{"name":"look","output":"found","duration_ms":1}""");
        Begin("resp_2");
        Done(Call);
        Complete("resp_2");

        var fold = Fold();

        Assert.Equal("call_1", Assert.Single(fold.Unanswered).CallId);
        Assert.False(fold.WasStarted("call_1"));
    }

    [Fact]
    public void Apply_FinalAnswer_SaysSo()
    {
        Begin("resp_1");
        Done(Answer);
        Complete("resp_1");

        var fold = Fold();

        Assert.True(fold.HasFinalAnswer);
        Assert.Equal(["user", "assistant done"], Kinds(fold.Items));
    }

    [Fact]
    public void Apply_SparseStream_TakesTheTerminalOutput()
    {
        Begin("resp_1");
        _events.Upstream($$$"""{"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[{{{Answer}}}]}}""");

        Assert.Equal(["user", "assistant done"], Kinds(Fold().Items));
    }

    [Fact]
    public void Apply_CutBeforeItsEnd_LeavesTheResponseOut()
    {
        Begin("resp_1");
        Done(Answer);
        _events.Own(RunEventTypes.AttemptSuperseded, """{"response_id":"resp_1","reason":"cut"}""");

        Assert.Equal(["user"], Kinds(Fold().Items));
    }

    [Fact]
    public void Apply_CutAfterAToolStarted_KeepsReasoningCallAndOutput()
    {
        Begin("resp_1");
        Done(Thought, Call);
        _events.Tool(RunEventTypes.ToolStarted, "call_1", """{"name":"look","deadline_ms":1}""");
        _events.Tool(RunEventTypes.ToolCompleted, "call_1", """{"name":"look","output":"found","duration_ms":1}""");
        _events.Own(RunEventTypes.AttemptSuperseded, """{"response_id":"resp_1","reason":"cut"}""");

        Assert.Equal(["user", "reasoning", "function_call call_1", "function_call_output call_1 found"], Kinds(Fold().Items));
    }

    [Fact]
    public void Apply_CancelledWhileAnswering_KeepsWhatWasSaid()
    {
        Begin("resp_1");
        _events.Upstream("""{"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"half an"}""");
        _events.Upstream("""{"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":" answer"}""");
        _events.Own(RunEventTypes.RunCancelled, """{"duration_ms":1,"reason":null}""");

        Assert.Equal(["user", "assistant half an answer"], Kinds(Fold().Items));
    }

    [Fact]
    public void Apply_RemovedFromTheQueue_LeavesNothing()
    {
        _events.Own(RunEventTypes.UserMessage, """{"text":"never mind"}""");
        _events.Own(RunEventTypes.RunCancelled, """{"duration_ms":1,"reason":null}""");

        Assert.Empty(Fold().Close());
    }

    [Fact]
    public void Close_UnansweredCall_GetsOneOutput()
    {
        Begin("resp_1");
        Done(Call);
        Complete("resp_1");

        var kinds = Kinds(Fold().Close());

        Assert.Equal(3, kinds.Length);
        Assert.StartsWith("function_call_output call_1 This call was not carried out", kinds[2], StringComparison.Ordinal);
    }

    private void Begin(string id)
    {
        if (_events.All.Count == 1)
        {
            _events.Own(RunEventTypes.UserMessage, """{"text":"question"}""");
            _events.Own(RunEventTypes.RunStarted, "{}");
        }

        _events.Upstream($$$"""{"type":"response.created","response":{"id":"{{{id}}}","status":"in_progress"}}""");
    }

    private void Done(params string[] items)
    {
        for (var i = 0; i < items.Length; i++)
        {
            _events.Upstream($$$"""{"type":"response.output_item.done","output_index":{{{i}}},"item":{{{items[i]}}}}""");
        }
    }

    private void Complete(string id) =>
        _events.Upstream($$$"""{"type":"response.completed","response":{"id":"{{{id}}}","status":"completed"}}""");

    private InputFold Fold()
    {
        var fold = new InputFold(store: false);
        foreach (var runEvent in _events.All)
        {
            fold.Apply(runEvent);
        }

        return fold;
    }

    private static string[] Kinds(IReadOnlyList<Copilot.Domain.Responses.Requests.InputItem> items) => [.. items.Select(item =>
    {
        var json = JsonDocument.Parse(Encoding.UTF8.GetString(item.Json.Span)).RootElement;
        string Get(string name) => json.TryGetProperty(name, out var value) ? value.ToString() : "";
        return json.GetProperty("type").GetString() switch
        {
            "message" when Get("role") == "assistant" => "assistant " + json.GetProperty("content")[0].GetProperty("text").GetString(),
            "message" => Get("role"),
            "function_call" => "function_call " + Get("call_id"),
            "function_call_output" => $"function_call_output {Get("call_id")} {Get("output")}",
            { } other => other,
            null => "",
        };
    })];
}
