using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Timeline.Folds;

/// <summary>
/// The payload of one of our own events, read so that no shape throws: what is missing, forgotten or of another kind is null.
/// </summary>
internal sealed class EventData : IDisposable
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(365);

    private readonly JsonDocument? _document;
    private readonly JsonElement _root;

    private EventData(JsonDocument? document, JsonElement root)
    {
        _document = document;
        _root = root;
    }

    /// <summary>Reads an event's payload; null when it is not JSON.</summary>
    public static EventData? TryRead(RunEvent e)
    {
        if (e.Data.IsEmpty)
        {
            return new EventData(null, default);
        }

        try
        {
            var document = JsonDocument.Parse(e.Data);
            return new EventData(document, document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A string; numbers and objects as their JSON.</summary>
    public string? Text(string property) =>
        Find(property) is { } value
            ? value.ValueKind is JsonValueKind.String ? value.GetString() : value.GetRawText()
            : null;

    /// <summary>A whole number.</summary>
    public long? Number(string property) =>
        Find(property) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : null;

    /// <summary>True or false.</summary>
    public bool? Flag(string property) =>
        Find(property)?.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };

    /// <summary>A duration in milliseconds, at most a year.</summary>
    public TimeSpan? Milliseconds(string property) =>
        Number(property) is { } number and >= 0
            ? TimeSpan.FromMilliseconds(Math.Min(number, (long)s_longest.TotalMilliseconds))
            : null;

    /// <summary>A transport's name.</summary>
    public TransportKind? Transport(string property) =>
        Text(property)?.ToUpperInvariant() switch
        {
            "WEBSOCKET" => TransportKind.WebSocket,
            "HTTP" => TransportKind.Http,
            _ => null,
        };

    /// <summary>An object of the payload.</summary>
    public EventData? Object(string property) =>
        Find(property) is { ValueKind: JsonValueKind.Object } value ? new EventData(null, value) : null;

    /// <summary>How many values an array of the payload has.</summary>
    public int? Count(string property) =>
        Find(property) is { ValueKind: JsonValueKind.Array } value ? value.GetArrayLength() : null;

    /// <summary><c>usage</c>, where it is there.</summary>
    public ResponseUsage? Usage()
    {
        using var usage = Object("usage");
        return usage is null
            ? null
            : new ResponseUsage(
                usage.Number("input_tokens") ?? 0,
                usage.Number("cached_tokens") ?? 0,
                usage.Number("output_tokens") ?? 0,
                usage.Number("reasoning_tokens") ?? 0);
    }

    /// <inheritdoc/>
    public void Dispose() => _document?.Dispose();

    private JsonElement? Find(string property) =>
        _root.ValueKind is JsonValueKind.Object
        && _root.TryGetProperty(property, out var value)
        && value.ValueKind is not JsonValueKind.Null
            ? value
            : null;
}
