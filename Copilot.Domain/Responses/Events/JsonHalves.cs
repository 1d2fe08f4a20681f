using System.Text;

namespace Copilot.Domain.Responses.Events;

/// <summary>
/// Halves of surrogate pairs. An upstream that cuts its text anywhere cuts characters too: as two pieces they make one character, alone
/// they make none, and no other program accepts JSON that has one. Alone they become U+FFFD, the sign for an unreadable character.
/// </summary>
internal static class JsonHalves
{
    private const int Escape = 6;

    private static readonly byte[] s_unreadable = @"\ufffd"u8.ToArray();

    /// <summary>
    /// The bytes as UTF-8: a character that was cut between two of its bytes becomes the sign too. The same memory where nothing is broken.
    /// </summary>
    public static ReadOnlyMemory<byte> ReplaceBroken(ReadOnlyMemory<byte> utf8) =>
        System.Text.Unicode.Utf8.IsValid(utf8.Span) ? utf8 : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(utf8.Span));

    /// <summary>The text without halves; the same one where it has none.</summary>
    public static string Replace(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                // The encoder replaces what is not a character; what is stays as it is.
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            }
        }

        return text;
    }

    /// <summary>The JSON without escaped halves; the same memory where it has none.</summary>
    public static ReadOnlyMemory<byte> Replace(ReadOnlyMemory<byte> json)
    {
        var span = json.Span;
        byte[]? copy = null;
        for (var at = span.IndexOf((byte)'\\'); at >= 0 && at < span.Length - 1;)
        {
            var unit = Unit(span, at);
            var next = at + (unit is null ? 2 : Escape);
            if (unit is >= 0xD800 and <= 0xDFFF)
            {
                if (unit < 0xDC00 && Unit(span, next) is >= 0xDC00 and <= 0xDFFF)
                {
                    next += Escape;
                }
                else
                {
                    copy ??= json.ToArray();
                    s_unreadable.CopyTo(copy, at);
                }
            }

            var more = next < span.Length ? span[next..].IndexOf((byte)'\\') : -1;
            at = more < 0 ? -1 : next + more;
        }

        return copy ?? json;
    }

    /// <summary>The text of a string's inside, halves included: together with the next piece they may make a character.</summary>
    /// <param name="escaped">What is between the quotes.</param>
    public static string Unescape(ReadOnlySpan<byte> escaped)
    {
        var text = new StringBuilder(escaped.Length);
        while (!escaped.IsEmpty)
        {
            var at = escaped.IndexOf((byte)'\\');
            var plain = at < 0 ? escaped : escaped[..at];
            text.Append(Encoding.UTF8.GetString(plain));
            if (at < 0 || at + 1 >= escaped.Length)
            {
                break;
            }

            if (Unit(escaped, at) is { } unit)
            {
                text.Append((char)unit);
                escaped = escaped[(at + Escape)..];
                continue;
            }

            text.Append((char)escaped[at + 1] switch
            {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'b' => '\b',
                'f' => '\f',
                var other => other,
            });
            escaped = escaped[(at + 2)..];
        }

        return text.ToString();
    }

    /// <summary>The UTF-16 unit of the escape that begins here, or null where none begins.</summary>
    private static int? Unit(ReadOnlySpan<byte> json, int at) =>
        at + Escape <= json.Length && json[at] == (byte)'\\' && json[at + 1] == (byte)'u'
        && System.Buffers.Text.Utf8Parser.TryParse(json.Slice(at + 2, 4), out ushort unit, out var used, 'x') && used == 4
            ? unit
            : null;
}
