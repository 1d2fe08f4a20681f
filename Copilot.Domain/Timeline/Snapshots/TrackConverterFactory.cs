using System.Text.Json;
using System.Text.Json.Serialization;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Timeline.Snapshots;

/// <summary>A <see cref="TrackConverter{T}"/> for every track.</summary>
internal sealed class TrackConverterFactory : JsonConverterFactory
{
    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Track<>);

    /// <inheritdoc/>
    public override JsonConverter? CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter?)Activator.CreateInstance(typeof(TrackConverter<>).MakeGenericType(typeToConvert.GetGenericArguments()));
}
