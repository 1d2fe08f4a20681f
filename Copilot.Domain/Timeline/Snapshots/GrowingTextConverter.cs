using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Timeline.Snapshots;

/// <summary>
/// A text as the array of its generations, the oldest first, and each of them as its chunks and their marks, which say by how much they
/// are after the mark before. Not nested: an upstream may replace a text as often as it likes.
/// </summary>
internal sealed class GrowingTextConverter : JsonConverter<GrowingText>
{
    /// <inheritdoc/>
    public override GrowingText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        SnapshotJson.Begin(ref reader);
        if (!SnapshotJson.HasNext(ref reader))
        {
            return GrowingText.Empty;
        }

        GrowingText? text = null;
        do
        {
            text = ReadGeneration(ref reader, text);
        }
        while (SnapshotJson.HasNext(ref reader));
        return text;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, GrowingText value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        if (!ReferenceEquals(value, GrowingText.Empty))
        {
            var generations = new Stack<GrowingText>();
            for (var one = value; one is not null; one = one.Replaced)
            {
                generations.Push(one);
            }

            foreach (var one in generations)
            {
                WriteGeneration(writer, one);
            }
        }

        writer.WriteEndArray();
    }

    private static GrowingText ReadGeneration(ref Utf8JsonReader reader, GrowingText? replaced)
    {
        SnapshotJson.Begin(ref reader);
        var closed = ImmutableList.CreateBuilder<TextChunk>();
        TextChunk? open = null;
        var last = default(TextMark);
        while (SnapshotJson.HasNext(ref reader))
        {
            if (open is not null)
            {
                closed.Add(open);
            }

            var text = reader.GetString() ?? throw new JsonException("A chunk has no text.");
            open = new TextChunk(open is null ? 0 : open.Start + open.Text.Length, text, ReadMarks(ref reader, ref last));
        }

        return new GrowingText(closed.ToImmutable(), open ?? throw new JsonException("A text has no chunk."), replaced);
    }

    private static ImmutableArray<TextMark> ReadMarks(ref Utf8JsonReader reader, ref TextMark last)
    {
        reader.Read();
        SnapshotJson.Begin(ref reader);
        var marks = ImmutableArray.CreateBuilder<TextMark>();
        while (SnapshotJson.HasNext(ref reader))
        {
            var end = last.End + reader.GetInt32();
            var seq = last.Seq + SnapshotJson.NextNumber(ref reader);
            last = new TextMark(end, seq, new DateTimeOffset(last.At.Ticks + SnapshotJson.NextNumber(ref reader), TimeSpan.Zero));
            marks.Add(last);
        }

        return marks.DrainToImmutable();
    }

    private static void WriteGeneration(Utf8JsonWriter writer, GrowingText text)
    {
        var last = default(TextMark);
        writer.WriteStartArray();
        foreach (var chunk in text.Chunks)
        {
            SnapshotJson.WriteText(writer, chunk.Text);
            writer.WriteStartArray();
            foreach (var mark in chunk.Marks)
            {
                writer.WriteNumberValue(mark.End - last.End);
                writer.WriteNumberValue(mark.Seq - last.Seq);
                writer.WriteNumberValue(mark.At.UtcTicks - last.At.UtcTicks);
                last = mark;
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }
}
