using System.Text.Json;
using System.Text.Json.Serialization;

namespace Copilot.Domain.Timeline.Snapshots;

/// <summary>A text that comes back as it was, or is not written.</summary>
internal sealed class WholeStringConverter : JsonConverter<string>
{
    /// <inheritdoc/>
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => SnapshotJson.WriteText(writer, value);
}
