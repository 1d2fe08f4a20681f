using System.Globalization;

namespace Copilot.Web.Identity.Administration;

/// <summary>Names that people give to people, teams and keys: short, and without characters that cannot be seen or turn text around.</summary>
internal static class VisibleName
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 100;

    /// <summary>The name without spaces around it, or null when it cannot be used.</summary>
    public static string? Clean(string? name)
    {
        var trimmed = name?.Trim();
        return trimmed is { Length: > 0 and <= MaxLength } && !trimmed.Any(IsHidden) ? trimmed : null;
    }

    private static bool IsHidden(char character) => char.GetUnicodeCategory(character)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}
