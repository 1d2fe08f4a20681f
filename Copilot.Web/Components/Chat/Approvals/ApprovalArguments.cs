using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Runs;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Copilot.Web.Components.Chat.Approvals;

/// <summary>What an argument holds, so that a form can ask for it.</summary>
internal enum ArgumentKind
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>Nothing: an empty field stays nothing.</summary>
    Nothing,

    /// <summary>An object or a list, as JSON.</summary>
    Json,
}

/// <summary>One argument of a call as a form shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Text">Its value: a text as it is, anything else as JSON.</param>
internal sealed record ArgumentField(string Name, ArgumentKind Kind, string Text)
{
    /// <summary>What people call it.</summary>
    public string Label => TimelineNames.Humanize(Name);

    /// <summary>What a person reads.</summary>
    public string Shown => Kind switch
    {
        ArgumentKind.Nothing => CardText.EmptyArgument,
        ArgumentKind.Flag => Text == "true" ? CardText.Yes : CardText.No,
        _ => Text,
    };

    /// <summary>False for JSON, which keeps its lines.</summary>
    public bool IsOneLine => Kind is not ArgumentKind.Json;

    /// <summary>True where one line is too short for it.</summary>
    public bool IsLong => Kind is ArgumentKind.Json || Text.Length > 60 || Text.Contains('\n', StringComparison.Ordinal);
}

/// <summary>The arguments of a call as a form, and back as JSON.</summary>
internal static class ApprovalArguments
{
    // The text is shown and sent on, never put into a page as it is.
    private static readonly JsonWriterOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// The fields of an object; null for what is none, and for one that names an argument twice: a form would hide which one
    /// counts.
    /// </summary>
    public static IReadOnlyList<ArgumentField>? Read(string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(string.IsNullOrWhiteSpace(arguments) ? "{}" : arguments);
            if (document.RootElement.ValueKind is not JsonValueKind.Object)
            {
                return null;
            }

            var fields = document.RootElement.EnumerateObject().Select(one => Field(one.Name, one.Value)).ToList();
            return fields.DistinctBy(field => field.Name).Count() == fields.Count ? fields : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or not Unicode: it is shown as it came.
            return null;
        }
    }

    /// <summary>JSON of the fields with these texts, or what is wrong with one of them.</summary>
    public static (string? Json, FieldProblem? Problem) Write(IReadOnlyList<ArgumentField> fields, IReadOnlyList<string> texts)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, s_plain))
        {
            writer.WriteStartObject();
            for (var i = 0; i < fields.Count; i++)
            {
                writer.WritePropertyName(fields[i].Name);
                if (!TryWrite(writer, fields[i].Kind, texts[i]))
                {
                    return (null, new FieldProblem(fields[i].Name, CardText.InvalidJson(fields[i].Name)));
                }
            }

            writer.WriteEndObject();
        }

        return (Encoding.UTF8.GetString(buffer.ToArray()), null);
    }

    private static ArgumentField Field(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => new(name, ArgumentKind.Text, value.GetString()!),
        JsonValueKind.Number => new(name, ArgumentKind.Number, value.GetRawText()),
        JsonValueKind.True or JsonValueKind.False => new(name, ArgumentKind.Flag, value.GetRawText()),
        JsonValueKind.Null => new(name, ArgumentKind.Nothing, ""),
        _ => new(name, ArgumentKind.Json, JsonFormat.Indent(value)),
    };

    // A number that is none goes along as text: the check against the schema says what it should be.
    private static bool TryWrite(Utf8JsonWriter writer, ArgumentKind kind, string text)
    {
        if (kind is ArgumentKind.Text || (kind is ArgumentKind.Nothing && text.Length > 0))
        {
            writer.WriteStringValue(text);
            return true;
        }

        if (kind is ArgumentKind.Nothing)
        {
            writer.WriteNullValue();
            return true;
        }

        try
        {
            using var value = JsonDocument.Parse(text);
            value.RootElement.WriteTo(writer);
            return true;
        }
        catch (JsonException) when (kind is ArgumentKind.Number)
        {
            writer.WriteStringValue(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
