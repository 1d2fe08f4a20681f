using System.Text.RegularExpressions;

namespace Copilot.Domain.Replay.Export;

/// <summary>Covers words of a text, one character for each of theirs.</summary>
internal sealed class TextCover
{
    private const char Block = '█';

    private readonly IReadOnlyList<Regex> _patterns;

    public TextCover(Redaction redaction)
    {
        var people = redaction.Names
            ? redaction.People.Where(name => !string.IsNullOrWhiteSpace(name)).Select(name => Redaction.LiteralOf(name.Trim()))
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
        foreach (var pattern in _patterns)
        {
            foreach (var match in pattern.EnumerateMatches(text))
            {
                if (match.Length > 0)
                {
                    (covered ??= text.ToCharArray()).AsSpan(match.Index, match.Length).Fill(Block);
                }
            }
        }

        return covered is null ? text : new string(covered);
    }

    /// <summary>Nothing but blocks, as many as the text has characters.</summary>
    public static string Whole(string text) => new(Block, text.Length);
}
