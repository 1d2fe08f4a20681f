using System.Buffers;
using System.Text.Json;
using Copilot.Domain.Responses.Events;

namespace Copilot.Domain.Runs.Events;

/// <summary>An event before it has its number.</summary>
internal sealed record RunEventDraft
{
    public required DateTimeOffset At { get; init; }

    public required EventSource Source { get; init; }

    public EventActor? Actor { get; init; }

    public required string Type { get; init; }

    public required ReadOnlyMemory<byte> Data { get; init; }

    public string? ResponseId { get; init; }

    public string? CallId { get; init; }

    public ResponseEvent? Upstream { get; init; }

    /// <summary>JSON of an event of our own.</summary>
    public static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> body)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            body(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
