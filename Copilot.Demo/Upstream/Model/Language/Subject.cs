namespace Copilot.Demo.Upstream.Model.Language;

/// <summary>What a request is about: the words after one of these openings, else the whole of it, as one line.</summary>
internal static class Subject
{
    private const int Longest = 160;

    public static string After(string task, params ReadOnlySpan<string> openings)
    {
        var words = task;
        foreach (var opening in openings)
        {
            var at = task.IndexOf(opening, StringComparison.OrdinalIgnoreCase);
            if (at >= 0 && task.Length > at + opening.Length)
            {
                words = task[(at + opening.Length)..];
                break;
            }
        }

        words = words.ReplaceLineEndings(" ").Trim(' ', '.', '?', '!', ':', ',', '"', '“', '”');
        return words.Length == 0 ? "this" : words.Length <= Longest ? words : words[..(char.IsHighSurrogate(words[Longest - 1]) ? Longest - 1 : Longest)];
    }
}
