namespace Copilot.Demo.Tools.Data;

/// <summary>
/// A forgiving search over a few hundred rows: words match one by one, in any order and case, singular or plural, by prefix; filler words
/// are ignored. A hit in the name counts more than one elsewhere.
/// </summary>
internal static class DemoSearch
{
    private const int NameWeight = 3;

    private static readonly HashSet<string> s_fillers = new(StringComparer.Ordinal)
    {
        "a", "an", "and", "any", "all", "at", "broken", "customer", "defective", "faulty", "find", "for", "from", "have",
        "i", "in", "is", "me", "my", "need", "new", "of", "on", "or", "our", "part", "please", "replacement", "s",
        "show", "spare", "the", "their", "to", "we", "with",
    };

    public static IReadOnlyList<string> Words(string text)
    {
        var words = new List<string>();
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            // An id such as cus_1001 is one word.
            var inside = i < text.Length && (char.IsLetterOrDigit(text[i]) || text[i] == '_');
            if (inside && start < 0)
            {
                start = i;
            }
            else if (!inside && start >= 0)
            {
                words.Add(Singular(text[start..i].ToLowerInvariant()));
                start = -1;
            }
        }

        return words;
    }

    /// <summary>The best matches first; none matches when no word does, all match when the query has only filler words.</summary>
    public static List<T> Rank<T>(string query, IEnumerable<T> rows, Func<T, string> name, Func<T, string> rest)
    {
        var terms = Words(query).Where(word => !s_fillers.Contains(word)).Distinct(StringComparer.Ordinal).ToArray();
        if (terms.Length == 0)
        {
            return [.. rows];
        }

        var scored = rows
            .Select(row => (Row: row, Score: Score(terms, Words(name(row)), Words(rest(row)))))
            .OrderByDescending(hit => hit.Score)
            .ToArray();

        // Matches far weaker than the best are noise: "cooling pump" is not asking for everything that cools.
        return [.. scored.Where(hit => hit.Score > 0 && hit.Score * NameWeight >= scored[0].Score).Select(hit => hit.Row)];
    }

    private static int Score(string[] terms, IReadOnlyList<string> name, IReadOnlyList<string> rest)
    {
        return terms.Sum(term => Matches(term, name) ? NameWeight : Matches(term, rest) ? 1 : 0);
    }

    public static bool Matches(string term, IReadOnlyList<string> words)
    {
        return words.Any(word => word == term || (term.Length >= 3 && word.StartsWith(term, StringComparison.Ordinal)));
    }

    private static string Singular(string word)
    {
        return word switch
        {
            { Length: > 4 } when word.EndsWith("ies", StringComparison.Ordinal) => word[..^3] + "y",
            { Length: > 4 } when word.EndsWith("xes", StringComparison.Ordinal)
                || word.EndsWith("ches", StringComparison.Ordinal)
                || word.EndsWith("shes", StringComparison.Ordinal) => word[..^2],
            { Length: > 3 } when word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) => word[..^1],
            _ => word,
        };
    }
}
