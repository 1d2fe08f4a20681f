using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax.Inlines;

namespace Copilot.Web.Components.Timeline.Markdown;

/// <summary>
/// A formula inside a line, <c>\(…\)</c>, <c>\[…\]</c>, <c>$$…$$</c> or <c>$…$</c>: shown as it was written, because Markdown would take its
/// backslashes and stars away. A price is no formula.
/// </summary>
internal sealed class MathInlineParser : InlineParser
{
    private const int Longest = 2000;

    public MathInlineParser() => OpeningCharacters = ['\\', '$'];

    /// <inheritdoc/>
    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        var text = slice.Text.AsSpan(slice.Start, slice.Length);
        var (open, close) = text switch
        {
            ['\\', '(', ..] => (@"\(", @"\)"),
            ['\\', '[', ..] => (@"\[", @"\]"),
            ['$', '$', ..] => ("$$", "$$"),
            ['$', ..] => ("$", "$"),
            _ => ("", ""),
        };
        var length = open.Length == 0 ? 0 : Length(slice, text, open, close);
        if (length == 0)
        {
            return false;
        }

        processor.Inline = new CodeInline(text[..length].ToString()) { Delimiter = '$', DelimiterCount = 1, Line = processor.LineIndex };
        slice.Start += length;
        return true;
    }

    private static int Length(StringSlice slice, ReadOnlySpan<char> text, string open, string close)
    {
        var rest = text[open.Length..Math.Min(text.Length, Longest)];
        var end = rest.IndexOf(close, StringComparison.Ordinal);
        if (end <= 0)
        {
            return 0;
        }

        var inner = rest[..end];
        var after = rest[(end + close.Length)..];
        var isFormula = open != "$"
            || (slice.PeekCharExtra(-1) is var before && !char.IsAsciiLetterOrDigit(before)
                && !char.IsWhiteSpace(inner[0]) && !char.IsWhiteSpace(inner[^1])
                && (after.IsEmpty || !char.IsAsciiDigit(after[0]))
                && inner.IndexOfAny(@"\^_{=") >= 0 && !inner.Contains('\n'));
        return isFormula ? open.Length + end + close.Length : 0;
    }
}
