namespace Copilot.Demo.Upstream.Answering;

/// <summary>
/// What this model calls a token: a piece of a word of at most <see cref="MaxLength"/> characters together with the
/// white space that follows it. The pieces of a text put together are the text.
/// </summary>
internal static class TokenPieces
{
    public const int MaxLength = 8;

    private const int CharactersPerToken = 4;

    public static IEnumerable<string> Split(string text)
    {
        var start = 0;
        while (start < text.Length)
        {
            var end = start;
            while (end < text.Length && end - start < MaxLength && !char.IsWhiteSpace(text[end]))
            {
                end++;
            }

            // A pair of surrogates is one character: it is never split between two deltas.
            if (end < text.Length && end > start && char.IsHighSurrogate(text[end - 1]))
            {
                end += char.IsLowSurrogate(text[end]) ? 1 : 0;
            }

            while (end < text.Length && char.IsWhiteSpace(text[end]))
            {
                end++;
            }

            yield return text[start..end];
            start = end;
        }
    }

    /// <summary>About how many tokens a text of the input costs; cheap enough for every item of a long history.</summary>
    public static int Estimate(int characters) => (characters + CharactersPerToken - 1) / CharactersPerToken;
}
