using System.Globalization;
using System.Text;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Web.Storage.Sessions;

/// <summary>The title of a session in lists.</summary>
internal static class SessionTitle
{
    /// <summary>Longest title, in characters as people count them.</summary>
    public const int MaxLength = 80;

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

                line.Append(elements.GetTextElement());
                length++;
            }
        }

        return line.ToString();
    }
}
