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
            ? url
            : "/";
}
