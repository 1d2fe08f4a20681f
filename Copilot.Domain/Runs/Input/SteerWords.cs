namespace Copilot.Domain.Runs.Input;

/// <summary>Words that somebody said to a run while it worked.</summary>
/// <param name="SteerId">Made by the client; the same id twice is said once.</param>
/// <param name="Text">The words, as the model reads them.</param>
internal sealed record SteerWords(string SteerId, string Text);
