namespace Copilot.Domain.Audit;

/// <summary>A deletion record that was sealed, and what is stored of it now.</summary>
/// <param name="DeletionId">The deletion.</param>
/// <param name="Sealed">Its hash under a checkpoint.</param>
/// <param name="Checkpoint">The checkpoint's number.</param>
/// <param name="Stored">The hash of what is stored; null when nothing is.</param>
public sealed record DeletionSeal(string DeletionId, ReadOnlyMemory<byte> Sealed, long Checkpoint, ReadOnlyMemory<byte>? Stored);
