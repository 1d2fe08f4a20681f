namespace Copilot.Web.Sessions.Importing;

/// <summary>What the check of the hash chain of a run in a file found.</summary>
/// <param name="Finding">What it found.</param>
/// <param name="Seq">The first event that is not what was recorded; null unless it is broken.</param>
public sealed record ChainCheck(ChainFinding Finding, long? Seq);
