namespace Copilot.Demo.Upstream.Model.Language;

/// <summary>What a request is about: the text after one of these openings, else all of it, on one line.</summary>
internal static class Subject
{
    private const int Longest = 160;

    public static string After(string task, params ReadOnlySpan<string> openings)
    {
        var subject = task;
        foreach (var opening in openings)
        {
            var at = task.IndexOf(opening, StringComparison.OrdinalIgnoreCase);
            if (at >= 0 && task.Length > at + opening.Length)
            {
                subject = task[(at + opening.Length)..];
                break;
            }
        }

        subject = subject.ReplaceLineEndings(" ").Trim(' ', '.', '?', '!', ':', ',', '"', '“', '”');
        return subject.Length == 0 ? "this" : subject.Length <= Longest ? subject : subject[..(char.IsHighSurrogate(subject[Longest - 1]) ? Longest - 1 : Longest)];
    }
}
