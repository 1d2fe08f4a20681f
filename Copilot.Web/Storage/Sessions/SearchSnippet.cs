namespace Copilot.Web.Storage.Sessions;

/// <summary>A piece of a question or answer around the words that were looked for.</summary>
/// <param name="RunId">The run it is from.</param>
/// <param name="Parts">The text, cut where a word that was found begins or ends.</param>
public sealed record SearchSnippet(string RunId, IReadOnlyList<SnippetPart> Parts)
{
    internal const char Begin = '\u0001';
    internal const char End = '\u0002';

    /// <summary>Reads a text in which <see cref="Begin"/> and <see cref="End"/> stand around what was found.</summary>
    public static SearchSnippet Of(string runId, string marked)
    {
        var parts = new List<SnippetPart>();
        var line = string.Join(' ', marked.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        foreach (var (index, piece) in line.Split(Begin).Index())
        {
            var end = index == 0 ? -1 : piece.IndexOf(End, StringComparison.Ordinal);
            Add(piece[..Math.Max(end, 0)], isFound: true);
            Add(piece[(end + 1)..].Replace($"{End}", "", StringComparison.Ordinal), isFound: false);
        }

        return new SearchSnippet(runId, parts);

        void Add(string text, bool isFound)
        {
            if (text.Length > 0)
            {
                parts.Add(new SnippetPart(text, isFound));
            }
        }
    }
}

/// <summary>A part of it.</summary>
/// <param name="Text">The words.</param>
/// <param name="IsFound">Whether they are what was looked for.</param>
public sealed record SnippetPart(string Text, bool IsFound);
