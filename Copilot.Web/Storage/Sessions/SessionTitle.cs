using System.Globalization;
using System.Text;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Web.Storage.Sessions;

/// <summary>The title of a session in lists.</summary>
internal static class SessionTitle
{
    /// <summary>Longest title, in characters as people count them.</summary>
    public const int MaxLength = 80;

    // The longest family of emoji has 25 units.
    private const int LongestElement = 32;

    // It is asked for six; one that cannot count is not refused for it.
    private const int MaxWordsOfModel = 10;

    private static readonly char[] s_around = [' ', '"', '\'', '`', '*', '#', '_', '.', '。', '“', '”', '„', '‘', '’', '«', '»', '「', '」'];

    /// <summary>
    /// What a model has answered when it was asked for a title: its first line, without marks around it. Null where that is no title.
    /// </summary>
    public static string? FromModel(string? answer)
    {
        var line = answer?.Split('\n').Select(part => part.Trim()).FirstOrDefault(part => part.Length > 0) ?? "";
        var title = From(line.Trim(s_around)).Trim(s_around);
        return title.Length > 0 && !title.EndsWith('…') && title.Split(' ').Length <= MaxWordsOfModel ? title : null;
    }

    // A letter may have any number of marks above and below it, which count for nothing and hide the lines around it.
    private static string Cut(string element)
    {
        if (element.Length <= LongestElement)
        {
            return element;
        }

        var end = char.IsHighSurrogate(element[LongestElement - 1]) ? LongestElement - 1 : LongestElement;
        return element[..end];
    }

    /// <summary>Text on one line, without characters that are not seen or turn others around, cut at <see cref="MaxLength"/>; empty if nothing is left.</summary>
    public static string From(string text)
    {
        var line = new StringBuilder();
        var length = 0;
        foreach (var word in VisibleText.Clean(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var elements = StringInfo.GetTextElementEnumerator(line.Length > 0 ? " " + word : word);
            while (elements.MoveNext())
            {
                if (length == MaxLength)
                {
                    return line.Append('…').ToString();
                }

                line.Append(Cut(elements.GetTextElement()));
                length++;
            }
        }

        return line.ToString();
    }
}
