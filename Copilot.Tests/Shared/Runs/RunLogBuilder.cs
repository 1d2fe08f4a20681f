using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Tests.Shared.Runs;

/// <summary>Writes the log of one run by hand: numbered events of our own and the upstream's frames, one every 10 ms.</summary>
internal sealed class RunLogBuilder
{
    private static readonly byte[] s_filler = [.. Enumerable.Repeat((byte)1, 32)];

    private readonly List<RunEvent> _events = [];
    private string? _response;

    /// <summary>When the next event happens.</summary>
    public DateTimeOffset Now { get; set; } = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    /// <summary>What was written so far.</summary>
    public IReadOnlyList<RunEvent> Events => _events;

    /// <summary>One of our own events. Data is anything that serialises to the payload.</summary>
    public RunLogBuilder Own(string type, object data, string? callId = null, EventActor? actor = null) =>
        Raw(EventSource.Agent, type, JsonSerializer.SerializeToUtf8Bytes(data), callId, actor);

    /// <summary>A frame of the upstream, as JSON text.</summary>
    public RunLogBuilder Frame(string json)
    {
        var frame = JsonNode.Parse(json)!;
        _response = frame["response"]?["id"]?.GetValue<string>() ?? _response;
        return Raw(EventSource.Upstream, frame["type"]!.GetValue<string>(), System.Text.Encoding.UTF8.GetBytes(json), null, null);
    }

    /// <summary>Any bytes.</summary>
    public RunLogBuilder Raw(EventSource source, string type, byte[] data, string? callId, EventActor? actor)
    {
        Now += TimeSpan.FromMilliseconds(10);
        _events.Add(new RunEvent
        {
            RunId = "run_1",
            Seq = _events.Count + 1,
            At = Now,
            Source = source,
            Actor = actor,
            Type = type,
            ResponseId = source is EventSource.Upstream ? _response : null,
            CallId = callId,
            Data = data,
            Salt = s_filler,
            PayloadDigest = s_filler,
            Hash = s_filler,
        });
        return this;
    }

    /// <summary>The next event happens this much later.</summary>
    public RunLogBuilder Wait(TimeSpan time)
    {
        Now += time;
        return this;
    }

    /// <summary>The beginning of every run.</summary>
    public RunLogBuilder Begin(string question = "Where is the spare?") => this
        .Own(RunEventTypes.RunCreated, new { session_id = "ses_1", user_id = "usr_1", team_id = "tem_1", agent = new { id = "agt_1", version = 1, name = "Dispatcher", model = "gpt-5.6" } })
        .Own(RunEventTypes.UserMessage, new { text = question, message_id = "m1" }, actor: new EventActor("usr_1", "Staff"))
        .Own(RunEventTypes.RunStarted, new { });

    /// <summary>A connection that opens.</summary>
    public RunLogBuilder Connect(string kind = "websocket") => this
        .Own(RunEventTypes.TransportConnecting, new { kind, host = "api.example.com" })
        .Own(RunEventTypes.TransportConnected, new { kind, elapsed_ms = 84 });

    /// <summary>An attempt, and the created event of its response. No response id: nothing came back.</summary>
    public RunLogBuilder Send(int attempt, string? responseId, string mode = "full")
    {
        Own(RunEventTypes.AttemptSent, new { attempt, mode, previous_response_id = (string?)null, input_items = 2, bytes = 1234 });
        return responseId is null
            ? this
            : Frame($$$$$$"""{"type":"response.created","sequence_number":0,"response":{"id":"{{{{{{responseId}}}}}}","status":"in_progress","model":"gpt-5.6","output":[]}}""");
    }

    /// <summary>An answer that streams in these pieces.</summary>
    public RunLogBuilder Message(int place, string id, string? phase, params string[] pieces)
    {
        var phaseJson = phase is null ? "" : $$$$$$""","phase":"{{{{{{phase}}}}}}" """;
        Frame($$$$$$"""{"type":"response.output_item.added","output_index":{{{{{{place}}}}}},"item":{"id":"{{{{{{id}}}}}}","type":"message","role":"assistant","status":"in_progress","content":[]{{{{{{phaseJson}}}}}}}}""");
        Frame($$$$$$"""{"type":"response.content_part.added","item_id":"{{{{{{id}}}}}}","output_index":{{{{{{place}}}}}},"content_index":0,"part":{"type":"output_text","text":""}}""");
        foreach (var piece in pieces)
        {
            Delta("output_text", id, place, piece);
        }

        var whole = Quote(string.Concat(pieces));
        Frame($$$$$$"""{"type":"response.output_text.done","item_id":"{{{{{{id}}}}}}","output_index":{{{{{{place}}}}}},"content_index":0,"text":{{{{{{whole}}}}}}}""");
        Frame($$$$$$"""{"type":"response.content_part.done","item_id":"{{{{{{id}}}}}}","output_index":{{{{{{place}}}}}},"content_index":0,"part":{"type":"output_text","text":{{{{{{whole}}}}}}}}""");
        return Frame($$$$$$"""{"type":"response.output_item.done","output_index":{{{{{{place}}}}}},"item":{"id":"{{{{{{id}}}}}}","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":{{{{{{whole}}}}}}}]{{{{{{phaseJson}}}}}}}}""");
    }

    /// <summary>One delta.</summary>
    public RunLogBuilder Delta(string kind, string id, int place, string piece) =>
        Frame($$$$$$"""{"type":"response.{{{{{{kind}}}}}}.delta","item_id":"{{{{{{id}}}}}}","output_index":{{{{{{place}}}}}},"content_index":0,"delta":{{{{{{Quote(piece)}}}}}}}""");

    /// <summary>A summary of reasoning in one part.</summary>
    public RunLogBuilder Reasoning(int place, string id, params string[] pieces)
    {
        Frame($$$$$$"""{"type":"response.output_item.added","output_index":{{{{{{place}}}}}},"item":{"id":"{{{{{{id}}}}}}","type":"reasoning","summary":[]}}""");
        foreach (var piece in pieces)
        {
            Frame($$$$$$"""{"type":"response.reasoning_summary_text.delta","item_id":"{{{{{{id}}}}}}","output_index":{{{{{{place}}}}}},"summary_index":0,"delta":{{{{{{Quote(piece)}}}}}}}""");
        }

        return Frame($$$$$$"""{"type":"response.output_item.done","output_index":{{{{{{place}}}}}},"item":{"id":"{{{{{{id}}}}}}","type":"reasoning","summary":[{"type":"summary_text","text":{{{{{{Quote(string.Concat(pieces))}}}}}}}]}}""");
    }

    /// <summary>An output item of any kind, as JSON, which begins (<c>added</c>) or is final (<c>done</c>).</summary>
    public RunLogBuilder Item(string phase, int place, string item) =>
        Frame($$$$$$"""{"type":"response.output_item.{{{{{{phase}}}}}}","output_index":{{{{{{place}}}}}},"item":{{{{{{item}}}}}}}""");

    /// <summary>A function call whose arguments stream in these pieces.</summary>
    public RunLogBuilder Call(int place, string id, string callId, string name, params string[] pieces)
    {
        Frame($$$$$$"""{"type":"response.output_item.added","output_index":{{{{{{place}}}}}},"item":{"id":"{{{{{{id}}}}}}","type":"function_call","status":"in_progress","arguments":"","call_id":"{{{{{{callId}}}}}}","name":"{{{{{{name}}}}}}"}}""");
        foreach (var piece in pieces)
        {
            Frame($$$$$$"""{"type":"response.function_call_arguments.delta","item_id":"{{{{{{id}}}}}}","output_index":{{{{{{place}}}}}},"delta":{{{{{{Quote(piece)}}}}}}}""");
        }

        var whole = Quote(string.Concat(pieces));
        Frame($$$$$$"""{"type":"response.function_call_arguments.done","item_id":"{{{{{{id}}}}}}","output_index":{{{{{{place}}}}}},"arguments":{{{{{{whole}}}}}}}""");
        return Frame($$$$$$"""{"type":"response.output_item.done","output_index":{{{{{{place}}}}}},"item":{"id":"{{{{{{id}}}}}}","type":"function_call","status":"completed","arguments":{{{{{{whole}}}}}},"call_id":"{{{{{{callId}}}}}}","name":"{{{{{{name}}}}}}"}}""");
    }

    /// <summary>The terminal event of a response, without its output.</summary>
    public RunLogBuilder Complete(string responseId) =>
        Frame($$$$$$"""{"type":"response.completed","response":{"id":"{{{{{{responseId}}}}}}","status":"completed","model":"gpt-5.6","usage":{"input_tokens":100,"input_tokens_details":{"cached_tokens":40},"output_tokens":20,"output_tokens_details":{"reasoning_tokens":5},"total_tokens":120}}}""");

    /// <summary>A tool that is asked for, runs and answers.</summary>
    public RunLogBuilder Tool(string callId, string name, string arguments, string output) => this
        .Own(RunEventTypes.ToolRequested, new { name, arguments, read_only = true }, callId)
        .Own(RunEventTypes.ToolStarted, new { name, deadline_ms = 30000 }, callId)
        .Wait(TimeSpan.FromMilliseconds(1200))
        .Own(RunEventTypes.ToolCompleted, new { name, output, duration_ms = 1210 }, callId);

    /// <summary>The run's good end.</summary>
    public RunLogBuilder End() => this
        .Own(RunEventTypes.TransportClosed, new { kind = "websocket", reason = "done", close_code = 1000 })
        .Own(RunEventTypes.RunCompleted, new { duration_ms = 3400, usage = new { input_tokens = 200, cached_tokens = 80, output_tokens = 40, reasoning_tokens = 10 } });

    private static string Quote(string text) => JsonSerializer.Serialize(text);
}
