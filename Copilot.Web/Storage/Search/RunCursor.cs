using System.Globalization;

namespace Copilot.Web.Storage.Search;

/// <summary>Where a page of a list ended.</summary>
/// <param name="Key">What the last row was sorted by.</param>
/// <param name="Id">The last row's id.</param>
public sealed record RunCursor(long Key, string Id)
{
    /// <summary>As it stands in an address: <c>1764403200000000.run_…</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Key}.{Id}");

    /// <summary>Reads it; null for what is none.</summary>
    public static RunCursor? Parse(string? text) =>
        text?.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && text.Length <= 200
        && long.TryParse(text.AsSpan(0, dot), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var key) && dot < text.Length - 1
            ? new RunCursor(key, text[(dot + 1)..])
            : null;
}
