using System.Text.Json;

namespace Copilot.Domain.Responses.Requests;

/// <summary>One input item as UTF-8 JSON.</summary>
public sealed record InputItem(ReadOnlyMemory<byte> Json)
{
    /// <summary>True for a compaction made by a response: it replaces everything before it.</summary>
    public bool StartsWindow { get; init; }

    /// <summary>Files that the message names but does not carry yet (<see cref="InputMessage"/>).</summary>
    public IReadOnlyList<MessageFile> Files { get; init; } = [];

    /// <summary>Contents that are written into <see cref="Json"/>, by rising offset.</summary>
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

    /// <summary>What the assistant had written when a person stopped its response.</summary>
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
        writer.WriteString("call_id", InputRules.CallIdOf(callId));
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
        writer.WriteString("call_id", InputRules.CallIdOf(callId));
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
