using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Copilot.Domain.Runs.Events.Payloads;

/// <summary>Text; a value of another kind as its JSON.</summary>
internal sealed class TolerantTextConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return reader.GetString()!;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                return JsonElement.ParseValue(ref reader).GetRawText();
            default:
                return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString()!;

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);
}

/// <summary>A whole number; null for a value of another kind.</summary>
internal sealed class TolerantNumberConverter : JsonConverter<long?>
{
    public override long? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => TolerantReading.Number(ref reader);

    public override void Write(Utf8JsonWriter writer, long? value, JsonSerializerOptions options) => writer.WriteNumberValue(value!.Value);
}

/// <summary>A whole number; 0 for a value of another kind.</summary>
internal sealed class TolerantCountConverter : JsonConverter<long>
{
    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => TolerantReading.Number(ref reader) ?? 0;

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}

/// <summary>True or false; null for a value of another kind.</summary>
internal sealed class TolerantFlagConverter : JsonConverter<bool?>
{
    public override bool? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        bool? flag = reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            _ => null,
        };
        reader.Skip();
        return flag;
    }

    public override void Write(Utf8JsonWriter writer, bool? value, JsonSerializerOptions options) => writer.WriteBooleanValue(value!.Value);
}

/// <summary>A duration as whole milliseconds, at most a year; null for a value of another kind, or below 0.</summary>
internal sealed class MillisecondsConverter : JsonConverter<TimeSpan?>
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(365);

    public override TimeSpan? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TolerantReading.Number(ref reader) is { } milliseconds and >= 0
            ? TimeSpan.FromMilliseconds(Math.Min(milliseconds, (long)s_longest.TotalMilliseconds))
            : null;

    public override void Write(Utf8JsonWriter writer, TimeSpan? value, JsonSerializerOptions options) =>
        writer.WriteNumberValue((long)value!.Value.TotalMilliseconds);
}

/// <summary>One of some words; null for a word that is not known, or a value of another kind.</summary>
internal abstract class WordConverter<T>(params (T Value, string Word)[] words) : JsonConverter<T?>
    where T : struct, Enum
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.String)
        {
            foreach (var (value, word) in words)
            {
                if (reader.ValueTextEquals(word))
                {
                    return value;
                }
            }
        }

        reader.Skip();
        return null;
    }

    public override void Write(Utf8JsonWriter writer, T? value, JsonSerializerOptions options)
    {
        foreach (var (known, word) in words)
        {
            if (EqualityComparer<T>.Default.Equals(known, value!.Value))
            {
                writer.WriteStringValue(word);
                return;
            }
        }

        throw new JsonException($"There is no word for {value}.");
    }
}

/// <summary>Reads that do not mind what they find.</summary>
internal static class TolerantReading
{
    /// <summary>A whole number; null for a value of another kind, which is passed over.</summary>
    public static long? Number(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.Number && reader.TryGetInt64(out var number))
        {
            return number;
        }

        reader.Skip();
        return null;
    }
}
