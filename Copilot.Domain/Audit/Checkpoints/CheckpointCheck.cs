using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Audit.Checkpoints;

/// <summary>Reads the checkpoints in the order of their numbers, and says what is not as it was signed.</summary>
/// <param name="keys">The public keys.</param>
/// <param name="exported">Checkpoints that were exported, and stored elsewhere since.</param>
internal sealed class CheckpointCheck(ICheckpointKeys keys, IReadOnlyList<ExportedCheckpoint> exported)
{
    private readonly List<AuditFinding> _findings = [];
    private readonly HashSet<long> _wrong = [];
    private long _number;
    private ReadOnlyMemory<byte> _hash = RunEventChain.Start;
    private DateTimeOffset? _at;

    /// <summary>How many there were.</summary>
    public long Count { get; private set; }

    /// <summary>When the newest was made; null without any.</summary>
    public DateTimeOffset? NewestAt => _at;

    /// <summary>Checkpoints whose heads say nothing.</summary>
    public IReadOnlySet<long> Wrong => _wrong;

    /// <summary>Takes the next one with the heads stored under it.</summary>
    public void Add(Checkpoint checkpoint, IReadOnlyCollection<ChainHead> heads)
    {
        Count++;
        if (checkpoint.Number > _number + 1)
        {
            Report(AuditFindingKind.CheckpointRemoved, _number + 1, checkpoint.Number - 1);
        }
        else if (!checkpoint.PreviousHash.Span.SequenceEqual(_hash.Span))
        {
            Distrust(AuditFindingKind.CheckpointChanged, checkpoint.Number);
        }

        if (!checkpoint.Hash.Span.SequenceEqual(checkpoint.ComputeHash()))
        {
            Distrust(AuditFindingKind.CheckpointChanged, checkpoint.Number);
        }
        else if (keys.Verify(checkpoint.KeyId, checkpoint.Hash.Span, checkpoint.Signature.Span) is not { } isSigned)
        {
            Distrust(AuditFindingKind.KeyUnknown, checkpoint.Number);
        }
        else if (!isSigned)
        {
            Distrust(AuditFindingKind.SignatureWrong, checkpoint.Number);
        }

        if (heads.Count != checkpoint.HeadCount || !checkpoint.HeadsDigest.Span.SequenceEqual(Checkpoint.DigestOf(heads)))
        {
            Distrust(AuditFindingKind.HeadsChanged, checkpoint.Number);
        }

        foreach (var one in exported.Where(one => one.Number == checkpoint.Number && !one.Hash.Span.SequenceEqual(checkpoint.Hash.Span)))
        {
            Distrust(AuditFindingKind.OtherCheckpoint, one.Number);
        }

        (_number, _hash, _at) = (checkpoint.Number, checkpoint.Hash, checkpoint.At);
    }

    /// <summary>Everything that was found.</summary>
    /// <param name="newestHead">The newest checkpoint that a stored head names, or 0.</param>
    public IReadOnlyList<AuditFinding> Finish(long newestHead)
    {
        var known = Math.Max(newestHead, exported.Count == 0 ? 0 : exported.Max(one => one.Number));
        if (known > _number)
        {
            Report(AuditFindingKind.CheckpointsCut, _number + 1, known);
        }

        foreach (var one in exported.Where(one => keys.Verify(one.KeyId, one.Hash.Span, one.Signature.Span) is not true))
        {
            Report(AuditFindingKind.SignatureWrong, one.Number, one.Number);
        }

        return _findings;
    }

    private void Distrust(AuditFindingKind kind, long number)
    {
        if (_wrong.Add(number))
        {
            Report(kind, number, number);
        }
    }

    private void Report(AuditFindingKind kind, long from, long to) => _findings.Add(new AuditFinding(kind, Checkpoint.Chain, from, to));
}
