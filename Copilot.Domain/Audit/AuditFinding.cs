namespace Copilot.Domain.Audit;

/// <summary>One thing that is not as it was written.</summary>
/// <param name="Kind">What.</param>
/// <param name="Chain">Where: a run's id, <see cref="AccessRecord.Chain"/>, a deletion's id, or <see cref="Checkpoints.Checkpoint.Chain"/>.</param>
/// <param name="From">The first row that it is about, by its place when it was written; null where it is about the whole chain.</param>
/// <param name="To">The last such row.</param>
public sealed record AuditFinding(AuditFindingKind Kind, string Chain, long? From, long? To)
{
    /// <summary>Where the rows stand now: the chain.</summary>
    public string? OtherChain { get; init; }

    /// <summary>Where the first of the rows stands now.</summary>
    public long? Other { get; init; }

    /// <summary>The checkpoint that tells.</summary>
    public long? Checkpoint { get; init; }
}
