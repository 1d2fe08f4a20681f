namespace Copilot.Domain.Runs.Input;

/// <summary>A message to a run that works.</summary>
/// <param name="SteerId">Made by the client; the same id twice is delivered once.</param>
/// <param name="Text">The message, as the model reads it.</param>
internal sealed record SteerMessage(string SteerId, string Text);
