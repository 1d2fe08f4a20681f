using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Runs;

namespace Copilot.Tests.Timeline;

/// <summary>Runs that went well, badly and oddly.</summary>
internal static class Recordings
{
    public static IReadOnlyDictionary<string, IReadOnlyList<RunEvent>> All { get; } = new Dictionary<string, IReadOnlyList<RunEvent>>
    {
        ["booking"] = Booking().Events,
        ["cut and sent again"] = CutAndSentAgain().Events,
        ["steered"] = SteeringRecordings.Steered().Events,
        ["compacted"] = SteeringRecordings.Compacted().Events,
        ["sparse"] = Sparse().Events,
        ["fell back and failed"] = FellBackAndFailed().Events,
        ["interrupted, resumed, cancelled"] = Interrupted().Events,
        ["hosted tools"] = Hosted().Events,
        ["approvals"] = Approvals().Events,
        ["approvals withdrawn"] = Withdrawn().Events,
        ["odd"] = Odd().Events,
        ["hosted, whole"] = HostedRecordings.Whole().Events,
        ["hosted, only deltas and progress"] = HostedRecordings.OnlyDeltas().Events,
        ["hosted, only done items"] = HostedRecordings.OnlyDone().Events,
        ["hosted, only the terminal response"] = HostedRecordings.OnlyTerminal().Events,
        ["hosted, cut"] = HostedRecordings.Cut().Events,
        ["long answer"] = Long().Events,
        ["budget"] = Budget().Events,
    };

    public static TheoryData<string> Names => [.. All.Keys];

    public static RunLogBuilder Booking() => new RunLogBuilder()
        .Begin()
        .Connect()
        .Send(1, "resp_1")
        .Reasoning(0, "rs_1", "**Looking up ", "the customer**\n\n", "Contoso first.")
        .Message(1, "msg_1", "commentary", "Let me ", "look.")
        .Call(2, "fc_1", "call_1", "crm_find_customer", "{\"name\":", "\"Contoso\"}")
        .Call(3, "fc_2", "call_2", "inventory_search", "{\"query\":\"pump\",", "\"limit\":3}")
        .Complete("resp_1")
        .Tool("call_1", "crm_find_customer", "{\"name\":\"Contoso\"}", "{\"id\":7}")
        .Tool("call_2", "inventory_search", "{\"query\":\"pump\",\"limit\":3}", "[]")
        .Send(2, "resp_2", "delta")
        .Message(0, "msg_2", "final_answer", "# Booked\n\n", "- a", "\n- b\n", "\nDone.")
        .Complete("resp_2")
        .End();

    /// <summary>A run that used up its budget twice: raised once, then left to end.</summary>
    public static RunLogBuilder Budget() => new RunLogBuilder()
        .Begin()
        .Connect()
        .Send(1, "resp_1")
        .Call(0, "fc_1", "call_1", "inventory_search", "{}")
        .Complete("resp_1")
        .Own(RunEventTypes.CostRecorded, new { of = "response", response_id = "resp_1", model = "gpt-5.6", currency = "EUR", amount_micros = 12_345, next_at_least_micros = 900 })
        .Tool("call_1", "inventory_search", "{}", "[]")
        .Own(RunEventTypes.BudgetReached, new { spent_micros = 12_345, budget_micros = 10_000, currency = "EUR", then = "ask", timeout_ms = 1_800_000 })
        .Own(RunEventTypes.RunWaiting, new { reason = "The run has cost 0.0123 EUR of its budget of 0.01 EUR." })
        .Own(RunEventTypes.BudgetRaised, new { by_micros = 10_000, budget_micros = 22_345, currency = "EUR", reason = "urgent" }, actor: new EventActor("usr_2", "Supervisor"))
        .Own(RunEventTypes.RunResumed, new { reason = "The budget is 0.0223 EUR now." })
        .Send(2, "resp_2", "delta")
        .Delta("output_text", "msg_1", 0, "Half an ans")
        .Own(RunEventTypes.AttemptSuperseded, new { response_id = "resp_2", reason = "The connection was lost.", may_be_billed_twice = true })
        .Send(3, "resp_3", "full")
        .Message(0, "msg_2", "final_answer", "Done.")
        .Complete("resp_3")
        .Own(RunEventTypes.CostRecorded, new { of = "response", response_id = "resp_3", model = "other", currency = "EUR", amount_micros = (long?)null })
        .End();

    public static RunLogBuilder CutAndSentAgain() => new RunLogBuilder()
        .Begin()
        .Connect()
        .Send(1, "resp_1")
        .Frame("""{"type":"response.output_item.added","output_index":0,"item":{"id":"msg_1","type":"message","content":[]}}""")
        .Delta("output_text", "msg_1", 0, "Half an ans")
        .Frame("""{"type":"response.output_item.added","output_index":1,"item":{"id":"fc_1","type":"function_call","call_id":"call_1","name":"a","arguments":""}}""")
        .Frame("""{"type":"response.function_call_arguments.delta","item_id":"fc_1","output_index":1,"delta":"{\"x\":"}""")
        .Own(RunEventTypes.TransportLost, new { kind = "websocket", reason = "The connection was reset." })
        .Own(RunEventTypes.AttemptSuperseded, new { response_id = "resp_1", reason = "The connection was lost." })
        .Own(RunEventTypes.AttemptRetryScheduled, new { delay_ms = 250, reason = "The connection was lost." })
        .Connect()
        .Send(2, "resp_2")
        .Message(0, "msg_2", null, "The whole ", "answer.")
        .Complete("resp_2")
        .End();

    public static RunLogBuilder Sparse() => new RunLogBuilder()
        .Begin()
        .Send(1, null)
        .Frame("""{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"No scaffold"}""")
        .Frame("""{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"ing."}""")
        .Frame("""{"type":"response.output_item.done","output_index":1,"item":{"type":"function_call","call_id":"call_1","name":"find","arguments":"{\"q\":1}"}}""")
        .Frame("""{"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[{"id":"msg_9","type":"message","content":[{"type":"output_text","text":"No scaffolding at all."},{"type":"refusal","refusal":"Not that."}]},{"type":"function_call","call_id":"call_1","name":"find","arguments":"{\"q\":1}"},{"id":"rs_9","type":"reasoning","summary":[{"type":"summary_text","text":"One."},{"type":"summary_text","text":"Two."}]}],"usage":{"input_tokens":1,"output_tokens":2}}}""")
        .Own(RunEventTypes.ToolStarted, new { name = "find", deadline_ms = 1000 }, "call_1")
        .Own(RunEventTypes.ToolTimedOut, new { name = "find", output = "It took too long.", duration_ms = 1000 }, "call_1")
        .Own(RunEventTypes.ToolRequested, new { name = "never_streamed", arguments = "{}", read_only = false }, "call_2")
        .Own(RunEventTypes.ToolDenied, new { name = "never_streamed", output = "Not allowed." }, "call_2")
        .Own(RunEventTypes.RunCancelled, new { duration_ms = 5, reason = "Stopped" }, actor: new EventActor("usr_1", "Staff"));

    public static RunLogBuilder FellBackAndFailed() => new RunLogBuilder()
        .Begin()
        .Own(RunEventTypes.TransportConnecting, new { kind = "websocket", host = "api.example.com" })
        .Own(RunEventTypes.TransportLost, new { kind = "websocket", reason = "426" })
        .Own(RunEventTypes.TransportFellBack, new { from = "websocket", to = "http", reason = "The server refused the socket (426)." })
        .Connect("http")
        .Send(1, "resp_1")
        .Delta("output_text", "msg_1", 0, "Some words")
        .Frame("""{"type":"error","status":500,"error":{"code":"server_error","message":"It broke."}}""")
        .Frame("""{"type":"response.failed","response":{"id":"resp_1","status":"failed","error":{"code":"server_error","message":"It broke."}}}""")
        .Own(RunEventTypes.RunFailed, new { duration_ms = 900, code = "server_error", message = "The model broke.", advice = "Try again." });

    public static RunLogBuilder Interrupted() => new RunLogBuilder()
        .Begin()
        .Connect()
        .Send(1, "resp_1")
        .Call(0, "fc_1", "call_1", "book", "{}")
        .Call(1, "fc_2", "call_2", "find", "{}")
        .Complete("resp_1")
        .Own(RunEventTypes.ToolRequested, new { name = "book", arguments = "{}", read_only = false }, "call_1")
        .Own(RunEventTypes.ToolRequested, new { name = "find", arguments = "{}", read_only = true }, "call_2")
        .Own(RunEventTypes.ToolStarted, new { name = "book", deadline_ms = 1000 }, "call_1")
        .Own(RunEventTypes.RunInterrupted, new { reason = "The server stopped." })
        .Own(RunEventTypes.ToolOutcomeUnknown, new { name = "book" }, "call_1")
        .Own(RunEventTypes.RunResumed, new { reason = "By hand." })
        .Own(RunEventTypes.ToolStarted, new { name = "book", deadline_ms = 1000 }, "call_1")
        .Own(RunEventTypes.ToolCompleted, new { name = "book", output = "ok", duration_ms = 3 }, "call_1")
        .Own(RunEventTypes.ToolStarted, new { name = "find", deadline_ms = 1000 }, "call_2")
        .Own(RunEventTypes.RunWaiting, new { reason = "Approval" })
        .Own(RunEventTypes.RunCancelled, new { duration_ms = 100 });

    public static RunLogBuilder Hosted() => new RunLogBuilder()
        .Begin()
        .Send(1, "resp_1")
        .Frame("""{"type":"response.web_search_call.searching","item_id":"ws_1","output_index":0}""")
        .Frame("""{"type":"response.web_search_call.completed","item_id":"ws_1","output_index":0}""")
        .Frame("""{"type":"response.output_item.done","output_index":0,"item":{"id":"ws_1","type":"web_search_call","status":"completed","action":{"type":"search","query":"pumps"}}}""")
        .Frame("""{"type":"response.code_interpreter_call_code.delta","item_id":"ci_1","output_index":1,"delta":"print("}""")
        .Frame("""{"type":"response.code_interpreter_call_code.delta","item_id":"ci_1","output_index":1,"delta":"1)"}""")
        .Frame("""{"type":"response.output_item.done","output_index":2,"item":{"id":"x_1","type":"brand_new_thing","status":"done"}}""")
        .Message(3, "msg_1", null, "See ", "there.")
        .Frame("""{"type":"response.output_text.annotation.added","item_id":"msg_1","output_index":3,"content_index":0,"annotation":{"type":"url_citation","url":"https://example.com"}}""")
        .Frame("""{"type":"response.incomplete","response":{"id":"resp_1","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"usage":{"input_tokens":1,"output_tokens":2}}}""")
        .Own(RunEventTypes.RunCompleted, new { duration_ms = 10, incomplete_reason = "max_output_tokens" });

    public static RunLogBuilder Odd() => new RunLogBuilder()
        .Frame("""{"type":"response.output_text.delta","output_index":0,"delta":"before anything"}""")
        .Begin()
        .Own("approval.requested", new { what = "new" })
        .Own(RunEventTypes.AttemptSent, new { attempt = "one", mode = 7, bytes = "many" })
        .Own(RunEventTypes.AttemptRetryScheduled, new { delay_ms = long.MaxValue })
        .Own(RunEventTypes.ToolStarted, new { name = "nobody" })
        .Own(RunEventTypes.ToolStarted, new { deadline_ms = -4 }, "call_x")
        .Raw(EventSource.Agent, RunEventTypes.RunWaiting, "[1,2]"u8.ToArray(), null, null)
        .Raw(EventSource.Agent, RunEventTypes.UserMessage, "not json"u8.ToArray(), null, null)
        .Raw(EventSource.Upstream, "response.output_text.delta", "broken {"u8.ToArray(), null, null)
        .Raw(EventSource.Upstream, "", [], null, null)
        .Frame("""{"type":"keepalive","sequence_number":4}""")
        .Frame("""{"type":"keepalive","sequence_number":4}""")
        .Frame("""{"type":"response.created","response":{"id":"resp_a","status":"in_progress"}}""")
        .Frame("""{"type":"response.output_item.added","output_index":-1,"item":{"type":"message"}}""")
        .Frame("""{"type":"response.output_item.done","output_index":-1,"item":{"type":"message","content":"text"}}""")
        .Frame("""{"type":"response.output_item.done","output_index":0}""")
        .Frame("""{"type":"response.completed","response":{"id":"resp_a","status":"completed"}}""")
        .Frame("""{"type":"response.done","response":{"id":"resp_a","status":"completed"}}""")
        .Frame("""{"type":"response.output_text.delta","item_id":"late","output_index":0,"delta":"late"}""")
        .Frame("""{"type":"error","code":"websocket_connection_limit_reached","message":"Too old."}""")
        .Own(RunEventTypes.AttemptSuperseded, new { response_id = "resp_never" })
        .Own(RunEventTypes.TransportClosed, new { kind = "pigeon", close_code = 99999 })
        .Own(RunEventTypes.RunCompleted, new { usage = "none" })
        .Own(RunEventTypes.RunFailed, new { })
        .Own("run.created", new { agent = "text" });

    /// <summary>Calls that people allow with other arguments, deny and forget, and an MCP server's.</summary>
    public static RunLogBuilder Approvals() => Asked()
        .Own(RunEventTypes.ApprovalApproved, new { arguments = """{"quantity":1}""" }, "call_1", new EventActor("usr_1", "Staff"))
        .Own(RunEventTypes.ApprovalDenied, new { reason = "Too dear." }, "call_2", new EventActor("usr_2", "Supervisor"))
        .Own(RunEventTypes.ToolDenied, new { name = "orders_place", output = "Not allowed." }, "call_2")
        .Own(RunEventTypes.ToolStarted, new { name = "orders_place", deadline_ms = 30000 }, "call_1")
        .Own(RunEventTypes.ToolCompleted, new { name = "orders_place", output = "Done.", duration_ms = 12 }, "call_1")
        .Own(RunEventTypes.RunInterrupted, new { reason = "restart" })
        .Own(RunEventTypes.RunResumed, new { reason = "back" })
        .Own(RunEventTypes.RunWaiting, new { reason = "refund needs a person's approval." })
        .Wait(TimeSpan.FromMinutes(30))
        .Own(RunEventTypes.ApprovalExpired, new { }, "mcpr_1")
        .Own(RunEventTypes.RunResumed, new { reason = "Nothing waits." })
        .Send(2, "resp_2")
        .Message(0, "msg_1", null, "So ", "be it.")
        .Complete("resp_2")
        .Own(RunEventTypes.ApprovalRequested, new { kind = "tool", name = "nobody" }, "call_unknown")
        .End();

    /// <summary>A run that is stopped while people are asked.</summary>
    public static RunLogBuilder Withdrawn() => Asked()
        .Own(RunEventTypes.ToolCancelled, new { name = "orders_place", output = "Stopped." }, "call_1")
        .Own(RunEventTypes.RunCancelled, new { duration_ms = 5 }, actor: new EventActor("usr_1", "Staff"));

    /// <summary>Two calls and an MCP approval request that wait.</summary>
    public static RunLogBuilder Asked() => new RunLogBuilder()
        .Begin()
        .Connect()
        .Send(1, "resp_1")
        .Call(0, "fc_1", "call_1", "orders_place", "{\"quantity\":", "2}")
        .Call(1, "fc_2", "call_2", "orders_place", "{\"quantity\":9}")
        .Frame("""{"type":"response.output_item.added","output_index":2,"item":{"id":"mcpr_1","type":"mcp_approval_request","server_label":"billing","name":"refund","arguments":"{\"amount\":12}"}}""")
        .Frame("""{"type":"response.output_item.done","output_index":2,"item":{"id":"mcpr_1","type":"mcp_approval_request","server_label":"billing","name":"refund","arguments":"{\"amount\":12}"}}""")
        .Complete("resp_1")
        .Own(RunEventTypes.ToolRequested, new { name = "orders_place", arguments = """{"quantity":2}""", read_only = false }, "call_1")
        .Own(RunEventTypes.ApprovalRequested, new { kind = "tool", name = "orders_place", arguments = """{"quantity":2}""", timeout_ms = 1_800_000 }, "call_1")
        .Own(RunEventTypes.ToolRequested, new { name = "orders_place", arguments = """{"quantity":9}""", read_only = false }, "call_2")
        .Own(RunEventTypes.ApprovalRequested, new { kind = "tool", name = "orders_place", arguments = """{"quantity":9}""", timeout_ms = 1_800_000 }, "call_2")
        .Own(RunEventTypes.ApprovalRequested, new { kind = "mcp", name = "refund", arguments = """{"amount":12}""", server_label = "billing", timeout_ms = 1_800_000 }, "mcpr_1")
        .Own(RunEventTypes.RunWaiting, new { reason = "3 calls need a person's approval." });

    public static RunLogBuilder Long()
    {
        var log = new RunLogBuilder().Begin().Send(1, "resp_1");
        return log.Message(0, "msg_1", null, [.. Enumerable.Range(0, 400).Select(n => $"word{n} ")])
            .Frame("""{"type":"response.output_item.done","output_index":0,"item":{"id":"msg_1","type":"message","content":[{"type":"output_text","text":"something else"}]}}""")
            .Complete("resp_1")
            .End();
    }
}
