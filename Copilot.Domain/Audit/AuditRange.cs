namespace Copilot.Domain.Audit;

/// <summary>Which runs are verified: those that had events, or were sealed, in it. Checkpoints, access log and deletion records are verified whole.</summary>
/// <param name="From">From when on (inclusive); null from the first.</param>
/// <param name="To">Until when (exclusive); null to the newest.</param>
public sealed record AuditRange(DateTimeOffset? From, DateTimeOffset? To)
{
    /// <summary>Everything.</summary>
    public static AuditRange All { get; } = new(null, null);
}
