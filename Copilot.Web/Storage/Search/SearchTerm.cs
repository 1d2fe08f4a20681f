using System.Text;

namespace Copilot.Web.Storage.Search;

/// <summary>One thing that is looked for: a word or a phrase. Where its last word is not finished, longer ones are found too.</summary>
/// <param name="Tokens">Tokens that follow each other in the index, one space between two. Nothing but letters, digits and marks.</param>
/// <param name="IsPrefix">Whether the last token may go on.</param>
/// <param name="Pieces">The same as it is compared with text.</param>
internal sealed record SearchTerm(string Tokens, bool IsPrefix, IReadOnlyList<SearchTokens.Piece> Pieces)
{
    /// <summary>Longest search that is read, in characters.</summary>
    public const int MaxSearch = 500;

    // Each is a look-up of its own.
    private const int MaxTerms = 8;
    private const int MaxTokens = 64;

    /// <summary>True when a part of it is of a script that is written without spaces between words.</summary>
    public bool IsUnspaced => Pieces.Any(piece => piece.IsPaired);

    /// <summary>True where something was typed and no word is in it, as with an emoji alone: it finds nothing.</summary>
    public static bool IsWithoutWords(string search) => !string.IsNullOrWhiteSpace(search) && Parse(search).Count == 0;

    /// <summary>
    /// What a person has typed: words, all of which must be found, each also as the beginning of a longer one; "phrases" as they stand.
    /// Everything else is only a gap between words, so no input is an error. Empty where there is no word.
    /// </summary>
    public static IReadOnlyList<SearchTerm> Parse(string? search)
    {
        var terms = new List<SearchTerm>();
        search = search is { Length: > MaxSearch } ? search[..MaxSearch] : search ?? "";
        foreach (var (index, part) in search.Split('"', '“', '”', '„').Index())
        {
            if (index % 2 == 1)
            {
                Add(part, isPrefix: false);
                continue;
            }

            foreach (var word in part.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                Add(word, isPrefix: true);
            }
        }

        return terms;

        void Add(string text, bool isPrefix)
        {
            if (terms.Count < MaxTerms && Of(text, isPrefix) is { } term && !terms.Any(one => one.Tokens == term.Tokens && one.IsPrefix == term.IsPrefix))
            {
                terms.Add(term);
            }
        }
    }

    private static SearchTerm? Of(string text, bool isPrefix)
    {
        var pieces = new List<SearchTokens.Piece>();
        var letters = SearchTokens.Pieces(text);
        while (letters.MoveNext())
        {
            pieces.Add(letters.Current);
        }

        if (pieces.Count == 0)
        {
            return null;
        }

        var tokens = new StringBuilder();
        var count = 0;
        foreach (var (index, piece) in pieces.Index())
        {
            var isLast = index == pieces.Count - 1;
            var parts = SearchTokens.Of(piece.Text).Split(' ');
            if (piece.IsPaired && isLast)
            {
                // Its last letter may be followed by others in the text; alone, it begins a pair there.
                (parts, isPrefix) = parts.Length == 1 ? (parts, true) : (parts[..^1], false);
            }

            foreach (var part in parts.Take(MaxTokens - count))
            {
                tokens.Append(tokens.Length > 0 ? " " : "").Append(part);
                count++;
            }
        }

        return new SearchTerm(tokens.ToString(), isPrefix && count < MaxTokens, pieces);
    }
}
