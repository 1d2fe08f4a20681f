using System.Text;
using System.Text.Json;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Input;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Runs.HostedTools;

public sealed class HostedCallTests
{
    private const string McpCall = """{"id":"mcp_1","type":"mcp_call","server_label":"crm","name":"add","arguments":"{}","output":"added"}""";
    private const string Thought = """{"id":"rs_1","type":"reasoning","summary":[],"encrypted_content":"abc"}""";

    [Theory]
    [InlineData("mcp_call", true)]
    [InlineData("code_interpreter_call", true)]
    [InlineData("shell_call", true)]
    [InlineData("program", true)]
    [InlineData("brand_new_call", true)]
    [InlineData("web_search_call", false)]
    [InlineData("file_search_call", false)]
    [InlineData("image_generation_call", false)]
    [InlineData("mcp_list_tools", false)]
    [InlineData("mcp_approval_request", false)]
    [InlineData("computer_call", false)]
    [InlineData("apply_patch_call", false)]
    [InlineData("shell_call_output", false)]
    [InlineData("message", false)]
    public void MayHaveEffects_ItemType_IsTrueForWhatTheUpstreamCarriesOut(string type, bool expected) =>
        Assert.Equal(expected, OpenHostedCalls.MayHaveEffects(type));

    [Fact]
    public void Note_CallFromItsFirstSignToItsDoneItem_IsOpen()
    {
        var calls = new OpenHostedCalls();
        foreach (var (json, open) in new[]
        {
            ("""{"type":"response.web_search_call.searching","output_index":0}""", false),
            ("""{"type":"response.mcp_call_arguments.delta","output_index":1,"delta":"{"}""", true),
            ("""{"type":"response.mcp_call.completed","item_id":"mcp_1","output_index":1}""", true),
            ("""{"type":"response.output_item.done","output_index":1,"item":{"id":"mcp_1","type":"mcp_call"}}""", false),
            ("""{"type":"response.output_item.added","output_index":2,"item":{"id":"ci_1","type":"code_interpreter_call"}}""", true),
        })
        {
            calls.Note(ResponseEventParser.Parse(Encoding.UTF8.GetBytes(json)));
            Assert.Equal(open, calls.Any);
        }
    }

    [Theory]
    [InlineData("""{"type":"response.output_item.done","item":{"id":"rs_1","type":"reasoning"}}""", true)]
    [InlineData("""{"type":"response.output_item.done","output_index":0,"item":{"id":"msg_1","type":"message"}}""", true)]
    [InlineData("""{"type":"response.output_item.done","item":{"type":"message"}}""", true)]
    [InlineData("""{"type":"response.output_item.done","item":{"id":"mcp_2","type":"mcp_call"}}""", true)]
    [InlineData("""{"type":"response.output_item.done","output_index":7,"item":{"id":"mcp_1","type":"mcp_call"}}""", false)]
    [InlineData("""{"type":"response.output_item.done","item":{"type":"mcp_call"}}""", false)]
    public void Note_UpstreamThatCountsNoPlaces_OnlyTheCallItselfEndsIt(string done, bool open)
    {
        var calls = new OpenHostedCalls();
        calls.Note(Frames.Parse("""{"type":"response.output_item.added","item":{"id":"mcp_1","type":"mcp_call","name":"add"}}"""));
        calls.Note(Frames.Parse(done));

        Assert.Equal(open, calls.Any);
    }

    [Fact]
    public void Apply_CutAfterAHostedCallWasMade_KeepsReasoningAndCall()
    {
        var events = Begun();
        events.Upstream(Done(0, Thought));
        events.Upstream(Done(1, McpCall));
        events.Upstream(Frames.Delta("Half an ans"));
        events.Own(RunEventTypes.AttemptSuperseded, """{"response_id":"resp_1","reason":"cut"}""");

        Assert.Equal(["message", "reasoning", "mcp_call"], Types(Fold(events).Items));
    }

    [Fact]
    public void HasOpenHostedCall_InterruptedInTheCall_IsTrue()
    {
        var events = Begun();
        events.Upstream("""{"type":"response.mcp_call.in_progress","item_id":"mcp_1","output_index":0}""");
        events.Own(RunEventTypes.RunInterrupted, """{"reason":"stop"}""");

        Assert.True(Fold(events).HasOpenHostedCall);
    }

    [Theory]
    [InlineData("""{"type":"response.failed","response":{"id":"resp_1","status":"failed","error":{"code":"server_error","message":"no"}}}""", true)]
    [InlineData("""{"type":"error","code":"server_error","message":"no"}""", true)]
    [InlineData("""{"type":"response.completed","response":{"id":"resp_1","status":"completed"}}""", false)]
    [InlineData("""{"type":"response.incomplete","response":{"id":"resp_1","status":"incomplete"}}""", false)]
    public void HasUnfinishedHostedCall_ResponseEndedWithoutTheCallsEnd_IsTrueUnlessItEndedWell(string terminal, bool expected)
    {
        var events = Begun();
        events.Upstream("""{"type":"response.mcp_call.in_progress","item_id":"mcp_1","output_index":0}""");
        events.Upstream(terminal);

        Assert.Equal(expected, Fold(events).HasUnfinishedHostedCall);

        // A process that ends before the run does must not send the request again by itself.
        Assert.Equal(expected, Fold(events).HasOpenHostedCall);
    }

    [Theory]
    [InlineData(RunEventTypes.AttemptSuperseded, """{"response_id":"resp_1","reason":"cut"}""")]
    [InlineData(RunEventTypes.AttemptSent, """{"attempt":2,"mode":"full"}""")]
    public void HasUnfinishedHostedCall_NextAttempt_BeginsWithNone(string type, string data)
    {
        var events = Begun();
        events.Upstream("""{"type":"response.mcp_call.in_progress","item_id":"mcp_1","output_index":0}""");
        Assert.True(Fold(events).HasUnfinishedHostedCall);
        events.Own(type, data);

        Assert.False(Fold(events).HasUnfinishedHostedCall);
    }

    [Fact]
    public void Apply_CustomToolCall_IsAnsweredByExactlyOneCustomToolCallOutput()
    {
        var events = Begun();
        events.Upstream(Done(0, """{"id":"ctc_1","type":"custom_tool_call","status":"completed","call_id":"call_1","name":"sql","input":"SELECT \"x\""}"""));
        events.Upstream(Frames.Completed("resp_1"));
        var pending = Assert.Single(Fold(events).Unanswered);
        events.Tool(RunEventTypes.ToolCompleted, "call_1", """{"name":"sql","output":"1","duration_ms":1}""");
        events.Tool(RunEventTypes.ToolCompleted, "call_1", """{"name":"sql","output":"2","duration_ms":1}""");

        Assert.Equal("sql", pending.Name);
        Assert.Equal("SELECT \"x\"", pending.Arguments);
        Assert.True(pending.IsFreeText);
        Assert.Equal(
            """{"type":"custom_tool_call_output","call_id":"call_1","output":"1"}""",
            Encoding.UTF8.GetString(Fold(events).Items[^1].Json.Span));
        Assert.Equal(["message", "custom_tool_call", "custom_tool_call_output"], Types(Fold(events).Close()));
    }

    [Fact]
    public void Close_UnansweredCustomToolCall_GetsAnOutputOfItsKind()
    {
        var events = Begun();
        events.Upstream(Done(0, """{"id":"ctc_1","type":"custom_tool_call","call_id":"call_1","name":"sql","input":"x"}"""));
        events.Upstream(Frames.Completed("resp_1"));

        Assert.Equal(["message", "custom_tool_call", "custom_tool_call_output"], Types(Fold(events).Close()));
    }

    private static RunEvents Begun()
    {
        var events = new RunEvents("run_1").Created("ses_1", "usr_1");
        events.Own(RunEventTypes.UserMessage, """{"text":"question"}""");
        events.Own(RunEventTypes.RunStarted, "{}");
        events.Upstream(Frames.Created("resp_1"));
        return events;
    }

    private static string Done(int place, string item) =>
        $$$"""{"type":"response.output_item.done","output_index":{{{place}}},"item":{{{item}}}}""";

    private static InputFold Fold(RunEvents events)
    {
        var fold = new InputFold(store: false);
        foreach (var runEvent in events.All)
        {
            fold.Apply(runEvent);
        }

        return fold;
    }

    private static IEnumerable<string?> Types(IEnumerable<InputItem> items) =>
        items.Select(item => JsonDocument.Parse(item.Json).RootElement.GetProperty("type").GetString());
}
