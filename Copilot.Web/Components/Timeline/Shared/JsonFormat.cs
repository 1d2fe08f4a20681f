using System.Text.Encodings.Web;
using System.Text.Json;

namespace Copilot.Web.Components.Timeline.Shared;

/// <summary>JSON laid out for people.</summary>
internal static class JsonFormat
{
    private static readonly JsonSerializerOptions s_indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>An object or a list with line breaks; anything else as it is.</summary>
    public static string Indent(string text) =>
        text.AsSpan().TrimStart() is ['{' or '[', ..] ? TryIndent(text).Text : text;

    /// <summary>JSON of any kind with line breaks, and whether it is JSON; what is not stays as it is.</summary>
    public static (string Text, bool Valid) TryIndent(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return (JsonSerializer.Serialize(document.RootElement, s_indented), true);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            // Still being written, not JSON after all, or half a surrogate pair.
            return (text, false);
        }
    }
}
