using System.Buffers;

namespace Copilot.Domain.Replay.Compare;

/// <summary>
/// Two texts, word by word. The parts that are the same and those only in the first make the first text again, to the character; with the
/// second it is alike.
/// </summary>
public static class WordDiff
{
    /// <summary>The parts of both texts, in order. Beside each other, what only the first has comes first.</summary>
    /// <param name="a">The first text.</param>
    /// <param name="b">The second.</param>
    /// <param name="work">
    /// What it may cost. Texts that are too long for it are compared by lines, and still longer ones only at their beginnings and ends.
    /// </param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static IReadOnlyList<DiffPart> Of(string a, string b, DiffWork work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(work);
        cancellationToken.ThrowIfCancellationRequested();
        if (a == b)
        {
            return a.Length == 0 ? [] : [new DiffPart(DiffKind.Same, a)];
        }

        string[] first = [.. Words(a)];
        string[] second = [.. Words(b)];
        var (before, after) = Ends(first, second);
        var isRough = !TryTake();
        if (isRough)
        {
            (first, second) = ([.. Lines(a)], [.. Lines(b)]);
            (before, after) = Ends(first, second);
            isRough = !TryTake();
        }

        var parts = new DiffParts();
        parts.Add(DiffKind.Same, first.AsSpan(0, before));
        var middleOfA = first.AsSpan(before, first.Length - before - after);
        var middleOfB = second.AsSpan(before, second.Length - before - after);
        if (isRough)
        {
            parts.Add(DiffKind.OnlyInA, middleOfA);
            parts.Add(DiffKind.OnlyInB, middleOfB);
        }
        else
        {
            Compare(parts, middleOfA, middleOfB, cancellationToken);
        }

        parts.Add(DiffKind.Same, first.AsSpan(first.Length - after));
        return parts.End();

        bool TryTake() => work.TryTake((first.Length - before - after + 1L) * (second.Length - before - after + 1L));
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

    private static void Compare(DiffParts parts, ReadOnlySpan<string> a, ReadOnlySpan<string> b, CancellationToken cancellationToken)
    {
        var (first, second) = Numbers(a, b);
        var width = b.Length + 1;
        // How many words of the rest both have, filled from the end.
        var common = ArrayPool<int>.Shared.Rent((a.Length + 1) * width);
        try
        {
            common.AsSpan(a.Length * width, width).Clear();
            for (var x = a.Length - 1; x >= 0; x--)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var row = common.AsSpan(x * width, width);
                var below = common.AsSpan((x + 1) * width, width);
                row[^1] = 0;
                for (var y = b.Length - 1; y >= 0; y--)
                {
                    row[y] = first[x] == second[y] ? below[y + 1] + 1 : Math.Max(below[y], row[y + 1]);
                }
            }

            var (i, j) = (0, 0);
            while (i < a.Length || j < b.Length)
            {
                if (i < a.Length && j < b.Length && first[i] == second[j])
                {
                    parts.Add(DiffKind.Same, a.Slice(i, 1));
                    (i, j) = (i + 1, j + 1);
                }
                else if (i < a.Length && (j == b.Length || common[((i + 1) * width) + j] >= common[(i * width) + j + 1]))
                {
                    parts.Add(DiffKind.OnlyInA, a.Slice(i++, 1));
                }
                else
                {
                    parts.Add(DiffKind.OnlyInB, b.Slice(j++, 1));
                }
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(common);
        }
    }

    // Words are compared once for each pair of them, so each has a number.
    private static (int[] A, int[] B) Numbers(ReadOnlySpan<string> a, ReadOnlySpan<string> b)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return (NumbersOf(a), NumbersOf(b));

        int[] NumbersOf(ReadOnlySpan<string> words)
        {
            var found = new int[words.Length];
            for (var place = 0; place < words.Length; place++)
            {
                if (!numbers.TryGetValue(words[place], out found[place]))
                {
                    numbers[words[place]] = found[place] = numbers.Count;
                }
            }

            return found;
        }
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
