using System.Text.Json;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Timeline.Items;

namespace Copilot.Domain.Timeline.Folds;

/// <summary>Reads the text parts of a message or of reasoning, each with its own index.</summary>
internal static class OutputParts
{
    /// <summary>The parts that hold text, in order. Where the JSON has none, the item's joined text as one part.</summary>
    public static IReadOnlyList<(TextPartKind Kind, int Index, string Text)> Read(OutputItem item)
    {
        var parts = new List<(TextPartKind, int, string)>();
        if (!item.Json.IsEmpty)
        {
            try
            {
                using var document = JsonDocument.Parse(item.Json);
                Read(document.RootElement, "content", parts);
                Read(document.RootElement, "summary", parts);
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                // An item that cannot be read again (half a surrogate pair cannot) still has its joined text.
                parts.Clear();
            }
        }

        if (parts.Count == 0 && item.Text.Length > 0)
        {
            parts.Add((item.Type == "reasoning" ? TextPartKind.Summary : TextPartKind.Answer, 0, item.Text));
        }

        return parts;
    }

    /// <summary>What a part of this API type holds; null for parts that are not text.</summary>
    public static TextPartKind? KindOf(string partType) => partType switch
    {
        "output_text" or "text" => TextPartKind.Answer,
        "refusal" => TextPartKind.Refusal,
        "summary_text" => TextPartKind.Summary,
        "reasoning_text" => TextPartKind.Reasoning,
        _ => null,
    };

    private static void Read(JsonElement item, string property, List<(TextPartKind Kind, int Index, string Text)> parts)
    {
        if (item.ValueKind is not JsonValueKind.Object
            || !item.TryGetProperty(property, out var array)
            || array.ValueKind is not JsonValueKind.Array)
        {
            return;
        }

        var index = 0;
        foreach (var part in array.EnumerateArray())
        {
            if (part.ValueKind is JsonValueKind.Object
                && Text(part, "type") is { } type
                && KindOf(type) is { } kind
                && (Text(part, "text") ?? Text(part, "refusal")) is { Length: > 0 } text)
            {
                parts.Add((kind, index, text));
            }

            index++;
        }
    }

    private static string? Text(JsonElement part, string property) =>
        part.TryGetProperty(property, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
