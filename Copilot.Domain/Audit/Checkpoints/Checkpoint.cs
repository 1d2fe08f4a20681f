using Copilot.Domain.Audit.Chains;
using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Audit.Checkpoints;

/// <summary>
/// A signed statement of how far the chains had come: it seals the heads that had changed since the checkpoint before, and that checkpoint
/// itself. So one checkpoint that is stored elsewhere holds everything up to it.
/// </summary>
public sealed record Checkpoint
{
    /// <summary>The id of the checkpoints' own chain.</summary>
    public const string Chain = "checkpoints";

    /// <summary>1, 2, 3 … without holes.</summary>
    public required long Number { get; init; }

    /// <summary>When it was made, in whole microseconds (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The hash of the checkpoint before; 32 zero bytes for the first.</summary>
    public required ReadOnlyMemory<byte> PreviousHash { get; init; }

    /// <summary>How many heads it seals.</summary>
    public required int HeadCount { get; init; }

    /// <summary>SHA-256 over those heads, ordered by kind and chain.</summary>
    public required ReadOnlyMemory<byte> HeadsDigest { get; init; }

    /// <summary>The key that signed it: the first 16 hex digits of the SHA-256 of its public half.</summary>
    public required string KeyId { get; init; }

    /// <summary>SHA-256 over all of the above.</summary>
    public required ReadOnlyMemory<byte> Hash { get; init; }

    /// <summary>The signature over <see cref="Hash"/> (ECDSA P-256, IEEE P1363).</summary>
    public required ReadOnlyMemory<byte> Signature { get; init; }

    /// <summary>Makes and signs the next one.</summary>
    /// <param name="previous">The one before; null for the first.</param>
    /// <param name="at">When.</param>
    /// <param name="heads">What has changed since.</param>
    /// <param name="signer">Signs it.</param>
    public static Checkpoint Seal(Checkpoint? previous, DateTimeOffset at, IReadOnlyCollection<ChainHead> heads, ICheckpointSigner signer)
    {
        var open = new Checkpoint
        {
            Number = (previous?.Number ?? 0) + 1,
            At = RunTime.FromMicroseconds(RunTime.ToMicroseconds(at)),
            PreviousHash = previous?.Hash ?? RunEventChain.Start,
            HeadCount = heads.Count,
            HeadsDigest = DigestOf(heads),
            KeyId = signer.KeyId,
            Hash = default,
            Signature = default,
        };
        var hash = open.ComputeHash();
        return open with { Hash = hash, Signature = signer.Sign(hash) };
    }

    /// <summary>The hash that its fields give.</summary>
    public byte[] ComputeHash()
    {
        using var hash = new ChainHash();
        return hash.Text(Chain).Number(Number).Number(RunTime.ToMicroseconds(At)).Bytes(PreviousHash.Span)
            .Number(HeadCount).Bytes(HeadsDigest.Span).Text(KeyId).Take();
    }

    /// <summary>The digest of heads, in whatever order they come.</summary>
    public static byte[] DigestOf(IEnumerable<ChainHead> heads)
    {
        using var hash = new ChainHash();
        foreach (var head in heads.OrderBy(head => head.Kind, StringComparer.Ordinal).ThenBy(head => head.Chain, StringComparer.Ordinal).ThenBy(head => head.Seq))
        {
            hash.Text(head.Kind).Text(head.Chain).Number(head.Seq).Bytes(head.Hash.Span);
        }

        return hash.Take();
    }
}
