namespace Copilot.Domain.Audit.Chains;

/// <summary>A row that fits nowhere in the chain where it stands.</summary>
/// <param name="Finding">How it is reported.</param>
/// <param name="Link">The row.</param>
internal sealed record ChainStray(AuditFinding Finding, ChainLink Link);
