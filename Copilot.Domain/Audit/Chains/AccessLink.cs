namespace Copilot.Domain.Audit.Chains;

/// <summary>A stored entry of the access log.</summary>
/// <param name="record">The entry as stored.</param>
public sealed class AccessLink(AccessRecord record) : ChainLink
{
    /// <inheritdoc/>
    public override long Seq => record.Seq;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Hash => record.Hash;

    /// <inheritdoc/>
    public override byte[]? HashAt(string chain, long seq, ReadOnlyMemory<byte> previous) =>
        AccessRecord.HashOf(chain, seq, record.At, record.Entry, previous);
}
