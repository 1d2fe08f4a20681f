using Copilot.Domain.Audit.Chains;
using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Audit;

/// <summary>An entry of the access log in its chain.</summary>
/// <param name="Seq">1, 2, 3 … without holes.</param>
/// <param name="At">When, in whole microseconds (UTC).</param>
/// <param name="Entry">What.</param>
/// <param name="Hash">SHA-256 over the hash before it and all of its fields.</param>
public sealed record AccessRecord(long Seq, DateTimeOffset At, AccessEntry Entry, ReadOnlyMemory<byte> Hash)
{
    /// <summary>The chain's id.</summary>
    public const string Chain = "access_log";

    /// <summary>Puts an entry into the chain.</summary>
    /// <param name="seq">Its place.</param>
    /// <param name="at">When.</param>
    /// <param name="entry">What.</param>
    /// <param name="previous">The hash of the entry before; <see cref="RunEventChain.Start"/> for the first.</param>
    public static AccessRecord Seal(long seq, DateTimeOffset at, AccessEntry entry, ReadOnlyMemory<byte> previous) =>
        new(seq, at, entry, HashOf(Chain, seq, at, entry, previous));

    internal static byte[] HashOf(string chain, long seq, DateTimeOffset at, AccessEntry entry, ReadOnlyMemory<byte> previous)
    {
        using var hash = new ChainHash();
        return hash.Bytes(previous.Span).Text(chain).Number(seq).Number(RunTime.ToMicroseconds(at))
            .Text(entry.Action).Text(entry.ActorId).Text(entry.ActorName).Text(entry.ActorRole).Text(entry.KeyId).Text(entry.Address)
            .Text(entry.ObjectId).Text(entry.ObjectName).Text(entry.OwnerId).Text(entry.Reason).Text(entry.Before).Text(entry.After)
            .Take();
    }
}
