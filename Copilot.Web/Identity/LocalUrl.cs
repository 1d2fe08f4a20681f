using System.Text;

namespace Copilot.Web.Identity;

/// <summary>Addresses to return to after signing in; only ones of this site, so that a link cannot send people elsewhere.</summary>
internal static class LocalUrl
{
    /// <summary>The address when it is a path of this site, else <c>/</c>.</summary>
    public static string OrHome(string? url) =>
        url is ['/', ..]
        && !url.StartsWith("//", StringComparison.Ordinal)
        // Browsers take a backslash for a slash and skip tabs and line breaks.
        && !url.Contains('\\', StringComparison.Ordinal)
        && !url.Any(char.IsControl)
            ? Encode(url)
            : "/";

    // A header takes ASCII only. Nothing else is changed: a path that is made tidy may become another site's.
    private static string Encode(string url) =>
        string.Concat(url.Select((unit, index) => unit is > ' ' and < '\x7f' ? unit.ToString() : Encode(url, index)));

    private static string Encode(string url, int index) =>
        char.IsLowSurrogate(url[index]) && index > 0 && char.IsHighSurrogate(url[index - 1]) ? ""
        : Rune.TryGetRuneAt(url, index, out var rune) ? Uri.EscapeDataString(rune.ToString())
        : Uri.EscapeDataString(Rune.ReplacementChar.ToString());
}
