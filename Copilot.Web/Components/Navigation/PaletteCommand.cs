namespace Copilot.Web.Components.Navigation;

/// <summary>Something that the command palette offers.</summary>
/// <param name="Group">Heading it stands under.</param>
/// <param name="Text">What it is called; people search for these words.</param>
/// <param name="Icon">Name of its <see cref="Components.LineIcon"/>.</param>
/// <param name="Run">Does it. The palette is closed by then.</param>
/// <param name="Keys">The keys that do the same without the palette; null where there are none.</param>
public sealed record PaletteCommand(string Group, string Text, string Icon, Func<Task> Run, string? Keys = null)
{
    /// <summary>Whether every word of what somebody typed is in the text or its group.</summary>
    public bool Matches(string search) => search
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .All(word => Text.Contains(word, StringComparison.OrdinalIgnoreCase) || Group.Contains(word, StringComparison.OrdinalIgnoreCase));
}
