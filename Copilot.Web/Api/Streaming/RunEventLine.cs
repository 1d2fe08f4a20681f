using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Api.Runs;

namespace Copilot.Web.Api.Streaming;

/// <summary>One event as server-sent events carry it: its seq as the id, its JSON on one line.</summary>
internal static class RunEventLine
{
    private static readonly JsonWriterOptions s_options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private const int LongestName = 100;

    /// <summary>Writes <c>id</c>, <c>data</c> and the empty line that ends the message.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="runEvent">The event.</param>
    /// <param name="named">Whether its type is also the message's <c>event</c>. A reader that asked for names gets unnamed what has no proper one.</param>
    public static void Write(IBufferWriter<byte> output, RunEvent runEvent, bool named)
    {
        if (named && IsName(runEvent.Type))
        {
            output.Write("event: "u8);
            Encoding.ASCII.GetBytes(runEvent.Type, output);
            output.Write("\n"u8);
        }

        output.Write("id: "u8);
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(runEvent.Seq, digits, out var length);
        output.Write(digits[..length]);
        output.Write("\ndata: "u8);
        WriteJson(output, runEvent);
        output.Write("\n\n"u8);
    }

    // An upstream says what it likes: a line break would be a field of its own.
    private static bool IsName(string type) =>
        type.Length is > 0 and <= LongestName && type.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');

    private static void WriteJson(IBufferWriter<byte> output, RunEvent runEvent)
    {
        using var writer = new Utf8JsonWriter(output, s_options);
        writer.WriteStartObject();
        writer.WriteString("run_id", runEvent.RunId);
        writer.WriteNumber("seq", runEvent.Seq);
        writer.WriteString("at", ApiTime.Format(runEvent.At));
        writer.WriteString("source", runEvent.Source.ToWire());
        RecordedEventJson.WriteActor(writer, runEvent.Actor);
        writer.WriteString("type", runEvent.Type);
        writer.WriteString("response_id", runEvent.ResponseId);
        writer.WriteString("call_id", runEvent.CallId);
        writer.WritePropertyName("data");
        WriteData(writer, runEvent.Data.Span);
        writer.WriteEndObject();
    }

    // The upstream's JSON as it came. It may be laid out over several lines; inside strings a line break is always escaped,
    // so one found here is only layout.
    private static void WriteData(Utf8JsonWriter writer, ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            writer.WriteNullValue();
        }
        else if (data.IndexOfAny((byte)'\n', (byte)'\r') < 0)
        {
            writer.WriteRawValue(data, skipInputValidation: true);
        }
        else
        {
            var line = data.ToArray();
            line.AsSpan().Replace((byte)'\n', (byte)' ');
            line.AsSpan().Replace((byte)'\r', (byte)' ');
            writer.WriteRawValue(line, skipInputValidation: true);
        }
    }
}
