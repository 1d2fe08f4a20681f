namespace Copilot.Domain.Audit.Chains;

/// <summary>What a checkpoint says of a chain.</summary>
/// <param name="Seq">The newest row at that time.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Checkpoint">The checkpoint's number.</param>
public sealed record SealedPoint(long Seq, ReadOnlyMemory<byte> Hash, long Checkpoint);
