using System.Text.RegularExpressions;

namespace Copilot.Web.Supervision;

/// <summary>The end of an answer that streams, as one line to read: without the marks of Markdown, from the beginning of a word.</summary>
internal static partial class PlainExcerpt
{
    /// <param name="words">The last words of the answer, as the model wrote them.</param>
    /// <param name="isCut">True where they begin in the middle of the answer.</param>
    public static string Of(string words, bool isCut)
    {
        var whole = isCut && words.IndexOf(' ', StringComparison.Ordinal) is var space and > 0 and < 24 ? words[(space + 1)..] : words;
        var plain = Pairs().Replace(Marks().Replace(whole, ""), "${words}");
        return Gaps().Replace(Rule().Replace(plain, " · "), " ").Trim(' ', '·');
    }

    [GeneratedRegex(@"\*\*|__|~~|`+|(?<=\n)[ \t]*\|[\s:|-]*-[\s:|-]*\|[ \t]*(?=\n|$)|(?<=^|\n)\s*(?:#{1,6}|[-*+>])\s")]
    private static partial Regex Marks();

    // What is emphasised, and the words of a link. A star alone may be a product or a footnote.
    [GeneratedRegex(@"(?<![\w*])\*(?<words>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])|\[(?<words>[^\]\n]+)\]\([^)\s]*\)")]
    private static partial Regex Pairs();

    // A table is rows of cells, and a line of dashes under its head.
    [GeneratedRegex(@"\|[\s:-]*\||\|?\s*\n\s*\|?|\s*\|\s*")]
    private static partial Regex Rule();

    [GeneratedRegex(@"(?<=:)\s*·\s*|(?:\s*·\s*)+(?=·)|\s+")]
    private static partial Regex Gaps();
}
