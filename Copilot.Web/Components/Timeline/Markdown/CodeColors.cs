namespace Copilot.Web.Components.Timeline.Markdown;

/// <summary>Tells the pieces of code apart that have colours of their own. It reads the code once, whatever it holds.</summary>
internal static class CodeColors
{
    /// <summary>Longer code is shown in one colour: nobody reads it here.</summary>
    public const int Longest = 30_000;

    /// <summary>The code in pieces that together are the code.</summary>
    public static IReadOnlyList<CodeToken> Split(string code, string language)
    {
        if (code.Length > Longest || CodeGrammar.Find(language) is not { } grammar)
        {
            return [new CodeToken(CodeTokenKind.Plain, code)];
        }

        var tokens = new List<CodeToken>();
        var plain = 0;
        var at = 0;
        while (at < code.Length)
        {
            var (kind, length) = Next(code, at, grammar);
            if (kind is not CodeTokenKind.Plain)
            {
                Flush(at);
                tokens.Add(new CodeToken(kind, code.Substring(at, length)));
                plain = at + length;
            }

            at += length;
        }

        Flush(code.Length);
        return tokens;

        void Flush(int end)
        {
            if (end > plain)
            {
                tokens.Add(new CodeToken(CodeTokenKind.Plain, code[plain..end]));
            }
        }
    }

    private static (CodeTokenKind Kind, int Length) Next(string code, int at, CodeGrammar grammar)
    {
        var rest = code.AsSpan(at);
        if (grammar.BlockComment is var (open, close) && rest.StartsWith(open, StringComparison.Ordinal))
        {
            var end = rest[open.Length..].IndexOf(close, StringComparison.Ordinal);
            return (CodeTokenKind.Comment, end < 0 ? rest.Length : open.Length + end + close.Length);
        }

        foreach (var mark in grammar.LineComments)
        {
            if (rest.StartsWith(mark, StringComparison.Ordinal) && (mark != "#" || at == 0 || char.IsWhiteSpace(code[at - 1])))
            {
                var end = rest.IndexOf('\n');
                return (CodeTokenKind.Comment, end < 0 ? rest.Length : end);
            }
        }

        if (grammar.Quotes.Contains(rest[0], StringComparison.Ordinal))
        {
            var length = Quoted(rest);
            return (grammar.HasKeys && IsBeforeColon(rest[length..]) ? CodeTokenKind.Name : CodeTokenKind.Text, length);
        }

        if (char.IsAsciiDigit(rest[0]))
        {
            return (CodeTokenKind.Number, Run(rest, static one => char.IsAsciiLetterOrDigit(one) || one is '.' or '_'));
        }

        if (char.IsLetter(rest[0]) || rest[0] is '_' or '$' or '@')
        {
            var length = Math.Max(1, Run(rest, static one => char.IsLetterOrDigit(one) || one is '_' or '$' or '@' or '-'));
            var word = rest[..length].ToString();
            var isTag = grammar.HasTags && at > 0 && (code[at - 1] == '<' || (code[at - 1] == '/' && at > 1 && code[at - 2] == '<'));
            return isTag ? (CodeTokenKind.Name, length)
                : grammar.Keywords.Contains(grammar.IgnoresCase ? word.ToLowerInvariant() : word) ? (CodeTokenKind.Keyword, length)
                : word[0] == '$' && length > 1 ? (CodeTokenKind.Name, length)
                : (CodeTokenKind.Plain, length);
        }

        return (CodeTokenKind.Plain, 1);
    }

    // To the quote that ends it, else to the end of the line: a lone quote must not colour all that follows.
    private static int Quoted(ReadOnlySpan<char> rest)
    {
        var quote = rest[0];
        for (var index = 1; index < rest.Length; index++)
        {
            if (rest[index] == '\\' && index + 1 < rest.Length)
            {
                index++;
            }
            else if (rest[index] == quote)
            {
                return index + 1;
            }
            else if (rest[index] == '\n' && quote != '`')
            {
                return index;
            }
        }

        return rest.Length;
    }

    private static bool IsBeforeColon(ReadOnlySpan<char> rest) => rest.TrimStart() is [':', ..];

    private static int Run(ReadOnlySpan<char> rest, Func<char, bool> belongs)
    {
        var length = 0;
        while (length < rest.Length && belongs(rest[length]))
        {
            length++;
        }

        return length;
    }
}
