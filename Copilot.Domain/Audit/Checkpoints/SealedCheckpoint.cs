namespace Copilot.Domain.Audit.Checkpoints;

/// <summary>A checkpoint with the heads under it.</summary>
/// <param name="Checkpoint">The checkpoint.</param>
/// <param name="Heads">What it seals.</param>
public sealed record SealedCheckpoint(Checkpoint Checkpoint, IReadOnlyList<ChainHead> Heads);
