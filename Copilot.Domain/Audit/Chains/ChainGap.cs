namespace Copilot.Domain.Audit.Chains;

/// <summary>Rows that are missing.</summary>
/// <param name="Finding">How it is reported.</param>
/// <param name="Previous">The hash of the row before the first of them.</param>
internal sealed record ChainGap(AuditFinding Finding, ReadOnlyMemory<byte> Previous);
