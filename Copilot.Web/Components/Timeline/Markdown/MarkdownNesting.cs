using System.Buffers;

namespace Copilot.Web.Components.Timeline.Markdown;

/// <summary>Looks at how deep lists and quotes are nested, without parsing them: the time to parse grows with the square of the depth.</summary>
internal static class MarkdownNesting
{
    // No answer for people comes near either of them.
    private const int MostMarks = 24;
    private const int MostIndent = 100;

    private static readonly SearchValues<char> s_before = SearchValues.Create(" \t>-*+0123456789.)");
    private static readonly SearchValues<char> s_marks = SearchValues.Create(">-*+)");

    /// <summary>True when a line of the text begins deeper than any honest one.</summary>
    public static bool IsTooDeep(string text)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var words = line.IndexOfAnyExcept(s_before);
            var prefix = words < 0 ? line : line[..words];
            if (prefix.Length < MostMarks)
            {
                continue;
            }

            // A line of dashes or stars is a rule, not a list.
            var marks = Count(prefix);
            var indent = prefix.IndexOfAnyExcept(' ', '\t');
            if ((marks > MostMarks && !IsRule(line)) || (indent > MostIndent && marks > 0))
            {
                return true;
            }
        }

        return false;
    }

    private static int Count(ReadOnlySpan<char> prefix)
    {
        var count = 0;
        foreach (var one in prefix)
        {
            count += s_marks.Contains(one) ? 1 : 0;
        }

        return count;
    }

    private static bool IsRule(ReadOnlySpan<char> line)
    {
        var first = line.TrimStart();
        return !first.IsEmpty && first[0] is '-' or '*' && line.IndexOfAnyExcept(first[0], ' ', '\t') < 0 && line.IndexOf(' ') < 0;
    }
}
