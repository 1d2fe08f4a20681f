using Copilot.Domain.Audit.Checkpoints;

namespace Copilot.Web.Storage.Audit;

/// <summary>A <see cref="Checkpoint"/>. Only ever added; the database refuses anything else.</summary>
internal sealed class CheckpointRow
{
    public required long Number { get; init; }

    public required long At { get; init; }

    public required byte[] PreviousHash { get; init; }

    public required int HeadCount { get; init; }

    public required byte[] HeadsDigest { get; init; }

    public required string KeyId { get; init; }

    public required byte[] Hash { get; init; }

    public required byte[] Signature { get; init; }

    public static CheckpointRow From(Checkpoint checkpoint) => new()
    {
        Number = checkpoint.Number,
        At = UnixMicroseconds.From(checkpoint.At),
        PreviousHash = checkpoint.PreviousHash.ToArray(),
        HeadCount = checkpoint.HeadCount,
        HeadsDigest = checkpoint.HeadsDigest.ToArray(),
        KeyId = checkpoint.KeyId,
        Hash = checkpoint.Hash.ToArray(),
        Signature = checkpoint.Signature.ToArray(),
    };

    public Checkpoint ToCheckpoint() => new()
    {
        Number = Number,
        At = UnixMicroseconds.ToTime(At),
        PreviousHash = PreviousHash,
        HeadCount = HeadCount,
        HeadsDigest = HeadsDigest,
        KeyId = KeyId,
        Hash = Hash,
        Signature = Signature,
    };
}
