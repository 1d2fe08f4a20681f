using System.Text.Json;
using Copilot.Domain.Responses.Requests;

namespace Copilot.Domain.Runs.Events;

/// <summary>The <c>files</c> of a <c>user.message</c>.</summary>
public static class MessageFiles
{
    /// <summary>The files that a message names; none where it was forgotten or has none. What cannot be read is left out.</summary>
    public static IReadOnlyList<MessageFile> Of(RunEvent message)
    {
        ArgumentNullException.ThrowIfNull(message);
        using var data = message.ParseData();
        return data is { RootElement: { ValueKind: JsonValueKind.Object } root }
            && root.TryGetProperty("files", out var files)
            && files.ValueKind is JsonValueKind.Array
            ? [.. files.EnumerateArray().Select(Read).OfType<MessageFile>()]
            : [];
    }

    internal static void Write(Utf8JsonWriter data, IReadOnlyList<MessageFile> files)
    {
        if (files.Count == 0)
        {
            return;
        }

        data.WriteStartArray("files");
        foreach (var file in files)
        {
            data.WriteStartObject();
            data.WriteString("id", file.Id);
            data.WriteString("name", file.Name);
            data.WriteString("type", file.Type);
            data.WriteNumber("size", file.Size);
            data.WriteEndObject();
        }

        data.WriteEndArray();
    }

    private static MessageFile? Read(JsonElement file) =>
        Text(file, "id") is { } id && Text(file, "name") is { } name && Text(file, "type") is { } type
        && file.TryGetProperty("size", out var size) && size.ValueKind is JsonValueKind.Number && size.TryGetInt64(out var bytes)
            ? new MessageFile(id, name, type, bytes)
            : null;

    private static string? Text(JsonElement file, string name) =>
        file.ValueKind is JsonValueKind.Object && file.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;
}
