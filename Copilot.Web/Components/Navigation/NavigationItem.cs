namespace Copilot.Web.Components.Navigation;

/// <summary>A page that the shell leads to.</summary>
/// <param name="Text">What it is called.</param>
/// <param name="Address">Where it is, from the root.</param>
/// <param name="Icon">Name of its <see cref="Components.LineIcon"/>.</param>
/// <param name="Section">What it belongs to; null for a page of its own.</param>
/// <param name="Roles">Who is led there; empty for everybody. The page checks for itself.</param>
public sealed record NavigationItem(string Text, string Address, string Icon, string? Section, IReadOnlyList<string> Roles)
{
    /// <summary>Whether a page is this one or one below it.</summary>
    /// <param name="path">Path of the page, from the root, without its query.</param>
    public bool Contains(string path) => Address == "/"
        ? path == "/" || IsAtOrBelow(path, "/chat")
        : IsAtOrBelow(path, Address);

    private static bool IsAtOrBelow(string path, string address) =>
        path.StartsWith(address, StringComparison.OrdinalIgnoreCase) && (path.Length == address.Length || path[address.Length] == '/');
}
