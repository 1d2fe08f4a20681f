using System.Text.RegularExpressions;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax.Inlines;

namespace Copilot.Web.Components.Timeline.Markdown;

/// <summary>
/// Tags without attributes that only change how words look, and the line break, which models write where Markdown has none: in the cell
/// of a table. What is not closed stays text.
/// </summary>
internal sealed partial class LookTagParser : InlineParser
{
    // Longer than any of them: nothing further away needs to be read.
    private const int LongestTag = 12;

    public LookTagParser() => OpeningCharacters = ['<'];

    /// <inheritdoc/>
    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        var text = slice.Text.AsSpan(slice.Start, Math.Min(LongestTag, slice.Length));
        foreach (var match in Tag.EnumerateMatches(text))
        {
            var tag = text[..match.Length].ToString().ToLowerInvariant();
            var name = tag.Trim('<', '>', '/', ' ');
            if (name != "br" && !HasPartner(slice, name, isEnd: tag[1] == '/'))
            {
                return false;
            }

            processor.Inline = new HtmlInline(name == "br" ? "<br>" : tag) { Line = processor.LineIndex };
            slice.Start += match.Length;
            return true;
        }

        return false;
    }

    [GeneratedRegex(@"^<(?:br\s*/?\s*|/?(?:sub|sup|kbd|b|i|u|s|strong|em|del|ins|mark|small))>", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Tag { get; }

    private static bool HasPartner(StringSlice slice, string name, bool isEnd) => isEnd
        ? slice.Text.AsSpan(0, slice.Start).LastIndexOf($"<{name}>", StringComparison.OrdinalIgnoreCase) >= 0
        : slice.Text.AsSpan(slice.Start, slice.Length).IndexOf($"</{name}>", StringComparison.OrdinalIgnoreCase) >= 0;
}
