namespace Copilot.Domain.Audit.Chains;

/// <summary>One stored row of a hash chain, without its content.</summary>
public abstract class ChainLink
{
    /// <summary>Its place as stored: 1, 2, 3 …</summary>
    public abstract long Seq { get; }

    /// <summary>Its hash as stored.</summary>
    public abstract ReadOnlyMemory<byte> Hash { get; }

    /// <summary>Whether its content matches its digest.</summary>
    public virtual ContentState Content => ContentState.Intact;

    /// <summary>The hash that this row would have at some place of some chain; null when no program of ours has written what it says.</summary>
    /// <param name="chain">The chain's id.</param>
    /// <param name="seq">The place.</param>
    /// <param name="previous">The hash of the row before that place.</param>
    public abstract byte[]? HashAt(string chain, long seq, ReadOnlyMemory<byte> previous);

    /// <summary>True when the row belongs exactly there.</summary>
    internal bool Fits(string chain, long seq, ReadOnlyMemory<byte> previous) =>
        HashAt(chain, seq, previous) is { } expected && Hash.Span.SequenceEqual(expected);
}
