using Copilot.Web.Components.Find;
using Copilot.Web.Components.Live;
using Copilot.Web.Components.RunScreen.Comments;
using Copilot.Web.Components.RunScreen.Player;
using Copilot.Web.Components.RunScreen.Review;

namespace Copilot.Web.Components.Navigation;

/// <summary>The keys of the product, as its help lists them.</summary>
internal static class KeyboardKeys
{
    /// <summary>Opens the palette.</summary>
    public const string Palette = "Ctrl+K";

    /// <summary>Opens the help.</summary>
    public const string Help = "?";

    /// <summary>Where they work, and which there are.</summary>
    public static IReadOnlyList<(string Where, IReadOnlyList<KeyboardKey> Keys)> All { get; } =
    [
        ("Everywhere",
        [
            new($"{Palette} or ⌘K", "Search and commands"),
            new(Help, "This help, when you are not writing"),
            new("Esc", "Close what is open"),
        ]),
        ("In the message box",
        [
            new("Enter", "Send"),
            new("Shift+Enter", "New line"),
            new("↑", "Edit your last message, when the box is empty"),
            new("Esc", "Stop the answer"),
        ]),
        (LiveText.Keys,
        [
            new("j k", LiveText.KeyMove),
            new("Enter", LiveText.KeyOpen),
            new("Space", LiveText.KeyPeek),
            new("a d", LiveText.KeyApprove),
            new("r", LiveText.KeySay),
            new("p", LiveText.KeyPin),
            new("c", LiveText.KeyClaim),
            new("u", LiveText.KeyOrder),
            new("/", LiveText.KeySearch),
        ]),
        (FindText.Keys,
        [
            new("j k", FindText.KeyMove),
            new("Enter", FindText.KeyOpen),
            new("/", FindText.KeySearch),
        ]),
        ("In lists and menus",
        [
            new("↑ ↓", "Move"),
            new("Enter", "Choose"),
        ]),
        ("In a run",
        [
            new("[ ]", PlayerText.KeyNeighbor),
            new("← → ↑ ↓", "Move between the bars of the lanes"),
            new("Enter", "Open a bar"),
            new("+ - 0", "Zoom, and show the whole run"),
        ]),
        (PlayerText.Keys,
        [
            new("Space", PlayerText.KeyPlay),
            new(", .", PlayerText.KeyEvent),
            new("[ ]", PlayerText.KeyMarker),
            new("Shift+[ ]", PlayerText.KeyTurn),
            new("← →", PlayerText.KeySeconds),
            new("Shift+← →", PlayerText.KeyPart),
            new("0 … 9", PlayerText.KeyTenths),
            new("< >", PlayerText.KeySpeed),
            new("m", CommentsText.KeyMarker),
            new("n", ReviewText.KeyUnseen),
            new("Alt+[ ]", PlayerText.KeyNeighbor),
        ]),
    ];
}
