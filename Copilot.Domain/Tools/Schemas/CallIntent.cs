using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Copilot.Domain.Tools.Schemas;

/// <summary>
/// The words with which a model says what a call is for. They are asked for as one more argument of every tool, for the people who
/// watch, and are taken out before the tool, or a person who decides, sees the arguments.
/// </summary>
public static class CallIntent
{
    /// <summary>Longest text, in UTF-16 code units.</summary>
    public const int MaxLength = 120;

    private const string Argument = "intent";

    private const string Description =
        "What this call is for, in a few words of the person's language, such as 'Looking for a seal kit in Leeds'. "
        + "It is shown to the person while the call runs. Null if there is nothing to say.";

    private static readonly JsonWriterOptions s_asWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Whether a call of this tool can carry an intent: its arguments are JSON, it has none of that name itself, and its schema does not
    /// stand for its own parts as well.
    /// </summary>
    public static bool Fits(ToolDefinition tool) =>
        tool.FreeText is null
        && tool.Parameters.ValueKind is JsonValueKind.Object
        && tool.Parameters.TryGetProperty("properties", out var properties)
        && !properties.TryGetProperty(Argument, out _)
        && !tool.Parameters.GetRawText().Contains("\"#\"", StringComparison.Ordinal);

    /// <summary>Writes the tool's schema with the intent as its first argument, which the model therefore writes first.</summary>
    /// <param name="writer">Where the schema goes.</param>
    /// <param name="tool">A tool that <see cref="Fits"/>.</param>
    public static void WriteParameters(Utf8JsonWriter writer, ToolDefinition tool)
    {
        writer.WriteStartObject();
        foreach (var member in tool.Parameters.EnumerateObject())
        {
            if (member.NameEquals("properties"))
            {
                writer.WriteStartObject(member.Name);
                writer.WriteStartObject(Argument);
                writer.WriteStartArray("type");
                writer.WriteStringValue("string");
                writer.WriteStringValue("null");
                writer.WriteEndArray();
                writer.WriteString("description", Description);
                writer.WriteEndObject();
                foreach (var property in member.Value.EnumerateObject())
                {
                    property.WriteTo(writer);
                }

                writer.WriteEndObject();
            }
            else if (member.NameEquals("required"))
            {
                writer.WriteStartArray(member.Name);
                writer.WriteStringValue(Argument);
                foreach (var name in member.Value.EnumerateArray())
                {
                    name.WriteTo(writer);
                }

                writer.WriteEndArray();
            }
            else
            {
                member.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>
    /// Takes the intent out of a call's arguments, also where it was not asked for: a model that has once given it gives it again. All
    /// other values stay as they were written; what is no JSON object stays whole.
    /// </summary>
    /// <param name="tool">The tool, or null for a name that none has.</param>
    /// <param name="arguments">What the model wrote.</param>
    /// <param name="intent">One line for people, or null.</param>
    /// <returns>The arguments of the tool itself.</returns>
    public static string Split(ToolDefinition? tool, string arguments, out string? intent)
    {
        intent = null;
        if (tool is null || !Fits(tool))
        {
            return arguments;
        }

        try
        {
            using var document = JsonDocument.Parse(arguments);
            if (document.RootElement.ValueKind is not JsonValueKind.Object || !document.RootElement.TryGetProperty(Argument, out var said))
            {
                return arguments;
            }

            intent = said.ValueKind is JsonValueKind.String ? Clean(said.GetString()!) : null;
            return Without(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or a text that is not Unicode: whoever reads the arguments next says so.
            return arguments;
        }
    }

    /// <summary>One line without control and direction characters, cut at <see cref="MaxLength"/>; null where nothing is left.</summary>
    public static string? Clean(string text)
    {
        var line = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                line.Append(line.Length > 0 && line[^1] != ' ' ? " " : "");
            }
            else if (IsJoiner(rune) || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.PrivateUse))
            {
                line.Append(rune.ToString());
            }
        }

        var clean = line.ToString().Trim();
        return clean.Length == 0 ? null : clean.Length <= MaxLength ? clean : Cut(clean);
    }

    // Persian and the scripts of India are written with them, and families of emoji are glued by them.
    private static bool IsJoiner(Rune rune) => rune.Value is 0x200C or 0x200D;

    private static string Cut(string text)
    {
        var line = new StringBuilder(MaxLength);
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext() && line.Length + elements.GetTextElement().Length < MaxLength)
        {
            line.Append(elements.GetTextElement());
        }

        return line.ToString().TrimEnd() + "…";
    }

    private static string Without(JsonElement arguments)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, s_asWritten))
        {
            writer.WriteStartObject();
            foreach (var member in arguments.EnumerateObject().Where(member => !member.NameEquals(Argument)))
            {
                writer.WritePropertyName(member.Name);
                writer.WriteRawValue(member.Value.GetRawText(), skipInputValidation: true);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
