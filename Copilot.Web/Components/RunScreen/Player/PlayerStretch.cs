using Copilot.Domain.Replay;

namespace Copilot.Web.Components.RunScreen.Player;

/// <summary>The stretch of a run that is measured, as the player's bar shows it.</summary>
/// <param name="Left">Where it begins, as a part of the bar.</param>
/// <param name="Width">How much of the bar it takes.</param>
/// <param name="Measured">What it took; null where the run has no events.</param>
internal sealed record PlayerStretch(string Left, string Width, RunStretch? Measured);
