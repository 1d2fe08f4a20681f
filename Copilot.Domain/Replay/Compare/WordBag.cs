namespace Copilot.Domain.Replay.Compare;

/// <summary>Which words a text has, to tell how alike two are without comparing them in order.</summary>
internal sealed class WordBag
{
    // More says no more about what a text is about.
    private const int MostWords = 400;

    private readonly HashSet<string> _words;

    public WordBag(params IEnumerable<string> texts) =>
        _words = [.. texts.SelectMany(WordDiff.Words).Where(word => char.IsLetterOrDigit(word[0])).Select(word => word.ToUpperInvariant()).Take(MostWords)];

    /// <summary>The share of words that both have, from 0 to 100; two texts without words are alike.</summary>
    public int Similarity(WordBag other)
    {
        if (_words.Count == 0 && other._words.Count == 0)
        {
            return 100;
        }

        var (few, many) = _words.Count <= other._words.Count ? (_words, other._words) : (other._words, _words);
        var common = few.Count(many.Contains);
        return 100 * common / (few.Count + many.Count - common);
    }
}
