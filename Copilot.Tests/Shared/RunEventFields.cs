using System.Text.Json;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;

namespace Copilot.Tests.Shared;

/// <summary>
/// Reads the fields of an event's JSON by their names on the wire: what the database and the API have, whatever the product's own
/// records call it.
/// </summary>
internal static class RunEventFields
{
    /// <summary>A field as text; null where it is missing, null or deleted.</summary>
    public static string? Text(this RunEvent runEvent, string field)
    {
        using var data = runEvent.ParseData();
        return data is { RootElement.ValueKind: JsonValueKind.Object } && data.RootElement.TryGetProperty(field, out var value)
            ? value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Null => null,
                _ => value.GetRawText(),
            }
            : null;
    }

    /// <summary>A whole number; null where it is missing or deleted.</summary>
    public static long? Number(this RunEvent runEvent, string field)
    {
        using var data = runEvent.ParseData();
        return data is { RootElement.ValueKind: JsonValueKind.Object }
            && data.RootElement.TryGetProperty(field, out var value)
            && value.ValueKind is JsonValueKind.Number
            && value.TryGetInt64(out var number)
            ? number
            : null;
    }

    /// <summary>The whole payload; null when it was deleted. The caller disposes it.</summary>
    public static JsonDocument? ParseData(this RunEvent runEvent) => runEvent.Data.IsEmpty ? null : JsonDocument.Parse(runEvent.Data);
}
