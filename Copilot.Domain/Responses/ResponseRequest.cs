using System.Text.Json;

namespace Copilot.Domain.Responses;

/// <summary>One request for a response, independent of the transport that carries it.</summary>
public sealed record ResponseRequest
{
    /// <summary>What stays the same between the requests of a run.</summary>
    public required ResponseSettings Settings { get; init; }

    /// <summary>The input items: only the new ones with <see cref="PreviousResponseId"/>, else all of them.</summary>
    public required IReadOnlyList<InputItem> Input { get; init; }

    /// <summary>The response that this one continues, or null when <see cref="Input"/> is complete.</summary>
    public string? PreviousResponseId { get; init; }

    /// <summary>True for a warm-up (<c>generate:false</c>): no output. WebSocket only.</summary>
    public bool WarmUp { get; init; }
}

/// <summary>The fields of a request beside its input. Equal settings are a condition for continuing with a delta.</summary>
public sealed record ResponseSettings
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>Sent with every request, because the upstream does not inherit it.</summary>
    public string? Instructions { get; init; }

    /// <summary>The API's <c>tools</c> array as UTF-8 JSON, or empty for none. Not inherited either.</summary>
    public ReadOnlyMemory<byte> Tools { get; init; }

    /// <summary>
    /// The API's <c>include</c> beside <c>reasoning.encrypted_content</c>, which every request asks for that is not stored.
    /// </summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>The API's <c>parallel_tool_calls</c>.</summary>
    public bool ParallelToolCalls { get; init; } = true;

    /// <summary>Whether the upstream may keep the response.</summary>
    public bool Store { get; init; }

    /// <summary>The API's <c>reasoning.effort</c>, or null for the model's default.</summary>
    public string? ReasoningEffort { get; init; }

    /// <summary>The API's <c>reasoning.summary</c>, or null for none.</summary>
    public string? ReasoningSummary { get; init; }

    /// <summary>The API's <c>max_output_tokens</c>, or null.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>
    /// Tokens of context above which the upstream compacts by itself (<c>context_management</c>), or null for never. Such a response
    /// cannot be steered.
    /// </summary>
    public int? CompactThreshold { get; init; }

    /// <summary>The API's <c>prompt_cache_key</c>, or null.</summary>
    public string? PromptCacheKey { get; init; }

    /// <summary>The API's <c>text</c> object as UTF-8 JSON (structured output), or empty for none.</summary>
    public ReadOnlyMemory<byte> Text { get; init; }

    /// <summary>The API's <c>metadata</c>: at most 16 pairs, keys to 64 and values to 512 characters.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}

/// <summary>One input item as UTF-8 JSON.</summary>
public sealed record InputItem(ReadOnlyMemory<byte> Json)
{
    /// <summary>True for a compaction that a response has made: it stands for everything before it.</summary>
    public bool BeginsAnew { get; init; }

    /// <summary>Files that the message names and does not carry yet (<see cref="InputMessage"/>).</summary>
    public IReadOnlyList<MessageFile> Files { get; init; } = [];

    /// <summary>Contents that are written into <see cref="Json"/> as base64, by rising offset.</summary>
    public IReadOnlyList<InputSlot> Contents { get; init; } = [];

    /// <summary>Its length on the wire, in bytes.</summary>
    public long Length => Json.Length + Contents.Sum(slot => slot.Content.EncodedLength);

    /// <summary>True when both are the same bytes on the wire.</summary>
    public bool IsSame(InputItem other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Json.Span.SequenceEqual(other.Json.Span)
            && Contents.Select(slot => (slot.Offset, slot.Content.Digest)).SequenceEqual(other.Contents.Select(slot => (slot.Offset, slot.Content.Digest)));
    }

    /// <summary>A user's message.</summary>
    public static InputItem UserMessage(string text) => Write(writer =>
    {
        writer.WriteString("type", "message");
        writer.WriteString("role", "user");
        writer.WriteStartArray("content");
        writer.WriteStartObject();
        writer.WriteString("type", "input_text");
        writer.WriteString("text", text);
        writer.WriteEndObject();
        writer.WriteEndArray();
    });

    /// <summary>What the assistant had said when its response was cut off by a person.</summary>
    public static InputItem PartialAnswer(string text) => Write(writer =>
    {
        writer.WriteString("type", "message");
        writer.WriteString("role", "assistant");
        writer.WriteStartArray("content");
        writer.WriteStartObject();
        writer.WriteString("type", "output_text");
        writer.WriteString("text", text);
        writer.WriteEndObject();
        writer.WriteEndArray();
    });

    /// <summary>The one output that answers a function call.</summary>
    public static InputItem FunctionCallOutput(string callId, string output) => Write(writer =>
    {
        writer.WriteString("type", "function_call_output");
        writer.WriteString("call_id", callId);
        writer.WriteString("output", output);
    });

    /// <summary>The one answer to an <c>mcp_approval_request</c>.</summary>
    /// <param name="requestId">Its id (<c>mcpr_…</c>).</param>
    /// <param name="approve">Whether the server's tool may be called.</param>
    /// <param name="reason">Why, for the model; or null.</param>
    public static InputItem McpApprovalResponse(string requestId, bool approve, string? reason) => Write(writer =>
    {
        writer.WriteString("type", "mcp_approval_response");
        writer.WriteString("approval_request_id", requestId);
        writer.WriteBoolean("approve", approve);
        if (reason is not null)
        {
            writer.WriteString("reason", reason);
        }
    });

    /// <summary>The one output that answers a custom (free-form) tool call.</summary>
    public static InputItem CustomToolCallOutput(string callId, string output) => Write(writer =>
    {
        writer.WriteString("type", "custom_tool_call_output");
        writer.WriteString("call_id", callId);
        writer.WriteString("output", output);
    });

    private static InputItem Write(Action<Utf8JsonWriter> body)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            body(writer);
            writer.WriteEndObject();
        }

        return new InputItem(buffer.WrittenMemory);
    }
}
