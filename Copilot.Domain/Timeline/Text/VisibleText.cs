using System.Globalization;
using System.Text;

namespace Copilot.Domain.Timeline.Text;

/// <summary>
/// Text of the model, of a tool or of an MCP server where a person decides about it: what cannot be seen, or turns other letters
/// around, is named, so that it cannot stand for something else. What a script needs to be written stays as it is.
/// </summary>
public static class VisibleText
{
    private const string LineBreak = "⏎";
    private const int MostSpaces = 2;

    /// <summary>The text in pieces; a mark such as <c>⟨U+202E⟩</c> stands in place of each character that would not be seen.</summary>
    /// <param name="text">Anything.</param>
    /// <param name="oneLine">Line breaks become marks as well.</param>
    public static IReadOnlyList<VisiblePart> Split(string text, bool oneLine) => Split(text, oneLine, prose: false);

    /// <summary>
    /// The same for an answer or a message, which nobody decides about: what honest texts hold and what moves no letters (direction
    /// marks, soft hyphens, spaces of no width between letters of scripts without spaces, flags) stays as it is.
    /// </summary>
    public static IReadOnlyList<VisiblePart> SplitProse(string text) => Split(text, oneLine: false, prose: true);

    /// <summary>True when <see cref="SplitProse"/> would mark something.</summary>
    public static bool HasHiddenInProse(string text) => !IsAscii(text) && SplitProse(text).Any(part => part.IsMark);

    private static List<VisiblePart> Split(string text, bool oneLine, bool prose)
    {
        var parts = new List<VisiblePart>();
        var plain = new StringBuilder();
        string? last = null;
        var times = 0;
        var spaces = 0;
        for (var index = 0; index < text.Length;)
        {
            var known = Rune.TryGetRuneAt(text, index, out var rune);
            var length = known ? rune.Utf16SequenceLength : 1;
            var isSpace = known && Rune.GetUnicodeCategory(rune) is UnicodeCategory.SpaceSeparator;
            spaces = isSpace ? spaces + 1 : 0;
            if (known && rune.Value is '\n' or '\r')
            {
                length = rune.Value is '\r' && index + 1 < text.Length && text[index + 1] == '\n' ? 2 : 1;
                if (oneLine)
                {
                    Mark(LineBreak);
                }
                else
                {
                    plain.Append('\n');
                }
            }
            else if (known && !(isSpace && oneLine && spaces > MostSpaces) && (!IsHidden(text, index, rune) || (prose && IsHonest(text, index, rune))))
            {
                plain.Append(text, index, length);
            }
            else
            {
                Mark(known && rune.Value == ' ' ? "␣" : $"⟨U+{(known ? rune.Value : text[index]):X4}⟩");
            }

            index += length;
        }

        Flush();
        return parts;

        // Many of the same are one mark with their number: sixty line breaks must not fill a page.
        void Mark(string mark)
        {
            if (plain.Length > 0 || last != mark)
            {
                Flush();
                (last, times) = (mark, 0);
            }

            times++;
        }

        void Flush()
        {
            if (last is not null)
            {
                parts.Add(new VisiblePart(times == 1 ? last : string.Create(CultureInfo.InvariantCulture, $"{last}×{times}"), IsMark: true));
                last = null;
            }

            if (plain.Length > 0)
            {
                parts.Add(new VisiblePart(plain.ToString(), IsMark: false));
                plain.Clear();
            }
        }
    }

    /// <summary>The text with its marks.</summary>
    /// <param name="text">Anything.</param>
    /// <param name="oneLine">Line breaks become marks as well.</param>
    public static string Of(string text, bool oneLine = false) =>
        IsPlain(text) ? text : string.Concat(Split(text, oneLine).Select(part => part.Text));

    /// <summary>True when the text holds a character that would not be seen or turns others around.</summary>
    public static bool HasHidden(string text) => !IsPlain(text) && Split(text, oneLine: false).Any(part => part.IsMark);

    /// <summary>The text on one line, without what is not seen: for titles, which are shown in many places.</summary>
    public static string Clean(string text)
    {
        if (IsPlain(text))
        {
            return text;
        }

        return string.Concat(Split(text, oneLine: true).Select(part => !part.IsMark ? part.Text : part.Text[0] is '⏎' or '␣' ? " " : ""));
    }

    /// <summary>True for a character that is not seen, or that changes the direction of others; line breaks and tabs are seen.</summary>
    /// <param name="text">The text.</param>
    /// <param name="index">Where the character begins.</param>
    public static bool IsHidden(string text, int index) => !Rune.TryGetRuneAt(text, index, out var rune) || IsHidden(text, index, rune);

    private static bool IsHidden(string text, int index, Rune rune) => rune.Value switch
    {
        '\t' or '\n' or '\r' => false,
        0x200C or 0x200D => !Joins(text, index, rune),
        0xFE0E or 0xFE0F => index == 0,
        0x034F or 0x115F or 0x1160 or 0x2800 or 0x3164 or 0xFFA0 or (>= 0x17B4 and <= 0x17B5) or (>= 0x180B and <= 0x180F) => true,
        (>= 0xFE00 and <= 0xFE0D) or (>= 0xE0000 and <= 0xE0FFF) => true,
        _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate,
    };

    private static bool IsHonest(string text, int index, Rune rune) => rune.Value switch
    {
        0x00AD or 0x061C or 0x200E or 0x200F => true,
        0x200B or 0x2060 => !(IsAsciiLetter(text, index - 1) && IsAsciiLetter(text, index + 1)),
        >= 0xE0020 and <= 0xE007F => IsFlag(text.AsSpan(0, index)),
        >= 0xE000 and <= 0xF8FF => true,
        _ => false,
    };

    private static bool IsAsciiLetter(string text, int index) => index >= 0 && index < text.Length && char.IsAscii(text[index]);

    // The flags of England, Scotland and Wales are a black flag and some letters that are not seen. More of them would be a message.
    private static bool IsFlag(ReadOnlySpan<char> before)
    {
        const int MostLetters = 6;
        for (var letters = 0; letters < MostLetters; letters++)
        {
            if (Rune.DecodeLastFromUtf16(before, out var rune, out var length) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            if (rune.Value == 0x1F3F4)
            {
                return true;
            }

            if (rune.Value is not (>= 0xE0020 and <= 0xE007F))
            {
                return false;
            }

            before = before[..^length];
        }

        return false;
    }

    private static bool IsAscii(string text) => text.All(one => one is (>= ' ' and <= '~') or '\n' or '\r' or '\t');

    private static bool IsPlain(string text) => text.All(one => one is >= ' ' and <= '~') && !text.Contains("   ", StringComparison.Ordinal);

    // Persian and the scripts of India are written with joiners, and families of emoji are glued by them.
    private static bool Joins(string text, int index, Rune rune)
    {
        if (Rune.DecodeLastFromUtf16(text.AsSpan(0, index), out var before, out _) != System.Buffers.OperationStatus.Done
            || Rune.DecodeFromUtf16(text.AsSpan(index + 1), out var after, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        return (IsJoined(before) && IsJoined(after))
            || (rune.Value == 0x200D && (before.Value == 0xFE0F || IsSymbol(before)) && IsSymbol(after));
    }

    private static bool IsJoined(Rune rune) => rune.Value is (>= 0x0600 and <= 0x08FF) or (>= 0x0900 and <= 0x0DFF);

    private static bool IsSymbol(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherSymbol or UnicodeCategory.ModifierSymbol or UnicodeCategory.OtherNotAssigned;
}
