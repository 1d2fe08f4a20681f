using System.Text;
using System.Text.Json;

namespace Copilot.Domain.Responses;

/// <summary>Reads output items and their parts.</summary>
internal static class OutputItemReader
{
    /// <summary>Reads one item from its JSON object, which the item keeps.</summary>
    public static OutputItem Read(ReadOnlyMemory<byte> json)
    {
        var span = json.Span;
        var reader = new Utf8JsonReader(span);
        reader.Read();
        JsonSlice id = default, type = default, status = default, callId = default, name = default, arguments = default, phase = default;
        JsonSlice content = default, summary = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
            {
                id = Next(ref reader);
            }
            else if (reader.ValueTextEquals("type"u8))
            {
                type = Next(ref reader);
            }
            else if (reader.ValueTextEquals("status"u8))
            {
                status = Next(ref reader);
            }
            else if (reader.ValueTextEquals("call_id"u8))
            {
                callId = Next(ref reader);
            }
            else if (reader.ValueTextEquals("name"u8))
            {
                name = Next(ref reader);
            }
            else if (reader.ValueTextEquals("arguments"u8) || reader.ValueTextEquals("input"u8))
            {
                arguments = Next(ref reader);
            }
            else if (reader.ValueTextEquals("phase"u8))
            {
                phase = Next(ref reader);
            }
            else if (reader.ValueTextEquals("content"u8))
            {
                content = Next(ref reader);
            }
            else if (reader.ValueTextEquals("summary"u8))
            {
                summary = Next(ref reader);
            }
            else
            {
                Next(ref reader);
            }
        }

        var (text, refusal) = Join(content.Of(span), separator: "");
        if (text.Length == 0)
        {
            // Each part of a summary is a paragraph of its own.
            (text, _) = Join(summary.Of(span), separator: "\n\n");
        }

        return new OutputItem
        {
            Id = id.Text(span),
            Type = type.Text(span) ?? "",
            Status = status.Text(span),
            CallId = callId.Text(span),
            Name = name.Text(span),
            Arguments = arguments.Text(span),
            Phase = phase.Text(span),
            Text = text,
            Refusal = refusal,
            Json = json,
        };
    }

    /// <summary>Reads the items of an <c>output</c> array.</summary>
    public static IReadOnlyList<OutputItem> ReadAll(ReadOnlyMemory<byte> array)
    {
        if (array.IsEmpty || array.Span[0] != (byte)'[')
        {
            return [];
        }

        var items = new List<OutputItem>();
        var reader = new Utf8JsonReader(array.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var slice = JsonSlice.Take(ref reader);
            if (slice.Kind == JsonTokenType.StartObject)
            {
                items.Add(Read(slice.Of(array)));
            }
        }

        return items;
    }

    /// <summary>Reads one content or summary part; a missing one is empty.</summary>
    public static (string Type, string Text) ReadPart(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty || json[0] != (byte)'{')
        {
            return ("", "");
        }

        var reader = new Utf8JsonReader(json);
        reader.Read();
        JsonSlice type = default, text = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                type = Next(ref reader);
            }
            else if (reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("refusal"u8) || reader.ValueTextEquals("transcript"u8))
            {
                text = Next(ref reader);
            }
            else
            {
                Next(ref reader);
            }
        }

        return (type.Text(json) ?? "", text.Text(json) ?? "");
    }

    private static (string Text, string? Refusal) Join(ReadOnlySpan<byte> array, string separator)
    {
        if (array.IsEmpty || array[0] != (byte)'[')
        {
            return ("", null);
        }

        var reader = new Utf8JsonReader(array);
        reader.Read();
        string? refusal = null;
        var text = "";
        StringBuilder? joined = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var part = ReadPart(JsonSlice.Take(ref reader).Of(array));
            if (part.Type == "refusal")
            {
                refusal += part.Text;
            }
            else if (text.Length == 0 && joined is null)
            {
                text = part.Text;
            }
            else if (part.Text.Length > 0)
            {
                joined ??= new StringBuilder(text);
                joined.Append(separator).Append(part.Text);
            }
        }

        return (joined?.ToString() ?? text, refusal);
    }

    private static JsonSlice Next(ref Utf8JsonReader reader)
    {
        reader.Read();
        return JsonSlice.Take(ref reader);
    }
}
