using System.Buffers;
using System.Text;
using System.Text.Json;
using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Replay.Export;

/// <summary>The lines of an exported file.</summary>
internal static class ExportLines
{
    private const int Version = 1;
    private const int MostRuns = 10_000;
    private const int LongestName = 500;
    private const int Depth = 8;

    // A clock that shows more is broken, and what is added to it would run over the end of time.
    private static readonly DateTimeOffset s_latest = new(3000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes the first line.</summary>
    public static void Write(IBufferWriter<byte> buffer, ExportHeader header)
    {
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("copilot_export", Version);
            json.WriteStartArray("runs");
            foreach (var run in header.Runs)
            {
                json.WriteStringValue(run);
            }

            json.WriteEndArray();
            json.WriteString("clip", header.Clip?.ToString());
            json.WriteStartArray("redacted");
            foreach (var word in header.Redacted)
            {
                json.WriteStringValue(word);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
    }

    /// <summary>Writes an event.</summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="runEvent">The event.</param>
    /// <param name="isExact">Whether it is as it was recorded, and so has its place in the hash chain.</param>
    public static void Write(IBufferWriter<byte> buffer, RunEvent runEvent, bool isExact)
    {
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            RecordedEventJson.WriteMembers(json, runEvent);
            WriteData(json, runEvent);
            if (isExact)
            {
                json.WriteBase64String("salt", runEvent.Salt.Span);
                json.WriteBase64String("digest", runEvent.PayloadDigest.Span);
                json.WriteBase64String("hash", runEvent.Hash.Span);
            }

            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
    }

    /// <summary>Reads the first line.</summary>
    /// <exception cref="ExportFormatException">It is no header.</exception>
    public static ExportHeader ReadHeader(ReadOnlyMemory<byte> line) => Read(line, 1, root =>
    {
        if (root.ValueKind is not JsonValueKind.Object || !root.TryGetProperty("copilot_export", out var version))
        {
            throw new ExportFormatException("The file is no export of a run.");
        }

        if (!version.TryGetInt32(out var number) || number != Version)
        {
            throw new ExportFormatException("The file was exported by a newer version.");
        }

        var runs = Strings(root.GetProperty("runs"), 1);
        if (runs.Count is 0 or > MostRuns || runs.Distinct(StringComparer.Ordinal).Count() != runs.Count)
        {
            throw new ExportFormatException(1, "it names no runs, or too many.");
        }

        var clip = root.GetProperty("clip").GetString();
        SeqRange? range = null;
        if (clip is not null && (!SeqRange.TryParse(clip, out range) || runs.Count > 1))
        {
            throw new ExportFormatException(1, "its clip is none.");
        }

        return new ExportHeader(runs, range, Strings(root.GetProperty("redacted"), 1));
    });

    /// <summary>Reads an event.</summary>
    /// <param name="line">The line.</param>
    /// <param name="number">Its number, from 1.</param>
    /// <param name="isExact">Whether it has its place in the hash chain.</param>
    /// <param name="known">The one text for all that are equal to it.</param>
    /// <exception cref="ExportFormatException">It is none.</exception>
    public static RunEvent ReadEvent(ReadOnlyMemory<byte> line, int number, bool isExact, Func<string, string> known) => Read(line, number, root =>
    {
        var actor = root.GetProperty("actor");
        var at = root.GetProperty("at").GetInt64();
        if (at < 0 || at > RunTime.ToMicroseconds(s_latest))
        {
            throw new ExportFormatException(number, "its time is none.");
        }

        var data = DataOf(root);
        return new RunEvent
        {
            RunId = known(Name(root.GetProperty("run_id"), number)),
            Seq = root.GetProperty("seq").GetInt64(),
            At = RunTime.FromMicroseconds(at),
            Source = EventSourceExtensions.FromWire(root.GetProperty("source").GetString() ?? ""),
            Actor = actor.ValueKind is JsonValueKind.Null ? null : new EventActor(known(Name(actor.GetProperty("id"), number)), known(Name(actor.GetProperty("role"), number))),
            Type = known(Name(root.GetProperty("type"), number)),
            ResponseId = root.GetProperty("response_id").GetString() is { } response ? known(response) : null,
            CallId = root.GetProperty("call_id").GetString() is { } call ? known(call) : null,
            Data = data ?? ReadOnlyMemory<byte>.Empty,
            // An event without salt is one whose payload was deleted.
            Salt = isExact ? root.GetProperty("salt").GetBytesFromBase64() : data is null ? ReadOnlyMemory<byte>.Empty : EventRedactor.NoSalt,
            PayloadDigest = isExact ? root.GetProperty("digest").GetBytesFromBase64() : ReadOnlyMemory<byte>.Empty,
            Hash = isExact ? root.GetProperty("hash").GetBytesFromBase64() : ReadOnlyMemory<byte>.Empty,
        };
    });

    /// <summary>Whether a line is the beginning of an export's line, and nothing more.</summary>
    public static bool IsCut(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("{\""u8))
        {
            return false;
        }

        var reader = new Utf8JsonReader(line, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = Depth }));
        try
        {
            while (reader.Read())
            {
                // As far as it goes.
            }

            return reader.CurrentDepth > 0 || reader.BytesConsumed < line.Length;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static T Read<T>(ReadOnlyMemory<byte> line, int number, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = Depth });
            return read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            throw new ExportFormatException(number, number == 1 ? "the file is no export of a run." : "it is no event.");
        }
    }

    private static List<string> Strings(JsonElement array, int line) => [.. array.EnumerateArray().Take(MostRuns + 1).Select(one => Name(one, line))];

    private static string Name(JsonElement value, int line) =>
        value.GetString() is { Length: > 0 and <= LongestName } name ? name : throw new ExportFormatException(line, "a name in it is empty or too long.");

    private static void WriteData(Utf8JsonWriter json, RunEvent runEvent)
    {
        if (runEvent.IsErased)
        {
            json.WriteNull("data");
        }
        else
        {
            RecordedEventJson.WriteData(json, runEvent);
        }
    }

    private static byte[]? DataOf(JsonElement root) =>
        root.TryGetProperty("data_base64", out var bytes) ? bytes.GetBytesFromBase64()
        : root.GetProperty("data").GetString() is { } text ? Encoding.UTF8.GetBytes(text)
        : null;
}
