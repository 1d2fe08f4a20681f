namespace Copilot.Domain.Replay.Compare;

/// <summary>A part of two texts.</summary>
/// <param name="Kind">Whose it is.</param>
/// <param name="Text">Its characters.</param>
public sealed record DiffPart(DiffKind Kind, string Text);
