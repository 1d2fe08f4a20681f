using System.Text.Json;
using System.Text.Json.Serialization;

namespace Copilot.Domain.Timeline.Snapshots;

/// <summary>A moment as a number.</summary>
internal sealed class MomentConverter : JsonConverter<DateTimeOffset>
{
    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => SnapshotJson.Moment(ref reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => SnapshotJson.WriteMoment(writer, value);
}
