using System.Globalization;
using System.Text;
using System.Text.Json;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Web.Components.Timeline.Shared;

/// <summary>JSON laid out for people: letters and emoji as they are, what cannot be seen as an escape.</summary>
internal static class JsonFormat
{
    /// <summary>An object or a list with line breaks; anything else as it is.</summary>
    public static string Indent(string text) =>
        text.AsSpan().TrimStart() is ['{' or '[', ..] ? TryIndent(text).Text : text;

    /// <summary>JSON of any kind with line breaks, and whether it is JSON; what is not stays as it is.</summary>
    public static (string Text, bool Valid) TryIndent(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return (Indent(document.RootElement), true);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            // Still being written, not JSON after all, or half a surrogate pair.
            return (text, false);
        }
    }

    /// <summary>A value with line breaks.</summary>
    public static string Indent(JsonElement value)
    {
        var text = new StringBuilder();
        Write(text, value, depth: 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonElement value, int depth)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteMany(text, '{', '}', value.EnumerateObject(), depth, member =>
                {
                    Quote(text, member.Name);
                    text.Append(": ");
                    Write(text, member.Value, depth + 1);
                });
                break;
            case JsonValueKind.Array:
                WriteMany(text, '[', ']', value.EnumerateArray(), depth, item => Write(text, item, depth + 1));
                break;
            case JsonValueKind.String:
                Quote(text, value.GetString()!);
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private static void WriteMany<T>(StringBuilder text, char open, char close, IEnumerable<T> items, int depth, Action<T> write)
    {
        text.Append(open);
        var any = false;
        foreach (var item in items)
        {
            text.Append(any ? ",\n" : "\n").Append(' ', 2 * (depth + 1));
            any = true;
            write(item);
        }

        if (any)
        {
            text.Append('\n').Append(' ', 2 * depth);
        }

        text.Append(close);
    }

    private static void Quote(StringBuilder text, string value)
    {
        text.Append('"');
        for (var index = 0; index < value.Length;)
        {
            var known = Rune.TryGetRuneAt(value, index, out var rune);
            var length = known ? rune.Utf16SequenceLength : 1;
            if (known && Short(rune) is { } escape)
            {
                text.Append('\\').Append(escape);
            }
            else if (known && !VisibleText.IsHidden(value, index))
            {
                text.Append(value, index, length);
            }
            else
            {
                foreach (var one in value.AsSpan(index, length))
                {
                    text.Append(CultureInfo.InvariantCulture, $"\\u{(int)one:X4}");
                }
            }

            index += length;
        }

        text.Append('"');
    }

    private static char? Short(Rune rune) => rune.Value switch
    {
        '"' => '"',
        '\\' => '\\',
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        _ => null,
    };
}
