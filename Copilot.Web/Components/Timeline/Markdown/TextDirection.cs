using System.Text;

namespace Copilot.Web.Components.Timeline.Markdown;

/// <summary>Which way a text is read.</summary>
internal static class TextDirection
{
    /// <summary>True when the first letter of a text belongs to a script that is read from right to left.</summary>
    public static bool IsRightToLeft(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is (>= 0x0590 and <= 0x08FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFC) or (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF))
            {
                if (Rune.IsLetter(rune))
                {
                    return true;
                }
            }
            else if (Rune.IsLetter(rune))
            {
                return false;
            }
        }

        return false;
    }
}
