using System.Text;

namespace Copilot.Domain.Replay.Compare;

/// <summary>
/// Two texts, word by word. The parts that are the same and those only in the first make the first text again, to the character; with the
/// second it is alike.
/// </summary>
public static class WordDiff
{
    // Four bytes each. Longer texts are compared by lines, and still longer ones only at their beginnings and ends.
    private const long MostCells = 4_000_000;

    /// <summary>The parts of both texts, in order. Beside each other, what only the first has comes first.</summary>
    public static IReadOnlyList<DiffPart> Of(string a, string b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a == b)
        {
            return a.Length == 0 ? [] : [new DiffPart(DiffKind.Same, a)];
        }

        string[] first = [.. Words(a)];
        string[] second = [.. Words(b)];
        if (!Fits(first, second))
        {
            (first, second) = ([.. Lines(a)], [.. Lines(b)]);
        }

        return Compare(first, second);
    }

    /// <summary>
    /// Words, blanks between them and single other characters, in order; joined they are the text again. Scripts without blanks between
    /// words are taken by the character.
    /// </summary>
    internal static IEnumerable<string> Words(string text)
    {
        var begin = 0;
        while (begin < text.Length)
        {
            var end = begin + 1;
            if (IsBlank(text[begin]))
            {
                while (end < text.Length && IsBlank(text[end]))
                {
                    end++;
                }
            }
            else if (IsWord(text[begin]))
            {
                while (end < text.Length && IsWord(text[end]))
                {
                    end++;
                }
            }
            else if (char.IsHighSurrogate(text[begin]) && end < text.Length && char.IsLowSurrogate(text[end]))
            {
                end++;
            }

            yield return text[begin..end];
            begin = end;
        }
    }

    private static IEnumerable<string> Lines(string text)
    {
        var begin = 0;
        while (begin < text.Length)
        {
            var end = text.IndexOf('\n', begin) is var found and >= 0 ? found + 1 : text.Length;
            yield return text[begin..end];
            begin = end;
        }
    }

    private static List<DiffPart> Compare(string[] a, string[] b)
    {
        var (before, after) = Ends(a, b);
        var parts = new List<DiffPart>();
        Add(parts, DiffKind.Same, a.AsSpan(0, before));
        var first = a.AsSpan(before, a.Length - before - after);
        var second = b.AsSpan(before, b.Length - before - after);
        if ((first.Length + 1L) * (second.Length + 1L) <= MostCells)
        {
            Middle(parts, first, second);
        }
        else
        {
            Add(parts, DiffKind.OnlyInA, first);
            Add(parts, DiffKind.OnlyInB, second);
        }

        Add(parts, DiffKind.Same, a.AsSpan(a.Length - after));
        return parts;
    }

    private static void Middle(List<DiffPart> parts, ReadOnlySpan<string> a, ReadOnlySpan<string> b)
    {
        // How many words of the rest both have, filled from the end.
        var common = new int[a.Length + 1, b.Length + 1];
        for (var x = a.Length - 1; x >= 0; x--)
        {
            for (var y = b.Length - 1; y >= 0; y--)
            {
                common[x, y] = a[x] == b[y] ? common[x + 1, y + 1] + 1 : Math.Max(common[x + 1, y], common[x, y + 1]);
            }
        }

        var (i, j) = (0, 0);
        while (i < a.Length || j < b.Length)
        {
            if (i < a.Length && j < b.Length && a[i] == b[j])
            {
                Add(parts, DiffKind.Same, a.Slice(i, 1));
                (i, j) = (i + 1, j + 1);
            }
            else if (i < a.Length && (j == b.Length || common[i + 1, j] >= common[i, j + 1]))
            {
                Add(parts, DiffKind.OnlyInA, a.Slice(i++, 1));
            }
            else
            {
                Add(parts, DiffKind.OnlyInB, b.Slice(j++, 1));
            }
        }
    }

    private static void Add(List<DiffPart> parts, DiffKind kind, ReadOnlySpan<string> words)
    {
        if (words.IsEmpty)
        {
            return;
        }

        var text = new StringBuilder();
        foreach (var word in words)
        {
            text.Append(word);
        }

        if (parts.Count > 0 && parts[^1].Kind == kind)
        {
            parts[^1] = new DiffPart(kind, parts[^1].Text + text);
        }
        else
        {
            parts.Add(new DiffPart(kind, text.ToString()));
        }
    }

    private static bool Fits(string[] a, string[] b)
    {
        var (before, after) = Ends(a, b);
        return (a.Length - before - after + 1L) * (b.Length - before - after + 1L) <= MostCells;
    }

    private static (int Before, int After) Ends(string[] a, string[] b)
    {
        var most = Math.Min(a.Length, b.Length);
        var before = 0;
        while (before < most && a[before] == b[before])
        {
            before++;
        }

        var after = 0;
        while (after < most - before && a[^(after + 1)] == b[^(after + 1)])
        {
            after++;
        }

        return (before, after);
    }

    private static bool IsBlank(char character) => char.IsWhiteSpace(character);

    private static bool IsWord(char character) => (char.IsLetterOrDigit(character) || character == '_') && !IsWithoutBlanks(character);

    // Thai, Lao, Tibetan, Myanmar, Khmer, and the scripts of East Asia.
    private static bool IsWithoutBlanks(char character) =>
        character is (>= '\u0E00' and <= '\u109F') or (>= '\u1780' and <= '\u17FF') or (>= '\u2E80' and <= '\uABFF') or (>= '\uF900' and <= '\uFAFF');
}
