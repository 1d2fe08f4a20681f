using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Copilot.Domain.Replay.Export;

/// <summary>Covers words of a text, one character for each of theirs.</summary>
internal sealed class TextCover
{
    private const char Block = '█';

    // JSON as a text of JSON, and that once more: nobody nests it deeper.
    private const int DeepestEscapes = 4;

    private readonly IReadOnlyList<Regex> _patterns;

    public TextCover(Redaction redaction)
    {
        var people = redaction.Names
            ? redaction.People.Where(name => !string.IsNullOrWhiteSpace(name)).SelectMany(FormsOf).Distinct(StringComparer.Ordinal).Select(Redaction.LiteralOf)
            : [];
        _patterns = [.. redaction.Patterns, .. people];
    }

    /// <summary>The text with every word covered that is to be covered.</summary>
    public string Of(string text)
    {
        if (_patterns.Count == 0 || text.Length == 0)
        {
            return text;
        }

        char[]? covered = null;
        Cover(text, marks: null);

        // JSON inside of a text may write any character as an escape. What it stands for is what is read.
        var (inner, places) = (text, (int[]?)null);
        for (var depth = 0; depth < DeepestEscapes && inner.Contains('\\', StringComparison.Ordinal); depth++)
        {
            (inner, places) = WithoutEscapes(inner, places);
            Cover(inner, places);
        }

        return covered is null ? text : new string(covered);

        void Cover(string shown, int[]? marks)
        {
            foreach (var pattern in _patterns)
            {
                foreach (var match in pattern.EnumerateMatches(shown))
                {
                    var (from, to) = (match.Index, match.Index + match.Length);
                    (from, to) = marks is null ? (from, to) : (marks[from], marks[to]);
                    (covered ??= text.ToCharArray()).AsSpan(from, to - from).Fill(Block);
                }
            }
        }
    }

    // Letters with marks are written in two ways.
    private static string[] FormsOf(string name)
    {
        name = name.Trim();
        return name.EnumerateRunes().Contains(Rune.ReplacementChar) ? [name] : [name, name.Normalize(NormalizationForm.FormC), name.Normalize(NormalizationForm.FormD)];
    }

    /// <summary>A text as JSON reads it, and where each of its characters stands in the text of before, with its end.</summary>
    private static (string Text, int[] Places) WithoutEscapes(string text, int[]? before)
    {
        var read = new StringBuilder(text.Length);
        var places = new List<int>(text.Length + 1);
        for (var at = 0; at < text.Length;)
        {
            var (one, length) = text[at] == '\\' ? Escape(text.AsSpan(at + 1)) : (text[at], 1);
            places.Add(before is null ? at : before[at]);
            read.Append(one);
            at += length;
        }

        places.Add(before is null ? text.Length : before[text.Length]);
        return (read.ToString(), [.. places]);
    }

    // What follows a backslash; one that begins nothing is itself.
    private static (char One, int Length) Escape(ReadOnlySpan<char> rest) => rest switch
    {
        ['"' or '\\' or '/', ..] => (rest[0], 2),
        ['n', ..] => ('\n', 2),
        ['r', ..] => ('\r', 2),
        ['t', ..] => ('\t', 2),
        ['b', ..] => ('\b', 2),
        ['f', ..] => ('\f', 2),
        ['u', _, _, _, _, ..] when ushort.TryParse(rest[1..5], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) => ((char)code, 6),
        _ => ('\\', 1),
    };

    /// <summary>Nothing but blocks, as many as the text has characters.</summary>
    public static string Whole(string text) => new(Block, text.Length);
}
