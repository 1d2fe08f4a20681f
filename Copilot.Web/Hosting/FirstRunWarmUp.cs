using System.Text;
using System.Text.Json;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.State;
using Copilot.Web.Components.Timeline.Markdown;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Upkeep;

namespace Copilot.Web.Hosting;

/// <summary>
/// Has compiled, a moment after the start, what the first run of a process would wait for otherwise: reading events and writing summaries,
/// the folds, Markdown. It folds a run that exists here alone and is stored nowhere.
/// </summary>
internal sealed partial class FirstRunWarmUp(ILogger<FirstRunWarmUp> logger) : CatchUpService
{
    private const string Answer = "## Stock\n\nThere are **two** of `P-7` in [the list](https://example.com).\n\n- one\n- two\n\n| part | stock |\n|---|--:|\n| seal | 4 |\n\n```sql\nselect 1\n```\n";

    // An event without a salt is one whose content was deleted.
    private static readonly byte[] s_filler = [1];

    private static readonly (EventSource Source, string Type, string Data)[] s_events =
    [
        (EventSource.User, "run.created", """{"session_id":"s","user_id":"u","team_id":"t","agent":{"id":"a","version":1,"name":"Copilot","model":"m","instructions":"","limits":{"tool_rounds":1,"failed_rounds":1,"duration_ms":1000}},"metadata":{}}"""),
        (EventSource.User, "user.message", """{"text":"How many?","message_id":"m"}"""),
        (EventSource.Agent, "run.started", "{}"),
        (EventSource.Agent, "transport.connecting", """{"kind":"http","host":"example.com"}"""),
        (EventSource.Agent, "transport.connected", """{"kind":"http","elapsed_ms":1}"""),
        (EventSource.Agent, "attempt.sent", """{"attempt":1,"mode":"full","previous_response_id":null,"input_items":1,"bytes":1}"""),
        (EventSource.Upstream, "response.created", """{"type":"response.created","response":{"id":"r","status":"in_progress","model":"m","output":[]}}"""),
        (EventSource.Upstream, "response.output_item.added", """{"type":"response.output_item.added","output_index":0,"item":{"id":"c","type":"function_call","status":"in_progress","arguments":"","call_id":"c","name":"look"}}"""),
        (EventSource.Upstream, "response.function_call_arguments.delta", """{"type":"response.function_call_arguments.delta","item_id":"c","output_index":0,"delta":"{}"}"""),
        (EventSource.Upstream, "response.output_item.done", """{"type":"response.output_item.done","output_index":0,"item":{"id":"c","type":"function_call","status":"completed","arguments":"{}","call_id":"c","name":"look"}}"""),
        (EventSource.Agent, "tool.requested", """{"name":"look","arguments":"{}","read_only":true}"""),
        (EventSource.Agent, "tool.started", """{"name":"look","deadline_ms":1000}"""),
        (EventSource.Agent, "tool.completed", """{"name":"look","output":"2","duration_ms":1}"""),
        (EventSource.Upstream, "response.output_item.added", """{"type":"response.output_item.added","output_index":1,"item":{"id":"i","type":"message","role":"assistant","status":"in_progress","content":[]}}"""),
        (EventSource.Upstream, "response.content_part.added", """{"type":"response.content_part.added","item_id":"i","output_index":1,"content_index":0,"part":{"type":"output_text","text":""}}"""),
        (EventSource.Upstream, "response.output_text.delta", """{"type":"response.output_text.delta","item_id":"i","output_index":1,"content_index":0,"delta":"Two."}"""),
        (EventSource.Upstream, "response.output_text.done", """{"type":"response.output_text.done","item_id":"i","output_index":1,"content_index":0,"text":"Two."}"""),
        (EventSource.Upstream, "response.output_item.done", """{"type":"response.output_item.done","output_index":1,"item":{"id":"i","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Two."}]}}"""),
        (EventSource.Upstream, "response.completed", """{"type":"response.completed","response":{"id":"r","status":"completed","model":"m","usage":{"input_tokens":1,"input_tokens_details":{"cached_tokens":0},"output_tokens":1,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":2}}}"""),
        (EventSource.Agent, "run.completed", """{"duration_ms":1,"usage":{"input_tokens":1,"cached_tokens":0,"output_tokens":1,"reasoning_tokens":0}}"""),
    ];

    /// <summary>Folds the run and renders an answer.</summary>
    /// <returns>The timeline, for who looks whether all was read.</returns>
    public static TimelineState Warm()
    {
        var timeline = TimelineState.Empty;
        RunSummary? summary = null;
        foreach (var (index, (source, type, data)) in s_events.Index())
        {
            var one = new RunEvent
            {
                RunId = "warm-up",
                Seq = index + 1,
                At = DateTimeOffset.UnixEpoch,
                Source = source,
                Type = type,
                ResponseId = source is EventSource.Upstream ? "r" : null,
                CallId = type.StartsWith("tool.", StringComparison.Ordinal) ? "c" : null,
                Data = Encoding.UTF8.GetBytes(data),
                Salt = s_filler,
                PayloadDigest = s_filler,
                Hash = s_filler,
            };
            timeline = TimelineReducer.Apply(timeline, one);
            summary = RunSummaryFold.Apply(summary, one);
        }

        _ = JsonSerializer.SerializeToUtf8Bytes(summary!, StorageJson.Default.RunSummary);
        _ = MarkdownHtml.Render(0, Answer);
        return timeline;
    }

    /// <inheritdoc/>
    protected override Task WorkAsync(CancellationToken stoppingToken)
    {
        try
        {
            Warm();
        }
        catch (Exception exception)
        {
            // The first run compiles it, then.
            LogFailed(exception);
        }

        return Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Warning, "What the first run needs could not be prepared")]
    private partial void LogFailed(Exception exception);
}
