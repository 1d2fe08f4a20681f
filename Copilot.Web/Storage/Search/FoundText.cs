using System.Text;
using Copilot.Web.Storage.Sessions;

namespace Copilot.Web.Storage.Search;

/// <summary>Shows what was found in its text: a piece of it around the first place, with what was looked for marked.</summary>
internal static class FoundText
{
    private const int Before = 50;
    private const int Length = 200;

    /// <summary>The piece with its marks; where nothing is found in it any more, its beginning.</summary>
    public static SearchSnippet Show(string runId, string text, IReadOnlyList<SearchTerm> terms)
    {
        var marks = Marks(text, terms);
        var from = marks.Count == 0 ? 0 : Math.Max(0, marks[0].Start - Before);
        var to = Math.Min(text.Length, from + Length);
        // Neither in the middle of a word nor of a character.
        from = from == 0 ? 0 : NextGap(text, from, marks[0].Start);
        to = to < text.Length && char.IsLowSurrogate(text[to]) ? to - 1 : to;

        var shown = new StringBuilder(from > 0 ? "…" : "");
        var at = from;
        foreach (var (start, end) in marks.Where(mark => mark.Start >= from && mark.End <= to))
        {
            Append(at, start);
            shown.Append(SearchSnippet.Begin);
            Append(start, end);
            shown.Append(SearchSnippet.End);
            at = end;
        }

        Append(at, to);
        return SearchSnippet.Of(runId, shown.Append(to < text.Length ? "…" : "").ToString());

        void Append(int start, int end) => shown.Append(text.AsSpan(start, end - start)
            .ToString().Replace(SearchSnippet.Begin, ' ').Replace(SearchSnippet.End, ' '));
    }

    private static List<(int Start, int End)> Marks(string text, IReadOnlyList<SearchTerm> terms)
    {
        var pieces = new List<SearchTokens.Piece>();
        var letters = SearchTokens.Pieces(text);
        while (letters.MoveNext())
        {
            pieces.Add(letters.Current);
        }

        var marks = new List<(int Start, int End)>();
        for (var i = 0; i < pieces.Count; i++)
        {
            foreach (var term in terms)
            {
                marks.AddRange(Find(pieces, i, term));
            }
        }

        marks.Sort();
        var merged = new List<(int Start, int End)>();
        foreach (var mark in marks)
        {
            if (merged.Count > 0 && mark.Start < merged[^1].End)
            {
                merged[^1] = (merged[^1].Start, Math.Max(merged[^1].End, mark.End));
            }
            else
            {
                merged.Add(mark);
            }
        }

        return merged;
    }

    private static IEnumerable<(int Start, int End)> Find(List<SearchTokens.Piece> pieces, int first, SearchTerm term)
    {
        var (text, wanted) = (pieces[first], term.Pieces[0]);
        if (term.Pieces.Count == 1)
        {
            if (!wanted.IsPaired)
            {
                if (IsAt(text, wanted, term.IsPrefix))
                {
                    yield return (text.Starts[0], EndOf(text, wanted.Text.Length));
                }

                yield break;
            }

            for (var at = text.IsPaired ? Next(0) : -1; at >= 0; at = Next(at + wanted.Text.Length))
            {
                yield return (text.Starts[at], EndOf(text, at + wanted.Text.Length));
            }

            yield break;
        }

        // A phrase: its first piece ends where the text's does, the next ones follow.
        if (first + term.Pieces.Count > pieces.Count || !(wanted.IsPaired == text.IsPaired
            && (wanted.IsPaired ? text.Text.EndsWith(wanted.Text, StringComparison.Ordinal) : text.Text == wanted.Text)))
        {
            yield break;
        }

        for (var i = 1; i < term.Pieces.Count; i++)
        {
            if (!IsAt(pieces[first + i], term.Pieces[i], i == term.Pieces.Count - 1 && (term.IsPrefix || term.Pieces[i].IsPaired)))
            {
                yield break;
            }
        }

        yield return (text.Starts[text.Text.Length - wanted.Text.Length], EndOf(pieces[first + term.Pieces.Count - 1], term.Pieces[^1].Text.Length));

        int Next(int from) => from <= text.Text.Length ? text.Text.IndexOf(wanted.Text, from, StringComparison.Ordinal) : -1;
    }

    private static bool IsAt(SearchTokens.Piece text, SearchTokens.Piece wanted, bool isPrefix) =>
        text.IsPaired == wanted.IsPaired && (isPrefix ? text.Text.StartsWith(wanted.Text, StringComparison.Ordinal) : text.Text == wanted.Text);

    private static int EndOf(SearchTokens.Piece piece, int length) => length < piece.Starts.Count ? piece.Starts[length] : piece.End;

    private static int NextGap(string text, int from, int before)
    {
        for (var i = from; i < before; i++)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                return i + 1;
            }
        }

        return char.IsLowSurrogate(text[from]) ? from + 1 : from;
    }
}
