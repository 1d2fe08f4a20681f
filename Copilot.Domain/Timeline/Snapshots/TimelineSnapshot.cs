using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;

namespace Copilot.Domain.Timeline.Snapshots;

/// <summary>
/// A folded state as UTF-8 JSON, and back: equal in everything, so that it can be shown, clipped and folded on. It is read by the build
/// that wrote it and by no other, and therefore has no version of its own.
/// </summary>
public static class TimelineSnapshot
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        // What follows from the rest is computed again.
        IgnoreReadOnlyProperties = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new WholeStringConverter(), new MomentConverter(), new TrackConverterFactory(), new GrowingTextConverter(), new TimelineIndexConverter(),
        },
        TypeInfoResolver = TimelineSnapshotJson.Default.WithAddedModifier(NameKinds),
    };

    /// <summary>
    /// Names the code that folds and writes. Every build of this assembly that differs in anything has another: nobody has to remember
    /// that a fold has changed.
    /// </summary>
    public static string Build { get; } = typeof(TimelineSnapshot).Module.ModuleVersionId.ToString("N");

    /// <summary>The state as JSON.</summary>
    /// <exception cref="JsonException">It holds a text that UTF-8 cannot say: half a character.</exception>
    public static byte[] Write(TimelineState state) => JsonSerializer.SerializeToUtf8Bytes(state, Info);

    /// <summary>The state that was written.</summary>
    /// <exception cref="JsonException">It was not written by <see cref="Write"/> of the same <see cref="Build"/>.</exception>
    public static TimelineState Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, Info) ?? throw new JsonException("There is no timeline in it.");

    private static JsonTypeInfo<TimelineState> Info => (JsonTypeInfo<TimelineState>)s_options.GetTypeInfo(typeof(TimelineState));

    private static void NameKinds(JsonTypeInfo info)
    {
        if (info.Type != typeof(TimelineItem))
        {
            return;
        }

        info.PolymorphismOptions = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = "$" };
        foreach (var kind in TimelineSnapshotJson.Kinds)
        {
            info.PolymorphismOptions.DerivedTypes.Add(new(kind, kind.Name));
        }
    }
}
