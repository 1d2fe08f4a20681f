namespace Copilot.Web.Components.RunScreen.Player;

/// <summary>A wait that the player passes quickly, as its bar shows it.</summary>
/// <param name="Reason">What was waited for, in the style sheet's words.</param>
/// <param name="Left">Where it begins, as a part of the bar.</param>
/// <param name="Width">How much of the bar it takes.</param>
/// <param name="Note">How long it was, and what for.</param>
internal sealed record PlayerWait(string Reason, string Left, string Width, string Note);
