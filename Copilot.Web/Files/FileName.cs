using System.Globalization;
using System.Text;

namespace Copilot.Web.Files;

/// <summary>Cleans file names for display and download: no path, no invisible characters, not too long.</summary>
internal static class FileName
{
    /// <summary>Longest name, in UTF-16 units; an extension is preserved.</summary>
    public const int MaxLength = 120;

    private const int MaxExtension = 12;
    private const string Nameless = "file";

    /// <summary>The name without unsafe characters.</summary>
    public static string Clean(string? given)
    {
        var name = new StringBuilder();
        foreach (var rune in (given ?? "").EnumerateRunes())
        {
            if (rune.Value is '/' or '\\')
            {
                name.Clear();
            }
            else if (IsVisible(rune))
            {
                name.Append(rune.ToString());
            }
        }

        // A leading dot would hide the saved file.
        var clean = name.ToString().Trim().TrimStart('.').Trim();
        return clean.Length == 0 ? Nameless : Cut(clean);
    }

    // Format characters are left out as well: one of them can reverse "gpj.exe".
    private static bool IsVisible(Rune rune) =>
        rune != Rune.ReplacementChar
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static string Cut(string name)
    {
        if (name.Length <= MaxLength)
        {
            return name;
        }

        var dot = name.LastIndexOf('.');
        var extension = dot > 0 && name.Length - dot <= MaxExtension ? name[dot..] : "";
        var end = MaxLength - extension.Length;
        return name[..(char.IsHighSurrogate(name[end - 1]) ? end - 1 : end)] + extension;
    }
}
