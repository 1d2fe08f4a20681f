using System.Text;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Events.Output;
using static Copilot.Tests.Shared.Upstream.Frames;

namespace Copilot.Tests.Responses.Events;

/// <summary>What events say: deltas, responses, items, tools.</summary>
public sealed class ResponseEventParserTests
{
    private static readonly ReadOnlyMemory<byte> s_none = ReadOnlyMemory<byte>.Empty;

    public static TheoryData<string, string> Deltas => new()
    {
        { "response.output_text.delta", "OutputText" },
        { "response.refusal.delta", "Refusal" },
        { "response.reasoning_summary_text.delta", "ReasoningSummary" },
        { "response.reasoning_text.delta", "ReasoningText" },
        { "response.function_call_arguments.delta", "FunctionCallArguments" },
        { "response.custom_tool_call_input.delta", "CustomToolCallInput" },
        { "response.code_interpreter_call_code.delta", "CodeInterpreterCode" },
        { "response.mcp_call_arguments.delta", "McpCallArguments" },
        { "response.shell_call_command.delta", "ShellCommand" },
        { "response.audio.transcript.delta", "AudioTranscript" },
    };

    public static TheoryData<string, string, string> Dones => new()
    {
        { "response.output_text.done", "text", "OutputText" },
        { "response.refusal.done", "refusal", "Refusal" },
        { "response.reasoning_summary_text.done", "text", "ReasoningSummary" },
        { "response.reasoning_text.done", "text", "ReasoningText" },
        { "response.function_call_arguments.done", "arguments", "FunctionCallArguments" },
        { "response.custom_tool_call_input.done", "input", "CustomToolCallInput" },
        { "response.code_interpreter_call_code.done", "code", "CodeInterpreterCode" },
        { "response.mcp_call_arguments.done", "arguments", "McpCallArguments" },
        { "response.shell_call_command.done", "command", "ShellCommand" },
        { "response.audio.transcript.done", "transcript", "AudioTranscript" },
    };

    [Theory]
    [MemberData(nameof(Deltas))]
    public void Parse_Delta_HasItsText(string type, string kind)
    {
        foreach (var index in new[] { "content_index", "summary_index", "command_index" })
        {
            var parsed = Parse($$"""{"type":"{{type}}","sequence_number":7,"item_id":"it_1","output_index":2,"{{index}}":3,"delta":"a\n\"ü\u00fc","obfuscation":"x"}""");
            Assert.Equal(
                new TextDeltaEvent
                {
                    Type = type,
                    SequenceNumber = 7,
                    Json = s_none,
                    Kind = Enum.Parse<DeltaKind>(kind),
                    ItemId = "it_1",
                    OutputIndex = 2,
                    PartIndex = 3,
                    Delta = "a\n\"üü",
                },
                parsed with { Json = s_none });
            Assert.False(parsed.IsTerminal);
        }
    }

    [Theory]
    [MemberData(nameof(Dones))]
    public void Parse_Done_HasTheWholeText(string type, string member, string kind) => Assert.Equal(
        new TextDoneEvent
        {
            Type = type,
            SequenceNumber = 8,
            StreamId = "main",
            Json = s_none,
            Kind = Enum.Parse<DeltaKind>(kind),
            ItemId = "it_1",
            OutputIndex = 1,
            PartIndex = 0,
            Text = "whole",
        },
        Parse($$"""{"item_id":"it_1","{{member}}":"whole","output_index":1,"stream_id":"main","sequence_number":8,"type":"{{type}}"}""") with { Json = s_none });

    [Theory]
    [InlineData("created", "in_progress", ResponseStatus.InProgress, false)]
    [InlineData("created", "queued", ResponseStatus.Queued, false)]
    [InlineData("queued", "queued", ResponseStatus.Queued, false)]
    [InlineData("in_progress", "in_progress", ResponseStatus.InProgress, false)]
    [InlineData("completed", "completed", ResponseStatus.Completed, true)]
    [InlineData("incomplete", "incomplete", ResponseStatus.Incomplete, true)]
    [InlineData("failed", "failed", ResponseStatus.Failed, true)]
    [InlineData("done", "completed", ResponseStatus.Completed, true)]
    [InlineData("done", "failed", ResponseStatus.Failed, true)]
    [InlineData("done", "incomplete", ResponseStatus.Incomplete, true)]
    [InlineData("cancelled", "cancelled", ResponseStatus.Cancelled, true)]
    public void Parse_Lifecycle_KnowsHowFarTheResponseIs(string type, string status, ResponseStatus expected, bool terminal)
    {
        var parsed = Assert.IsType<ResponseLifecycleEvent>(
            Parse($$$$"""{"type":"response.{{{{type}}}}","sequence_number":0,"response":{"id":"resp_1","object":"response","status":"{{{{status}}}}","model":"gpt-5.6","metadata":{"status":"failed"}}}"""));
        Assert.Equal("resp_1", parsed.Response.Id);
        Assert.Equal(expected, parsed.Response.Status);
        Assert.Equal("gpt-5.6", parsed.Response.Model);
        Assert.Equal(terminal, parsed.IsTerminal);
    }

    [Theory]
    [InlineData("""{"input_tokens":-3,"output_tokens":2}""")]
    [InlineData("""{"input_tokens":3,"output_tokens":-2}""")]
    [InlineData("""{"input_tokens":9223372036854775807,"output_tokens":2}""")]
    [InlineData("""{"input_tokens":3}""")]
    public void Parse_UsageThatCannotBe_IsUnknown(string usage) => Assert.Null(UsageOf(usage));

    [Fact]
    public void Parse_PartsLargerThanTheWhole_AreTheWhole() => Assert.Equal(
        new ResponseUsage(3, 3, 2, 0),
        UsageOf("""{"input_tokens":3,"input_tokens_details":{"cached_tokens":9},"output_tokens":2,"output_tokens_details":{"reasoning_tokens":-1}}"""));

    [Fact]
    public void Parse_NamesWithoutEnd_AreCutOrNone()
    {
        var name = new string('n', 1_000);
        var call = Assert.IsType<OutputItemEvent>(Parse(
            $$$"""{"type":"response.output_item.done","output_index":0,"item":{"id":"{{{name}}}","type":"function_call","call_id":"{{{name}}}","name":"{{{name}}}","arguments":"{}"}}""")).Item;
        var ended = Assert.IsType<ResponseLifecycleEvent>(Parse(
            $$$$"""{"type":"response.incomplete","response":{"id":"{{{{name}}}}","model":"{{{{name}}}}","incomplete_details":{"reason":"{{{{name}}}}"}}}""")).Response;

        Assert.Null(call.Id);
        Assert.Null(call.CallId);
        Assert.Equal(200, call.Name!.Length);
        Assert.Equal("", ended.Id);
        Assert.Equal(500, ended.Model!.Length);
        Assert.Equal(500, ended.IncompleteReason!.Length);
    }

    [Fact]
    public void Parse_ItemsWithoutEnd_AreReadToABound() => Assert.Equal(
        2_000,
        Assert.IsType<ResponseLifecycleEvent>(Parse(
            $$$"""{"type":"response.completed","response":{"id":"resp_1","output":[{{{string.Join(',', Enumerable.Repeat("{}", 2_001))}}}]}}""")).Response.Output.Count);

    [Fact]
    public void Apply_ItemWithMembersWithoutEnd_IsTheLaterOne()
    {
        var members = string.Join(',', Enumerable.Range(0, 201).Select(number => $"\"m{number}\":1"));
        var output = ResponseOutput.Empty
            .Apply(Parse($$$"""{"type":"response.output_item.added","output_index":0,"item":{"id":"i","type":"brand_new",{{{members}}}}}"""))
            .Apply(Parse("""{"type":"response.output_item.done","output_index":0,"item":{"id":"i","type":"brand_new"}}"""));

        Assert.Equal("""{"id":"i","type":"brand_new"}""", Encoding.UTF8.GetString(Assert.Single(output.Finished).Json.Span));
    }

    [Fact]
    public void Parse_CharacterCutBetweenItsBytes_IsASign()
    {
        byte[] json = [.. """{"type":"response.output_text.delta","delta":"5 """u8, 0xE2, 0x82, .. """ \n"}"""u8];
        var delta = Assert.IsType<TextDeltaEvent>(ResponseEventParser.Parse(json));

        Assert.Equal("5 \uFFFD \n", delta.Delta);
        Assert.Equal("""{"type":"response.output_text.delta","delta":"5 """ + "\uFFFD" + """ \n"}""", Encoding.UTF8.GetString(delta.Json.Span));
    }

    [Fact]
    public void Parse_Completed_ReadsUsageAndOutput()
    {
        var parsed = Assert.IsType<ResponseLifecycleEvent>(Parse(
            """
            {"type":"response.completed","response":{"id":"resp_1","status":"completed","error":null,"incomplete_details":null,
             "usage":{"input_tokens":10,"input_tokens_details":{"cached_tokens":4},"output_tokens":6,"output_tokens_details":{"reasoning_tokens":2},"total_tokens":16},
             "output":[
              {"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"First."},{"type":"summary_text","text":"Then."}],"encrypted_content":"x"},
              {"id":"msg_1","type":"message","role":"assistant","status":"completed","phase":"final_answer","content":[{"type":"output_text","text":"A","annotations":[{"type":"x","text":"no"}]},{"type":"output_text","text":"B"},{"type":"refusal","refusal":"C"}]},
              {"id":"fc_1","type":"function_call","call_id":"call_1","name":"find","arguments":"{\"a\":1}","status":"completed"},
              {"id":"ctc_1","type":"custom_tool_call","call_id":"call_2","name":"run","input":"ls"},
              {"id":"new_1","type":"brand_new","name":{"odd":true}}]}}
            """));
        var response = parsed.Response;
        Assert.Equal(new ResponseUsage(10, 4, 6, 2), response.Usage);
        Assert.Null(response.Error);
        Assert.Null(response.IncompleteReason);
        Assert.Equal(["reasoning", "message", "function_call", "custom_tool_call", "brand_new"], response.Output.Select(item => item.Type));
        Assert.Equal("First.\n\nThen.", response.Output[0].Text);
        Assert.Equal("AB", response.Output[1].Text);
        Assert.Equal("C", response.Output[1].Refusal);
        Assert.Equal("final_answer", response.Output[1].Phase);
        Assert.Equal("completed", response.Output[1].Status);
        Assert.Equal("call_1", response.Output[2].CallId);
        Assert.Equal("find", response.Output[2].Name);
        Assert.Equal("""{"a":1}""", response.Output[2].Arguments);
        Assert.Equal("ls", response.Output[3].Arguments);
        Assert.Equal("""{"id":"new_1","type":"brand_new","name":{"odd":true}}""", Encoding.UTF8.GetString(response.Output[4].Json.Span));
        Assert.Null(response.Output[4].Name);
    }

    [Fact]
    public void Parse_Failed_ReadsTheError()
    {
        var error = Snapshot("""{"type":"response.failed","response":{"id":"r","error":{"code":"rate_limit_exceeded","message":"Please try again in 28ms."}}}""").Error!;
        Assert.Equal("rate_limit_exceeded", error.Code);
        Assert.Equal(TimeSpan.FromMilliseconds(28), error.RetryAfter);
        Assert.Equal("The response failed, and the upstream gave no reason.", Snapshot("""{"type":"response.failed","response":{"id":"r","error":null}}""").Error!.Message);
    }

    [Fact]
    public void Parse_Incomplete_ReadsTheReason() => Assert.Equal(
        "max_output_tokens",
        Snapshot("""{"type":"response.incomplete","response":{"id":"r","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}}}""").IncompleteReason);

    [Theory]
    [InlineData("added", false)]
    [InlineData("done", true)]
    public void Parse_OutputItem_HasTheItem(string type, bool done)
    {
        var parsed = Assert.IsType<OutputItemEvent>(Parse(
            $$$"""{"type":"response.output_item.{{{type}}}","output_index":4,"item":{"id":"fc_1","type":"function_call","status":"in_progress","arguments":"","call_id":"call_1","name":"find"}}"""));
        Assert.Equal(done, parsed.Done);
        Assert.Equal(4, parsed.OutputIndex);
        Assert.Equal("call_1", parsed.Item.CallId);
        Assert.Equal("", parsed.Item.Arguments);
    }

    [Theory]
    [InlineData("content_part.added", "content_index", """{"type":"output_text","text":"t","annotations":[]}""", "output_text", false)]
    [InlineData("content_part.done", "content_index", """{"type":"refusal","refusal":"t"}""", "refusal", true)]
    [InlineData("content_part.done", "content_index", """{"type":"reasoning_text","text":"t"}""", "reasoning_text", true)]
    [InlineData("reasoning_summary_part.added", "summary_index", """{"type":"summary_text","text":"t"}""", "summary_text", false)]
    [InlineData("reasoning_summary_part.done", "summary_index", """{"type":"summary_text","text":"t"}""", "summary_text", true)]
    public void Parse_Part_HasTypeAndText(string type, string index, string part, string partType, bool done)
    {
        var parsed = Assert.IsType<PartEvent>(Parse($$"""{"type":"response.{{type}}","item_id":"it_1","output_index":1,"{{index}}":2,"part":{{part}}}"""));
        Assert.Equal(done, parsed.Done);
        Assert.Equal("it_1", parsed.ItemId);
        Assert.Equal(1, parsed.OutputIndex);
        Assert.Equal(2, parsed.PartIndex);
        Assert.Equal(partType, parsed.PartType);
        Assert.Equal("t", parsed.Text);
    }

    [Theory]
    [InlineData("web_search_call", "in_progress searching completed")]
    [InlineData("file_search_call", "in_progress searching completed")]
    [InlineData("code_interpreter_call", "in_progress interpreting completed")]
    [InlineData("image_generation_call", "in_progress generating completed partial_image")]
    [InlineData("mcp_list_tools", "in_progress completed failed")]
    [InlineData("mcp_call", "in_progress completed failed")]
    [InlineData("compaction", "compacting")]
    public void Parse_Progress_NamesToolAndPhase(string tool, string phases)
    {
        foreach (var phase in phases.Split(' '))
        {
            var parsed = Assert.IsType<ItemProgressEvent>(Parse($$"""{"type":"response.{{tool}}.{{phase}}","item_id":"it_1","output_index":3}"""));
            Assert.Equal(tool, parsed.ItemType);
            Assert.Equal(phase, parsed.Phase);
            Assert.Equal("it_1", parsed.ItemId);
            Assert.Equal(3, parsed.OutputIndex);
        }
    }

    [Fact]
    public void Parse_ShellOutput_IsProgressWithItsJson()
    {
        const string json = """{"type":"response.shell_call_output_content.delta","item_id":"sh_1","output_index":1,"command_index":0,"delta":{"stdout":"x","stderr":""}}""";
        var parsed = Assert.IsType<ItemProgressEvent>(Parse(json));
        Assert.Equal("shell_call", parsed.ItemType);
        Assert.Equal("output", parsed.Phase);
        Assert.Equal(json, Encoding.UTF8.GetString(parsed.Json.Span));
    }

    [Fact]
    public void Parse_ShellCommandAdded_IsADelta() =>
        Assert.Equal("ls", Assert.IsType<TextDeltaEvent>(Parse("""{"type":"response.shell_call_command.added","output_index":1,"command_index":0,"command":"ls"}""")).Delta);

    [Fact]
    public void Parse_Annotation_HasItsJson() => Assert.Equal(
        """{"type":"url_citation","url":"https://x"}""",
        Encoding.UTF8.GetString(Assert.IsType<AnnotationEvent>(Parse(
            """{"type":"response.output_text.annotation.added","item_id":"m","output_index":0,"content_index":0,"annotation_index":0,"annotation":{"type":"url_citation","url":"https://x"}}""")).Annotation.Span));

    [Fact]
    public void Parse_Steer_HasOutcomeAndError()
    {
        var failed = Assert.IsType<SteerEvent>(Parse("""{"type":"response.steer.failed","steer":{"previous_response_id":"r"},"error":{"code":"response_not_active","message":"Too late."}}"""));
        Assert.Equal("failed", failed.Outcome);
        Assert.Equal("response_not_active", failed.Error!.Code);
        Assert.Equal("Too late.", failed.Error.Message);
        Assert.Null(failed.SteerId);
        Assert.Equal("r", failed.PreviousResponseId);
        var accepted = Assert.IsType<SteerEvent>(Parse("""{"type":"response.steer.accepted","steer":{"id":"s","previous_response_id":"r"}}"""));
        Assert.Equal("accepted", accepted.Outcome);
        Assert.Equal("s", accepted.SteerId);
        Assert.Equal("r", accepted.PreviousResponseId);
        Assert.Null(accepted.Error);
        Assert.Null(Assert.IsType<SteerEvent>(Parse("""{"type":"response.steer.pending","steer":7}""")).SteerId);
    }

    private static ResponseSnapshot Snapshot(string json) => Assert.IsType<ResponseLifecycleEvent>(Parse(json)).Response;

    private static ResponseUsage? UsageOf(string usage) => Assert.IsType<ResponseLifecycleEvent>(
        Parse($$$"""{"type":"response.completed","response":{"id":"resp_1","status":"completed","usage":{{{usage}}} } }""")).Response.Usage;
}
