namespace Copilot.Domain.Audit;

/// <summary>How far a verification is.</summary>
/// <param name="Runs">Runs so far.</param>
/// <param name="OfRuns">Runs in all, as counted at its beginning.</param>
/// <param name="Events">Events so far.</param>
/// <param name="Findings">What was found so far.</param>
public sealed record AuditProgress(long Runs, long OfRuns, long Events, int Findings);
