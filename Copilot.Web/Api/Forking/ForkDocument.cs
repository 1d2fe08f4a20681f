namespace Copilot.Web.Api.Forking;

/// <summary>What a run was forked from.</summary>
/// <param name="RunId">The other run. Who may see the fork need not see it.</param>
/// <param name="Seq">The other's seq that the step begins with.</param>
/// <param name="Step">The step's number, from 1.</param>
internal sealed record ForkDocument(string RunId, long Seq, int Step);
