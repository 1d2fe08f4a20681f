namespace Copilot.Domain.Responses.Events;

/// <summary>
/// One server event of the Responses API, from either transport. The upstream's own JSON is stored as received; the typed members are
/// what the run and the timeline need of it.
/// </summary>
/// <remarks>Source: the streaming events of the Responses API. An event of a type that is not known is an
/// <see cref="UnknownResponseEvent"/>, never an error.</remarks>
public abstract record ResponseEvent
{
    /// <summary>The API's <c>type</c>, for example <c>response.output_text.delta</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The API's <c>sequence_number</c> inside its response, or null where the event has none.</summary>
    public long? SequenceNumber { get; init; }

    /// <summary>The API's <c>stream_id</c> (WebSocket lanes), or null for the default lane.</summary>
    public string? StreamId { get; init; }

    /// <summary>The whole event as UTF-8 JSON, byte for byte as it was received.</summary>
    public required ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>True for the events that end a response: completed, incomplete, failed and error.</summary>
    public virtual bool IsTerminal => false;
}

/// <summary><c>response.created, queued, in_progress, completed, incomplete, failed</c> (and the synonym <c>response.done</c>).</summary>
public sealed record ResponseLifecycleEvent : ResponseEvent
{
    /// <summary>The response as the event shows it.</summary>
    public required ResponseSnapshot Response { get; init; }

    /// <inheritdoc/>
    public override bool IsTerminal =>
        Response.Status is ResponseStatus.Completed or ResponseStatus.Incomplete or ResponseStatus.Failed or ResponseStatus.Cancelled;
}

/// <summary><c>response.output_item.added</c> and <c>response.output_item.done</c>.</summary>
public sealed record OutputItemEvent : ResponseEvent
{
    /// <summary>True for <c>.done</c>: the item is final.</summary>
    public required bool Done { get; init; }

    /// <summary>The API's <c>output_index</c>; items may interleave.</summary>
    public required int OutputIndex { get; init; }

    /// <summary>The item.</summary>
    public required OutputItem Item { get; init; }
}

/// <summary><c>response.content_part.*</c> and <c>response.reasoning_summary_part.*</c>.</summary>
public sealed record PartEvent : ResponseEvent
{
    /// <summary>True for <c>.done</c>.</summary>
    public required bool Done { get; init; }

    /// <summary>The item the part belongs to; null on sparse streams.</summary>
    public string? ItemId { get; init; }

    /// <summary>The API's <c>output_index</c>.</summary>
    public required int OutputIndex { get; init; }

    /// <summary>The API's <c>content_index</c> or <c>summary_index</c>.</summary>
    public required int PartIndex { get; init; }

    /// <summary>The part's own type: <c>output_text</c>, <c>refusal</c>, <c>reasoning_text</c> or <c>summary_text</c>.</summary>
    public required string PartType { get; init; }

    /// <summary>The part's text, empty when it was just added.</summary>
    public required string Text { get; init; }
}

/// <summary>Which text a delta belongs to.</summary>
public enum DeltaKind
{
    /// <summary>Answer text (<c>response.output_text</c>).</summary>
    OutputText,

    /// <summary>A refusal (<c>response.refusal</c>).</summary>
    Refusal,

    /// <summary>A summary of the model's reasoning (<c>response.reasoning_summary_text</c>).</summary>
    ReasoningSummary,

    /// <summary>Open reasoning (<c>response.reasoning_text</c>).</summary>
    ReasoningText,

    /// <summary>JSON arguments of a function call.</summary>
    FunctionCallArguments,

    /// <summary>Free-form input of a custom tool call.</summary>
    CustomToolCallInput,

    /// <summary>Code that the hosted interpreter is going to run.</summary>
    CodeInterpreterCode,

    /// <summary>JSON arguments of a hosted MCP call.</summary>
    McpCallArguments,

    /// <summary>A command of the hosted shell.</summary>
    ShellCommand,

    /// <summary>The transcript of a spoken answer.</summary>
    AudioTranscript,
}

/// <summary>A <c>.delta</c> event that carries text.</summary>
public sealed record TextDeltaEvent : ResponseEvent
{
    /// <summary>Which text grows.</summary>
    public required DeltaKind Kind { get; init; }

    /// <summary>The item's id; null where the API leaves it out (shell commands, sparse streams).</summary>
    public string? ItemId { get; init; }

    /// <summary>The API's <c>output_index</c>; 0 where it is missing.</summary>
    public required int OutputIndex { get; init; }

    /// <summary>The API's <c>content_index</c>, <c>summary_index</c> or <c>command_index</c>; 0 where it has none.</summary>
    public required int PartIndex { get; init; }

    /// <summary>The new text.</summary>
    public required string Delta { get; init; }
}

/// <summary>A <c>.done</c> event that carries the whole text.</summary>
public sealed record TextDoneEvent : ResponseEvent
{
    /// <summary>Which text is final.</summary>
    public required DeltaKind Kind { get; init; }

    /// <inheritdoc cref="TextDeltaEvent.ItemId"/>
    public string? ItemId { get; init; }

    /// <inheritdoc cref="TextDeltaEvent.OutputIndex"/>
    public required int OutputIndex { get; init; }

    /// <inheritdoc cref="TextDeltaEvent.PartIndex"/>
    public required int PartIndex { get; init; }

    /// <summary>The whole text; it wins over the sum of the deltas.</summary>
    public required string Text { get; init; }
}

/// <summary><c>response.output_text.annotation.added</c>.</summary>
public sealed record AnnotationEvent : ResponseEvent
{
    /// <inheritdoc cref="TextDeltaEvent.ItemId"/>
    public string? ItemId { get; init; }

    /// <inheritdoc cref="TextDeltaEvent.OutputIndex"/>
    public required int OutputIndex { get; init; }

    /// <summary>The API's <c>content_index</c>.</summary>
    public required int PartIndex { get; init; }

    /// <summary>The annotation as UTF-8 JSON.</summary>
    public required ReadOnlyMemory<byte> Annotation { get; init; }
}

/// <summary>
/// Progress of a hosted tool or of compaction: <c>response.{tool}.{phase}</c>, for example
/// <c>response.web_search_call.searching</c> or <c>response.mcp_list_tools.failed</c>.
/// </summary>
public sealed record ItemProgressEvent : ResponseEvent
{
    /// <summary>The item's id; null where it is missing.</summary>
    public string? ItemId { get; init; }

    /// <summary>The API's <c>output_index</c>; 0 where it is missing.</summary>
    public required int OutputIndex { get; init; }

    /// <summary>The item type, for example <c>web_search_call</c>.</summary>
    public required string ItemType { get; init; }

    /// <summary>The phase, for example <c>searching</c>.</summary>
    public required string Phase { get; init; }
}

/// <summary><c>response.steer.accepted, pending, failed</c> (WebSocket only).</summary>
public sealed record SteerEvent : ResponseEvent
{
    /// <summary><c>accepted</c>, <c>pending</c> or <c>failed</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>The API's <c>steer.id</c> (<c>steer_…</c>), or null: a message that was never accepted has none.</summary>
    public string? SteerId { get; init; }

    /// <summary>The API's <c>steer.previous_response_id</c>: the response that was steered, or null.</summary>
    public string? PreviousResponseId { get; init; }

    /// <summary>Why it failed, else null.</summary>
    public ResponseError? Error { get; init; }
}

/// <summary>A top-level <c>error</c> event in any of its shapes. It ends the response.</summary>
public sealed record ResponseErrorEvent : ResponseEvent
{
    /// <summary>What went wrong.</summary>
    public required ResponseError Error { get; init; }

    /// <inheritdoc/>
    public override bool IsTerminal => true;
}

/// <summary>An event whose type is not known. It is stored and shown raw, and has no effect.</summary>
public sealed record UnknownResponseEvent : ResponseEvent;
