using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Timeline.Snapshots;

/// <summary>A track as a flat array: seq, time and value of each step.</summary>
internal sealed class TrackConverter<T> : JsonConverter<Track<T>>
{
    private static readonly Track<T> s_unset = new();

    /// <inheritdoc/>
    public override Track<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        SnapshotJson.Begin(ref reader);
        if (!SnapshotJson.HasNext(ref reader))
        {
            return s_unset;
        }

        var info = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        var steps = ImmutableArray.CreateBuilder<TrackStep<T>>();
        do
        {
            var seq = reader.GetInt64();
            var at = SnapshotJson.NextMoment(ref reader);
            reader.Read();
            steps.Add(new TrackStep<T>(seq, at, JsonSerializer.Deserialize(ref reader, info)!));
        }
        while (SnapshotJson.HasNext(ref reader));
        return new Track<T>(steps.DrainToImmutable());
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Track<T> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var step in value.Steps)
        {
            writer.WriteNumberValue(step.Seq);
            SnapshotJson.WriteMoment(writer, step.At);
            JsonSerializer.Serialize(writer, step.Value, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)));
        }

        writer.WriteEndArray();
    }
}
