using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Copilot.Domain.Runs.Events.Payloads;

/// <summary>A JSON value that an event carries as it came: read and written byte for byte.</summary>
/// <param name="Utf8">The value as UTF-8 JSON.</param>
[JsonConverter(typeof(JsonBytesConverter))]
public readonly record struct JsonBytes(ReadOnlyMemory<byte> Utf8);

internal sealed class JsonBytesConverter : JsonConverter<JsonBytes>
{
    public override JsonBytes Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(Encoding.UTF8.GetBytes(JsonElement.ParseValue(ref reader).GetRawText()));

    public override void Write(Utf8JsonWriter writer, JsonBytes value, JsonSerializerOptions options) => writer.WriteRawValue(value.Utf8.Span);
}
