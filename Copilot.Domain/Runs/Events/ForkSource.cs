namespace Copilot.Domain.Runs.Events;

/// <summary>What a run was forked from (<c>run.forked</c>).</summary>
/// <param name="RunId">The other run.</param>
/// <param name="Seq">Its seq that the step begins with.</param>
/// <param name="Step">The step's number, from 1.</param>
/// <param name="HasMessage">True when this run has a message of its own; false where it continues with the other's.</param>
public sealed record ForkSource(string RunId, long Seq, int Step, bool HasMessage);
