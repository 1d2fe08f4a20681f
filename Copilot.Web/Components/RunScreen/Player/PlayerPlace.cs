namespace Copilot.Web.Components.RunScreen.Player;

/// <summary>Something that is drawn at a place of the player's bar.</summary>
/// <param name="Class">How it looks.</param>
/// <param name="Left">Where it stands, as a part of the bar.</param>
/// <param name="Title">What it says.</param>
internal sealed record PlayerPlace(string Class, string Left, string Title);
