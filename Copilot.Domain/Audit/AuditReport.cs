namespace Copilot.Domain.Audit;

/// <summary>What a verification has found.</summary>
/// <param name="Runs">Runs that were verified.</param>
/// <param name="Events">Their events.</param>
/// <param name="AccessEntries">Entries of the access log.</param>
/// <param name="Deletions">Deletion records that were sealed.</param>
/// <param name="Checkpoints">Checkpoints.</param>
/// <param name="NewestCheckpointAt">When the newest was made: what was written since is held by nothing but its own chain. Null without any.</param>
/// <param name="Findings">What is not as it was written, in the order in which it was found.</param>
public sealed record AuditReport(
    long Runs,
    long Events,
    long AccessEntries,
    long Deletions,
    long Checkpoints,
    DateTimeOffset? NewestCheckpointAt,
    IReadOnlyList<AuditFinding> Findings);
