namespace Copilot.Domain.Audit.Checkpoints;

/// <summary>The newest row of a chain at some time.</summary>
/// <param name="Kind">One of <see cref="ChainKind"/>.</param>
/// <param name="Chain">The chain's id.</param>
/// <param name="Seq">The row's place.</param>
/// <param name="Hash">Its hash.</param>
public sealed record ChainHead(string Kind, string Chain, long Seq, ReadOnlyMemory<byte> Hash);
