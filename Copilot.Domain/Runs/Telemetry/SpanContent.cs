using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;

namespace Copilot.Domain.Runs.Telemetry;

/// <summary>What is said, in the JSON of the conventions: messages with a role and parts. Contents of files are never in it.</summary>
internal static class SpanContent
{
    private static readonly JsonWriterOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The instructions of an agent.</summary>
    public static string Instructions(string text) => Write(writer =>
    {
        writer.WriteStartArray();
        WriteText(writer, text);
        writer.WriteEndArray();
    });

    /// <summary>One message of text.</summary>
    public static string Message(string role, string text, string? finishReason = null) => Write(writer =>
    {
        writer.WriteStartArray();
        WriteMessage(writer, role, finishReason, () => WriteText(writer, text));
        writer.WriteEndArray();
    });

    /// <summary>What a request carries.</summary>
    public static string Messages(IReadOnlyList<InputItem> input) => Write(writer =>
    {
        writer.WriteStartArray();
        foreach (var item in input)
        {
            using var document = JsonDocument.Parse(item.Json);
            WriteItem(writer, document.RootElement);
        }

        writer.WriteEndArray();
    });

    /// <summary>What a response says, as the one message that it is.</summary>
    public static string Output(IReadOnlyList<OutputItem> items, string finishReason) => Write(writer =>
    {
        writer.WriteStartArray();
        WriteMessage(writer, "assistant", finishReason, () =>
        {
            foreach (var item in items)
            {
                WriteOutput(writer, item);
            }
        });
        writer.WriteEndArray();
    });

    private static void WriteItem(Utf8JsonWriter writer, JsonElement item)
    {
        switch (TextOf(item, "type"))
        {
            case "function_call_output" or "custom_tool_call_output":
                WriteMessage(writer, "tool", finishReason: null, () =>
                {
                    writer.WriteStartObject();
                    writer.WriteString("type", "tool_call_response");
                    writer.WriteString("id", TextOf(item, "call_id"));
                    writer.WriteString("response", TextOf(item, "output"));
                    writer.WriteEndObject();
                });
                break;
            case "function_call" or "custom_tool_call":
                WriteMessage(writer, "assistant", finishReason: null, () =>
                    WriteCall(writer, TextOf(item, "call_id"), TextOf(item, "name"), TextOf(item, "arguments") ?? TextOf(item, "input")));
                break;
            case "message" or null:
                WriteMessage(writer, TextOf(item, "role") ?? "user", finishReason: null, () => WriteParts(writer, item));
                break;
            case { } other:
                WriteMessage(writer, "assistant", finishReason: null, () => WriteKind(writer, other));
                break;
        }
    }

    private static void WriteParts(Utf8JsonWriter writer, JsonElement message)
    {
        if (PropertyOf(message, "content") is not { } content)
        {
            return;
        }

        if (content.ValueKind is JsonValueKind.String)
        {
            WriteText(writer, StringOf(content));
        }
        else if (content.ValueKind is JsonValueKind.Array)
        {
            foreach (var part in content.EnumerateArray())
            {
                if (TextOf(part, "text") is { } text)
                {
                    WriteText(writer, text);
                }
                else
                {
                    WriteKind(writer, TextOf(part, "type") ?? "unknown");
                }
            }
        }
    }

    private static void WriteOutput(Utf8JsonWriter writer, OutputItem item)
    {
        if (item.CallId is not null)
        {
            WriteCall(writer, item.CallId, item.Name, item.Arguments);
        }
        else if (item.Type == "message")
        {
            WriteText(writer, item.Refusal ?? item.Text);
        }
        else if (item is { Type: "reasoning", Text.Length: > 0 })
        {
            writer.WriteStartObject();
            writer.WriteString("type", "reasoning");
            writer.WriteString("content", item.Text);
            writer.WriteEndObject();
        }
        else
        {
            WriteKind(writer, item.Type);
        }
    }

    private static void WriteCall(Utf8JsonWriter writer, string? id, string? name, string? arguments)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "tool_call");
        writer.WriteString("id", id);
        writer.WriteString("name", name);
        writer.WriteString("arguments", arguments);
        writer.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter writer, string role, string? finishReason, Action parts)
    {
        writer.WriteStartObject();
        writer.WriteString("role", role);
        writer.WriteStartArray("parts");
        parts();
        writer.WriteEndArray();
        if (finishReason is not null)
        {
            writer.WriteString("finish_reason", finishReason);
        }

        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, string text)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "text");
        writer.WriteString("content", text);
        writer.WriteEndObject();
    }

    private static void WriteKind(Utf8JsonWriter writer, string type)
    {
        writer.WriteStartObject();
        writer.WriteString("type", type);
        writer.WriteEndObject();
    }

    private static string? TextOf(JsonElement element, string name) =>
        PropertyOf(element, name) is { ValueKind: JsonValueKind.String } value ? StringOf(value) : null;

    // Models write halves of characters, also into names, and a run must not end because somebody watches it.
    private static JsonElement? PropertyOf(JsonElement element, string name)
    {
        try
        {
            return element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string StringOf(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // As it stands in the JSON, without its quotation marks.
            return text.GetRawText()[1..^1];
        }
    }

    private static string Write(Action<Utf8JsonWriter> body)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, s_readable))
        {
            body(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
