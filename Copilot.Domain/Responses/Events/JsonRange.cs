using System.Text.Json;

namespace Copilot.Domain.Responses.Events;

/// <summary>The position of one JSON value in its document, so that it can be stored or read without building a tree.</summary>
internal readonly record struct JsonRange(int Start, int Length, JsonTokenType Kind)
{
    /// <summary>True when the property was there and not null.</summary>
    public bool HasValue => Kind is not (JsonTokenType.None or JsonTokenType.Null);

    /// <summary>Reads the range of the reader's current value and moves past it.</summary>
    public static JsonRange Read(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        var kind = reader.TokenType;
        reader.Skip();
        return new JsonRange(start, (int)reader.BytesConsumed - start, kind);
    }

    /// <summary>The value's JSON, or empty where there is none.</summary>
    public ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> json) => HasValue ? json.Slice(Start, Length) : default;

    /// <inheritdoc cref="Of(ReadOnlyMemory{byte})"/>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> json) => HasValue ? json.Slice(Start, Length) : default;

    /// <summary>The text of a string, the digits of a number; null for anything else.</summary>
    public string? Text(ReadOnlySpan<byte> json)
    {
        if (Kind == JsonTokenType.Number)
        {
            return System.Text.Encoding.UTF8.GetString(Of(json));
        }

        if (Kind != JsonTokenType.String)
        {
            return null;
        }

        var text = Of(json)[1..^1];
        if (!text.Contains((byte)'\\'))
        {
            return System.Text.Encoding.UTF8.GetString(text);
        }

        var reader = new Utf8JsonReader(Of(json));
        reader.Read();
        return Text(in reader);
    }

    /// <summary>The text of the reader's current string or property name.</summary>
    public static string Text(ref readonly Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: some upstreams cut a delta in the middle of an emoji. The next one may bring the other half.
            return JsonHalves.Unescape(reader.ValueSpan);
        }
    }

    /// <summary>The whole number, also when it is written as a string; null for anything else.</summary>
    public long? Number(ReadOnlySpan<byte> json)
    {
        var span = Kind == JsonTokenType.String ? Of(json)[1..^1] : Kind == JsonTokenType.Number ? Of(json) : default;
        return System.Buffers.Text.Utf8Parser.TryParse(span, out long value, out var used) && used == span.Length ? value : null;
    }

    /// <summary>The number as an index, 0 where it is missing or out of range.</summary>
    public int Index(ReadOnlySpan<byte> json) => Number(json) is { } value and >= 0 and <= int.MaxValue ? (int)value : 0;
}
