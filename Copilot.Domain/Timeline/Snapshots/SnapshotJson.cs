using System.Text;
using System.Text.Json;

namespace Copilot.Domain.Timeline.Snapshots;

/// <summary>What the converters of a snapshot share.</summary>
internal static class SnapshotJson
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The reader stands on an array.</summary>
    public static void Begin(ref Utf8JsonReader reader) => Expect(ref reader, JsonTokenType.StartArray);

    /// <summary>Goes to the next element of an array. False at its end.</summary>
    public static bool HasNext(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType is not JsonTokenType.EndArray;
    }

    /// <summary>The next element is a number.</summary>
    public static long NextNumber(ref Utf8JsonReader reader)
    {
        reader.Read();
        Expect(ref reader, JsonTokenType.Number);
        return reader.GetInt64();
    }

    /// <summary>The next element is a moment.</summary>
    public static DateTimeOffset NextMoment(ref Utf8JsonReader reader)
    {
        reader.Read();
        return Moment(ref reader);
    }

    /// <summary>The reader stands on a moment.</summary>
    public static DateTimeOffset Moment(ref Utf8JsonReader reader) => reader.TokenType is JsonTokenType.Number
        ? new DateTimeOffset(reader.GetInt64(), TimeSpan.Zero)
        : reader.GetDateTimeOffset();

    /// <summary>Ticks where it is UTC, which all are that an event carries itself.</summary>
    public static void WriteMoment(Utf8JsonWriter writer, DateTimeOffset moment)
    {
        if (moment.Offset == TimeSpan.Zero)
        {
            writer.WriteNumberValue(moment.Ticks);
        }
        else
        {
            writer.WriteStringValue(moment);
        }
    }

    /// <summary>The writer would put a mark in place of half a character, and the text would not be the same any more.</summary>
    /// <exception cref="JsonException">The text holds half a character.</exception>
    public static void WriteText(Utf8JsonWriter writer, string text)
    {
        if (text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            try
            {
                _ = s_strict.GetByteCount(text);
            }
            catch (EncoderFallbackException exception)
            {
                throw new JsonException("A text holds half a character.", exception);
            }
        }

        writer.WriteStringValue(text);
    }

    /// <exception cref="JsonException">The reader stands on something else.</exception>
    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (reader.TokenType != type)
        {
            throw new JsonException($"{type} was expected, not {reader.TokenType}.");
        }
    }
}
