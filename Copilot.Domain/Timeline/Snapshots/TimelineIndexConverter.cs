using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Copilot.Domain.Timeline.State;

namespace Copilot.Domain.Timeline.Snapshots;

/// <summary>The index as an array: the newest attempt and connection, then its four maps, each a flat array.</summary>
internal sealed class TimelineIndexConverter : JsonConverter<TimelineIndex>
{
    private delegate TKey ReadKey<TKey>(ref Utf8JsonReader reader);

    /// <inheritdoc/>
    public override TimelineIndex Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        SnapshotJson.Begin(ref reader);
        var attempt = (int)SnapshotJson.NextNumber(ref reader);
        var connection = (int)SnapshotJson.NextNumber(ref reader);
        var responses = ReadMap(ref reader, Text);
        var items = ReadMap(ref reader, ItemId);
        var outputs = ReadMap(ref reader, Output);
        var calls = ReadMap(ref reader, Text);
        reader.Read();
        return new TimelineIndex(responses, items, outputs, calls, attempt, connection);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TimelineIndex value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.Attempt);
        writer.WriteNumberValue(value.Connection);
        WriteMap(writer, value.Responses, key => SnapshotJson.WriteText(writer, key));
        WriteMap(writer, value.Items, key =>
        {
            writer.WriteNumberValue(key.Attempt);
            SnapshotJson.WriteText(writer, key.ItemId);
        });
        WriteMap(writer, value.Outputs, key =>
        {
            writer.WriteNumberValue(key.Attempt);
            writer.WriteNumberValue(key.OutputIndex);
        });
        WriteMap(writer, value.Calls, key => SnapshotJson.WriteText(writer, key));
        writer.WriteEndArray();
    }

    private static ImmutableDictionary<TKey, int> ReadMap<TKey>(ref Utf8JsonReader reader, ReadKey<TKey> readKey)
        where TKey : notnull
    {
        reader.Read();
        SnapshotJson.Begin(ref reader);
        var map = ImmutableDictionary.CreateBuilder<TKey, int>();
        while (SnapshotJson.HasNext(ref reader))
        {
            map.Add(readKey(ref reader), (int)SnapshotJson.NextNumber(ref reader));
        }

        return map.ToImmutable();
    }

    private static void WriteMap<TKey>(Utf8JsonWriter writer, ImmutableDictionary<TKey, int> map, Action<TKey> writeKey)
        where TKey : notnull
    {
        writer.WriteStartArray();
        foreach (var (key, ordinal) in map)
        {
            writeKey(key);
            writer.WriteNumberValue(ordinal);
        }

        writer.WriteEndArray();
    }

    private static string Text(ref Utf8JsonReader reader) => reader.GetString() ?? throw new JsonException("A key is missing.");

    private static (int Attempt, string ItemId) ItemId(ref Utf8JsonReader reader)
    {
        var attempt = reader.GetInt32();
        reader.Read();
        return (attempt, Text(ref reader));
    }

    private static (int Attempt, int OutputIndex) Output(ref Utf8JsonReader reader) =>
        (reader.GetInt32(), (int)SnapshotJson.NextNumber(ref reader));
}
