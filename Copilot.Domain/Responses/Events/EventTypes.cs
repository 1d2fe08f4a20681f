using System.Collections.Frozen;

namespace Copilot.Domain.Responses.Events;

/// <summary>The record an event type is parsed into.</summary>
internal enum EventShape
{
    Unknown,
    Lifecycle,
    OutputItem,
    Part,
    TextDelta,
    TextDone,
    Annotation,
    Progress,
    Steer,
    Error,
}

/// <summary>One known event type.</summary>
/// <param name="Type">The API's <c>type</c>; the parsed events share this string.</param>
/// <param name="Shape">The record it is parsed into.</param>
/// <param name="Done">True for a final <c>.done</c>.</param>
/// <param name="Kind">The text of a delta or done event.</param>
/// <param name="Status">The status that a lifecycle type means.</param>
/// <param name="Subject">The item type of a progress event.</param>
/// <param name="Phase">The phase of a progress event, the outcome of a steer event.</param>
internal sealed record EventType(
    string Type, EventShape Shape, bool Done, DeltaKind Kind, ResponseStatus Status, string Subject, string Phase)
{
    /// <summary>True for the bytes of <see cref="Type"/>.</summary>
    public bool Is(ReadOnlySpan<byte> utf8) => System.Text.Ascii.Equals(utf8, Type);
}

/// <summary>The server events of the Responses API, by <c>type</c>.</summary>
internal static class EventTypes
{
    private const int LongestKnown = 64;

    private static readonly FrozenDictionary<string, EventType> s_known = Build().ToFrozenDictionary(type => type.Type, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, EventType>.AlternateLookup<ReadOnlySpan<char>> s_lookup =
        s_known.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The last type found on this thread: deltas come in long rows.</summary>
    [ThreadStatic]
    private static EventType? s_last;

    /// <summary>The known type with this name, or null. Does not allocate.</summary>
    public static EventType? Find(ReadOnlySpan<byte> utf8)
    {
        if (s_last is { } last && last.Is(utf8))
        {
            return last;
        }

        if (utf8.Length > LongestKnown)
        {
            return null;
        }

        // Known names are ASCII, so a byte is a character; any other byte finds nothing.
        Span<char> name = stackalloc char[utf8.Length];
        for (var i = 0; i < utf8.Length; i++)
        {
            name[i] = (char)utf8[i];
        }

        return s_lookup.TryGetValue(name, out var found) ? s_last = found : null;
    }

    private static IEnumerable<EventType> Build()
    {
        yield return Lifecycle("response.created", ResponseStatus.InProgress);
        yield return Lifecycle("response.queued", ResponseStatus.Queued);
        yield return Lifecycle("response.in_progress", ResponseStatus.InProgress);
        yield return Lifecycle("response.completed", ResponseStatus.Completed);
        yield return Lifecycle("response.done", ResponseStatus.Completed);
        yield return Lifecycle("response.incomplete", ResponseStatus.Incomplete);
        yield return Lifecycle("response.failed", ResponseStatus.Failed);
        yield return Lifecycle("response.cancelled", ResponseStatus.Cancelled);

        foreach (var (prefix, shape) in new[]
        {
            ("response.output_item", EventShape.OutputItem),
            ("response.content_part", EventShape.Part),
            ("response.reasoning_summary_part", EventShape.Part),
        })
        {
            yield return Plain(prefix + ".added", shape, done: false);
            yield return Plain(prefix + ".done", shape, done: true);
        }

        foreach (var (prefix, kind) in new[]
        {
            ("response.output_text", DeltaKind.OutputText),
            ("response.refusal", DeltaKind.Refusal),
            ("response.reasoning_summary_text", DeltaKind.ReasoningSummary),
            ("response.reasoning_text", DeltaKind.ReasoningText),
            ("response.function_call_arguments", DeltaKind.FunctionCallArguments),
            ("response.custom_tool_call_input", DeltaKind.CustomToolCallInput),
            ("response.code_interpreter_call_code", DeltaKind.CodeInterpreterCode),
            ("response.mcp_call_arguments", DeltaKind.McpCallArguments),
            ("response.shell_call_command", DeltaKind.ShellCommand),
            ("response.audio.transcript", DeltaKind.AudioTranscript),
        })
        {
            yield return Text(prefix + ".delta", EventShape.TextDelta, kind);
            yield return Text(prefix + ".done", EventShape.TextDone, kind);
        }

        // A shell command starts with a separate event that may already carry text.
        yield return Text("response.shell_call_command.added", EventShape.TextDelta, DeltaKind.ShellCommand);
        yield return Plain("response.output_text.annotation.added", EventShape.Annotation, done: false);

        foreach (var (subject, phases) in new[]
        {
            ("web_search_call", new[] { "in_progress", "searching", "completed", "failed" }),
            ("file_search_call", ["in_progress", "searching", "completed", "failed"]),
            ("code_interpreter_call", ["in_progress", "interpreting", "completed", "failed"]),
            ("image_generation_call", ["in_progress", "generating", "completed", "failed", "partial_image"]),
            ("mcp_list_tools", ["in_progress", "completed", "failed"]),
            ("mcp_call", ["in_progress", "completed", "failed"]),
            ("compaction", ["compacting"]),
        })
        {
            foreach (var phase in phases)
            {
                yield return new EventType($"response.{subject}.{phase}", EventShape.Progress, false, default, default, subject, phase);
            }
        }

        // Output of a hosted shell is not text but pairs of streams: shown as progress, complete in the JSON.
        yield return new EventType("response.shell_call_output_content.delta", EventShape.Progress, false, default, default, "shell_call", "output");
        yield return new EventType("response.shell_call_output_content.done", EventShape.Progress, true, default, default, "shell_call", "output_done");

        foreach (var outcome in new[] { "accepted", "pending", "failed" })
        {
            yield return new EventType($"response.steer.{outcome}", EventShape.Steer, false, default, default, "", outcome);
        }

        yield return Plain("error", EventShape.Error, done: true);
    }

    private static EventType Lifecycle(string type, ResponseStatus status) => new(type, EventShape.Lifecycle, false, default, status, "", "");

    private static EventType Plain(string type, EventShape shape, bool done) => new(type, shape, done, default, default, "", "");

    private static EventType Text(string type, EventShape shape, DeltaKind kind) =>
        new(type, shape, shape == EventShape.TextDone, kind, default, "", "");
}
