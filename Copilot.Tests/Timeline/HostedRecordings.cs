using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Runs;

namespace Copilot.Tests.Timeline;

/// <summary>One response with an item of every kind that the upstream runs or asks for in its own way.</summary>
internal static class HostedRecordings
{
    /// <summary>A PNG of one pixel.</summary>
    public const string Pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    /// <summary>The finished items, in the order of their places from 0.</summary>
    public static IReadOnlyList<string> Items { get; } =
    [
        """{"id":"ws_1","type":"web_search_call","status":"completed","action":{"type":"search","query":"pump recall","queries":["pump recall","CP-40 recall"],"sources":[{"type":"url","url":"https://example.com/recall"},{"type":"url","url":"javascript:alert(1)"}]}}""",
        """{"id":"fs_1","type":"file_search_call","status":"completed","queries":["priming"],"results":[{"file_id":"file_1","filename":"CP-40 manual.pdf","score":0.91,"text":"Prime the pump first."},{"file_id":"file_2","filename":"","score":0.4,"text":"Other."}]}""",
        $$"""{"id":"ci_1","type":"code_interpreter_call","status":"completed","code":"print(6*7)","container_id":"cntr_1","outputs":[{"type":"logs","logs":"42\n"},{"type":"image","url":"data:image/png;base64,{{Pixel}}"},{"type":"image","url":"https://example.com/plot.png"}]}""",
        $$"""{"id":"ig_1","type":"image_generation_call","status":"completed","result":"{{Pixel}}","revised_prompt":"A red pump","size":"1024x1024","quality":"low","output_format":"png"}""",
        """{"id":"mcpl_1","type":"mcp_list_tools","server_label":"demo","tools":[{"name":"lookup_warranty","description":"Looks up.","input_schema":{}}]}""",
        """{"id":"mcp_1","type":"mcp_call","status":"completed","server_label":"demo","name":"lookup_warranty","arguments":"{\"serial\":\"A1\"}","output":"until 2028"}""",
        """{"id":"sh_1","type":"shell_call","call_id":"call_sh","status":"completed","action":{"commands":["ls -l","pwd"],"timeout_ms":1000}}""",
        """{"id":"sho_1","type":"shell_call_output","call_id":"call_sh","output":[{"stdout":"a\n","stderr":"","outcome":{"type":"exit","exit_code":0}},{"stdout":"/tmp\n","stderr":"","outcome":{"type":"exit","exit_code":2}}]}""",
        """{"id":"lsh_1","type":"local_shell_call","call_id":"call_l","status":"completed","action":{"type":"exec","command":["git","status"],"working_directory":"/src"}}""",
        """{"id":"ap_1","type":"apply_patch_call","call_id":"call_p","status":"completed","operation":{"type":"update_file","path":"a.cs","diff":"@@\n-a\n+b"}}""",
        """{"id":"cu_1","type":"computer_call","call_id":"call_c","status":"completed","action":{"type":"click","x":10,"y":20}}""",
        """{"id":"cmp_1","type":"compaction","encrypted_content":"c2VhbGVk"}""",
        """{"id":"new_1","type":"brand_new_call","status":"completed","what":{"it":"says"}}""",
        """{"id":"ctc_1","type":"custom_tool_call","status":"completed","call_id":"call_q","name":"sql_query","input":"SELECT 1"}""",
        """{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"**One** thought."},{"type":"summary_text","text":"**Two** thoughts."}]}""",
        """{"id":"msg_1","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"The recall is real.","annotations":[{"type":"url_citation","url":"https://example.com/recall","title":"Recall","start_index":4,"end_index":10},{"type":"file_citation","file_id":"file_1","filename":"CP-40 manual.pdf","index":19}]},{"type":"refusal","refusal":"No more than that."}]}""",
    ];

    public static RunLogBuilder Whole()
    {
        var log = new RunLogBuilder().Begin().Send(1, "resp_1");
        Added(log, 0, """{"id":"ws_1","type":"web_search_call","status":"in_progress"}""")
            .Progress("web_search_call.in_progress", "ws_1", 0).Progress("web_search_call.searching", "ws_1", 0).Progress("web_search_call.completed", "ws_1", 0);
        Done(log, 0);
        Added(log, 1, """{"id":"fs_1","type":"file_search_call","status":"in_progress","queries":[],"results":null}""")
            .Progress("file_search_call.searching", "fs_1", 1).Progress("file_search_call.completed", "fs_1", 1);
        Done(log, 1);
        Added(log, 2, """{"id":"ci_1","type":"code_interpreter_call","status":"in_progress","code":"","container_id":"cntr_1","outputs":null}""")
            .Text("code_interpreter_call_code.delta", "ci_1", 2, "delta", "print(").Text("code_interpreter_call_code.delta", "ci_1", 2, "delta", "6*7)")
            .Text("code_interpreter_call_code.done", "ci_1", 2, "code", "print(6*7)")
            .Progress("code_interpreter_call.interpreting", "ci_1", 2).Progress("code_interpreter_call.completed", "ci_1", 2);
        Done(log, 2);
        Added(log, 3, """{"id":"ig_1","type":"image_generation_call","status":"in_progress","result":null}""")
            .Progress("image_generation_call.generating", "ig_1", 3);
        Partial(log, 0);
        Partial(log, 1).Progress("image_generation_call.completed", "ig_1", 3);
        Done(log, 3);
        Added(log, 4, """{"id":"mcpl_1","type":"mcp_list_tools","server_label":"demo","tools":[]}""")
            .Progress("mcp_list_tools.in_progress", "mcpl_1", 4).Progress("mcp_list_tools.completed", "mcpl_1", 4);
        Done(log, 4);
        Added(log, 5, """{"id":"mcp_1","type":"mcp_call","status":"in_progress","server_label":"demo","name":"lookup_warranty","arguments":""}""")
            .Progress("mcp_call.in_progress", "mcp_1", 5)
            .Text("mcp_call_arguments.delta", "mcp_1", 5, "delta", "{\"serial\":").Text("mcp_call_arguments.delta", "mcp_1", 5, "delta", "\"A1\"}")
            .Text("mcp_call_arguments.done", "mcp_1", 5, "arguments", "{\"serial\":\"A1\"}")
            .Progress("mcp_call.completed", "mcp_1", 5);
        Done(log, 5);
        Added(log, 6, """{"id":"sh_1","type":"shell_call","call_id":"call_sh","status":"in_progress","action":{"commands":[]}}""")
            .Frame("""{"type":"response.shell_call_command.added","output_index":6,"command_index":0,"command":"ls"}""")
            .Frame("""{"type":"response.shell_call_command.delta","output_index":6,"command_index":0,"delta":" -l"}""")
            .Frame("""{"type":"response.shell_call_command.done","output_index":6,"command_index":0,"command":"ls -l"}""")
            .Frame("""{"type":"response.shell_call_command.delta","output_index":6,"command_index":1,"delta":"pw"}""")
            .Frame("""{"type":"response.shell_call_command.done","output_index":6,"command_index":1,"command":"pwd"}""");
        Done(log, 6);
        Added(log, 7, """{"id":"sho_1","type":"shell_call_output","call_id":"call_sh","output":[]}""")
            .Frame("""{"type":"response.shell_call_output_content.delta","item_id":"sho_1","output_index":7,"command_index":0,"delta":{"stdout":"a\n","stderr":""}}""")
            .Frame("""{"type":"response.shell_call_output_content.delta","item_id":"sho_1","output_index":7,"command_index":1,"delta":{"stdout":"/tmp","stderr":"\n"}}""")
            .Frame("""{"type":"response.shell_call_output_content.done","item_id":"sho_1","output_index":7,"command_index":1,"output":[{"stdout":"/tmp\n","stderr":""}]}""");
        Done(log, 7);
        for (var place = 8; place < 13; place++)
        {
            Done(log, place);
        }

        Added(log, 13, """{"id":"ctc_1","type":"custom_tool_call","status":"in_progress","call_id":"call_q","name":"sql_query","input":""}""")
            .Text("custom_tool_call_input.delta", "ctc_1", 13, "delta", "SELECT ").Text("custom_tool_call_input.delta", "ctc_1", 13, "delta", "1")
            .Text("custom_tool_call_input.done", "ctc_1", 13, "input", "SELECT 1");
        Done(log, 13);
        Added(log, 14, """{"id":"rs_1","type":"reasoning","summary":[]}""");
        foreach (var (index, text) in new[] { (0, "**One** thought."), (1, "**Two** thoughts.") })
        {
            log.Frame($$$"""{"type":"response.reasoning_summary_part.added","item_id":"rs_1","output_index":14,"summary_index":{{{index}}},"part":{"type":"summary_text","text":""}}""")
                .Frame($$$"""{"type":"response.reasoning_summary_text.delta","item_id":"rs_1","output_index":14,"summary_index":{{{index}}},"delta":"{{{text}}}"}""")
                .Frame($$$"""{"type":"response.reasoning_summary_part.done","item_id":"rs_1","output_index":14,"summary_index":{{{index}}},"part":{"type":"summary_text","text":"{{{text}}}"}}""");
        }

        Done(log, 14);
        Added(log, 15, """{"id":"msg_1","type":"message","role":"assistant","status":"in_progress","content":[]}""")
            .Delta("output_text", "msg_1", 15, "The recall ").Delta("output_text", "msg_1", 15, "is real.")
            .Frame("""{"type":"response.output_text.annotation.added","item_id":"msg_1","output_index":15,"content_index":0,"annotation_index":0,"annotation":{"type":"url_citation","url":"https://example.com/recall","title":"Recall","start_index":4,"end_index":10}}""")
            .Frame("""{"type":"response.refusal.delta","item_id":"msg_1","output_index":15,"content_index":1,"delta":"No more "}""")
            .Frame("""{"type":"response.refusal.done","item_id":"msg_1","output_index":15,"content_index":1,"refusal":"No more than that."}""");
        return Done(log, 15).Complete("resp_1").Tool("call_q", "sql_query", "SELECT 1", "1").End();
    }

    public static RunLogBuilder OnlyDeltas() => new RunLogBuilder().Begin().Send(1, null)
        .Frame("""{"type":"response.code_interpreter_call_code.delta","output_index":0,"delta":"print("}""")
        .Frame("""{"type":"response.code_interpreter_call_code.delta","output_index":0,"delta":"1)"}""")
        .Frame("""{"type":"response.mcp_call_arguments.delta","output_index":1,"delta":"{\"a\":1}"}""")
        .Frame("""{"type":"response.shell_call_command.delta","output_index":2,"command_index":1,"delta":"second"}""")
        .Frame("""{"type":"response.shell_call_command.delta","output_index":2,"command_index":0,"delta":"first"}""")
        .Frame("""{"type":"response.custom_tool_call_input.delta","output_index":3,"delta":"SELECT 2"}""")
        .Frame($$$"""{"type":"response.image_generation_call.partial_image","output_index":4,"partial_image_index":0,"partial_image_b64":"{{{Pixel}}}"}""")
        .Frame("""{"type":"response.web_search_call.searching","output_index":5}""")
        .Frame("""{"type":"response.mcp_list_tools.failed","output_index":6}""")
        .Frame("""{"type":"response.compaction.compacting","output_index":7}""")
        .Frame("""{"type":"response.refusal.delta","output_index":8,"content_index":0,"delta":"No."}""")
        .Frame("""{"type":"response.completed","response":{"id":"resp_1","status":"completed","usage":{"input_tokens":1,"output_tokens":2}}}""")
        .Own(RunEventTypes.RunCompleted, new { duration_ms = 5 });

    public static RunLogBuilder OnlyDone()
    {
        var log = new RunLogBuilder().Begin().Send(1, "resp_1");
        for (var place = 0; place < Items.Count; place++)
        {
            Done(log, place);
        }

        return log.Complete("resp_1").End();
    }

    public static RunLogBuilder OnlyTerminal() => new RunLogBuilder().Begin().Send(1, "resp_1")
        .Frame($$$$"""{"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[{{{{string.Join(',', Items)}}}}],"usage":{"input_tokens":1,"output_tokens":2}}}""")
        .End();

    public static RunLogBuilder Cut()
    {
        var log = new RunLogBuilder().Begin().Connect().Send(1, "resp_1");
        Added(log, 0, """{"id":"mcp_1","type":"mcp_call","status":"in_progress","server_label":"demo","name":"lookup_warranty","arguments":""}""")
            .Text("mcp_call_arguments.delta", "mcp_1", 0, "delta", "{\"se");
        Added(log, 3, """{"id":"ig_1","type":"image_generation_call","status":"generating"}""");
        return Partial(log, 0)
            .Own(RunEventTypes.TransportLost, new { kind = "websocket", reason = "The connection was reset." })
            .Own(RunEventTypes.RunFailed, new { duration_ms = 900, code = "outcome_unknown", message = "Nobody knows." });
    }

    private static RunLogBuilder Added(RunLogBuilder log, int place, string item) =>
        log.Frame($$$"""{"type":"response.output_item.added","output_index":{{{place}}},"item":{{{item}}}}""");

    private static RunLogBuilder Done(RunLogBuilder log, int place) =>
        log.Frame($$$"""{"type":"response.output_item.done","output_index":{{{place}}},"item":{{{Items[place]}}}}""");

    private static RunLogBuilder Partial(RunLogBuilder log, int index) => log.Frame(
        $$$"""{"type":"response.image_generation_call.partial_image","item_id":"ig_1","output_index":3,"partial_image_index":{{{index}}},"partial_image_b64":"{{{Pixel}}}"}""");

    private static RunLogBuilder Progress(this RunLogBuilder log, string type, string id, int place) =>
        log.Frame($$$"""{"type":"response.{{{type}}}","item_id":"{{{id}}}","output_index":{{{place}}}}""");

    private static RunLogBuilder Text(this RunLogBuilder log, string type, string id, int place, string property, string text) =>
        log.Frame($$$"""{"type":"response.{{{type}}}","item_id":"{{{id}}}","output_index":{{{place}}},"{{{property}}}":{{{System.Text.Json.JsonSerializer.Serialize(text)}}}}""");
}
