using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;

namespace Copilot.Web.Components.Timeline.Shared;

/// <summary>How the timeline says durations, sizes and states.</summary>
internal static class TimelineWords
{
    private static readonly JsonSerializerOptions s_pretty = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>84 ms, 1.2 s, 2 m 05 s, 1 h 02 m. The script that ticks says it the same way.</summary>
    public static string Duration(TimeSpan time)
    {
        if (time < TimeSpan.Zero)
        {
            time = TimeSpan.Zero;
        }

        FormattableString words = time.TotalSeconds switch
        {
            < 0.9995 => $"{time.TotalMilliseconds:0} ms",
            < 59.95 => $"{time.TotalSeconds:0.0} s",
            < 3600 => $"{(int)time.TotalMinutes} m {time.Seconds:00} s",
            _ => $"{(int)time.TotalHours} h {time.Minutes:00} m",
        };
        return words.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>812 B, 1.2 KB, 3.4 MB.</summary>
    public static string Size(long bytes)
    {
        FormattableString words = bytes switch
        {
            < 1000 => $"{bytes} B",
            < 1_000_000 => $"{bytes / 1000.0:0.0} KB",
            _ => $"{bytes / 1_000_000.0:0.0} MB",
        };
        return words.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>1,234.</summary>
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>1 tool, 2 tools.</summary>
    public static string Count(long number, string one, string many) => $"{Count(number)} {(number == 1 ? one : many)}";

    /// <summary>How far into the run, for example +1.2 s.</summary>
    public static string Offset(DateTimeOffset at, long originTicks) =>
        originTicks == 0 ? "" : $"+{Duration(TimeSpan.FromTicks(at.UtcTicks - originTicks))}";

    /// <summary>A moment on the viewer's clock, to the millisecond.</summary>
    public static string Clock(DateTimeOffset at, TimeZoneInfo? zone) =>
        TimeZoneInfo.ConvertTime(at, zone ?? TimeZoneInfo.Utc).ToString("yyyy-MM-dd HH:mm:ss.fff zzz", CultureInfo.InvariantCulture);

    /// <summary>WebSocket, HTTP.</summary>
    public static string Name(TransportKind? kind) => kind switch
    {
        TransportKind.WebSocket => "WebSocket",
        TransportKind.Http => "HTTP",
        _ => "upstream",
    };

    /// <summary>A call's state in a word.</summary>
    public static string State(ToolCallState state) => state switch
    {
        ToolCallState.Arguments => "writing arguments",
        ToolCallState.Requested => "waiting to start",
        ToolCallState.Running => "running",
        ToolCallState.Completed => "done",
        ToolCallState.Failed => "failed",
        ToolCallState.TimedOut => "timed out",
        ToolCallState.Denied => "not allowed",
        ToolCallState.Cancelled => "cancelled",
        _ => "outcome unknown",
    };

    /// <summary>What came of asking a person.</summary>
    public static string Approval(ApprovalStep? step) => step switch
    {
        null => "",
        { State: ApprovalState.Waiting } => "needs approval",
        { State: ApprovalState.Approved } => $"approved{(step.Arguments is null ? "" : " with other arguments")}{By(step.Actor)}",
        { State: ApprovalState.Denied } => $"denied{By(step.Actor)}",
        { State: ApprovalState.Expired } => "nobody decided in time",
        _ => "the run ended before anybody decided",
    };

    private static string By(EventActor? actor) => actor is null ? "" : $" by {actor.Role.ToLowerInvariant()}";

    /// <summary>Tokens of a response or a run: 1,234 in (1,000 cached) · 56 out (40 reasoning).</summary>
    public static string Tokens(ResponseUsage usage)
    {
        var words = new StringBuilder().Append(Count(usage.InputTokens)).Append(" in");
        if (usage.CachedTokens > 0)
        {
            words.Append(" (").Append(Count(usage.CachedTokens)).Append(" cached)");
        }

        words.Append(" · ").Append(Count(usage.OutputTokens)).Append(" out");
        if (usage.ReasoningTokens > 0)
        {
            words.Append(" (").Append(Count(usage.ReasoningTokens)).Append(" reasoning)");
        }

        return words.ToString();
    }

    /// <summary>Why an answer is not complete, in plain words.</summary>
    public static string Incomplete(string reason) => reason switch
    {
        "max_output_tokens" => "the answer reached its longest allowed length",
        "content_filter" => "the content filter stopped it",
        "max_messages" => "it reached the largest number of messages",
        "steered" => "it was steered elsewhere",
        _ => reason.Replace('_', ' '),
    };

    /// <summary>What became of words that were said to a run while it worked.</summary>
    public static string Said(SteerPhase phase) => phase switch
    {
        SteerPhase.Sending => "Sending",
        SteerPhase.Heard => "Heard",
        SteerPhase.Unheard => "Not heard, the run ended first",
        _ => "With its next step",
    };

    /// <summary>What a working run is doing.</summary>
    public static string Doing(TimelineActivity activity) => activity.Kind switch
    {
        ActivityKind.Queued => "Waiting for its turn",
        ActivityKind.Connecting => activity.Subject.Length == 0 ? "Connecting" : $"Connecting to {activity.Subject}",
        ActivityKind.Retrying => "Trying again soon",
        ActivityKind.WaitingForModel => "Waiting for the model",
        ActivityKind.Reasoning => activity.Subject.Length == 0 ? "Thinking" : activity.Subject,
        ActivityKind.Tool => activity.Subject,
        ActivityKind.HostedTool => HostedWords.Doing(activity.Subject),
        ActivityKind.Compacting => "Compacting the conversation",
        ActivityKind.Writing => "Writing the answer",
        ActivityKind.WaitingForPerson => activity.Subject.Length == 0 ? "Waiting for a person" : $"Waiting: {activity.Subject}",
        _ => "Working",
    };

    /// <summary>JSON with line breaks; anything else as it is.</summary>
    public static string Pretty(string text) =>
        text.AsSpan().TrimStart() is ['{' or '[', ..] ? PrettyJson(text).Text : text;

    /// <summary>JSON of any kind with line breaks, and whether it is JSON; what is not stays as it is.</summary>
    public static (string Text, bool Valid) PrettyJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return (JsonSerializer.Serialize(document.RootElement, s_pretty), true);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            // Still being written, not JSON after all, or half a surrogate pair.
            return (text, false);
        }
    }

    /// <summary>What a run that rests comes to.</summary>
    public static string Rested(TimelineState state)
    {
        var after = state.End?.Duration is { } duration ? Duration(duration) : "";
        return state.Status switch
        {
            RunStatus.Completed => Steps(state, after),
            RunStatus.Failed => $"Failed{(after.Length > 0 ? $" after {after}" : "")}",
            RunStatus.Cancelled => $"Stopped{(after.Length > 0 ? $" after {after}" : "")}",
            _ => "Interrupted",
        };
    }

    private static string Steps(TimelineState state, string after)
    {
        var tools = state.ToolCalls.Count();
        var words = tools > 0 ? $"Used {Count(tools, "tool", "tools")}" : "Answered";
        return after.Length == 0 ? words : tools > 0 ? $"{words} · {after}" : $"{words} in {after}";
    }
}
