using Copilot.Domain.Concurrency;
using Copilot.Domain.Runs.Actor;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Runs.Registry;

/// <summary>Runs that a restart left behind: which are interrupted, and which of them resume by themselves.</summary>
internal sealed partial class RunRecovery(
    OwnedRuns owned, KeyedLock sessionLock, IRunEventStore store, IServiceScopeFactory scopes, ILogger logger)
{
    /// <summary>
    /// Marks the runs that a crash left without an owner as interrupted. Call once, before anybody can start runs.
    /// </summary>
    /// <returns>
    /// The ids of the interrupted runs, by a crash or a shutdown, that may go on by themselves: no call of theirs could have an
    /// effect twice, and their conversation has not gone on without them. Oldest first.
    /// </returns>
    public async Task<IReadOnlyList<string>> RecoverAsync(CancellationToken cancellationToken)
    {
        foreach (var run in await store.ReadUnfinishedAsync(cancellationToken).ConfigureAwait(false))
        {
            var left = await owned
                .TakeUpAsync(run, new RunMessage.Interrupt("The server was restarted."), cancellationToken).ConfigureAwait(false);
            owned.Begin(left);
            await left.Released.ConfigureAwait(false);
            LogRecovered(run.RunId);
        }

        var safe = new List<string>();
        foreach (var run in await store.ReadInterruptedAsync(cancellationToken).ConfigureAwait(false))
        {
            if (await MayGoOnAsync(run, cancellationToken).ConfigureAwait(false))
            {
                safe.Add(run.RunId);
            }
        }

        return safe;
    }

    /// <summary>Lets interrupted runs go on, each session's in the order given: one works, the others wait their turn.</summary>
    public async Task ResumeAsync(IReadOnlyList<string> runIds, CancellationToken cancellationToken)
    {
        foreach (var runId in runIds)
        {
            if (await store.FindAsync(runId, cancellationToken).ConfigureAwait(false) is { Status: RunStatus.Interrupted } run)
            {
                using var turn = await sessionLock.EnterAsync(run.SessionId, cancellationToken).ConfigureAwait(false);

                // People were here meanwhile: they may have stopped it, taken it up, or gone on without it.
                run = await store.FindAsync(runId, cancellationToken).ConfigureAwait(false);
                if (!owned.IsStopping && run is { Status: RunStatus.Interrupted } && owned.Find(runId) is null
                    && await MayGoOnAsync(run, cancellationToken).ConfigureAwait(false))
                {
                    await owned.TakeUpAsync(run, new RunMessage.AutoResume("The server is back."), cancellationToken).ConfigureAwait(false);
                    owned.BeginNext(run.SessionId);
                }
            }
        }
    }

    private async Task<bool> MayGoOnAsync(RunSummary run, CancellationToken cancellationToken)
    {
        var session = await store.ReadSessionAsync(run.SessionId, cancellationToken).ConfigureAwait(false);
        if (session.Any(other => string.CompareOrdinal(other.RunId, run.RunId) > 0
            && (other.Status.IsTerminal() || (other.ParentRunId == run.RunId && other.Status is not RunStatus.Interrupted && other.ParentSeq is not null))))
        {
            return false;
        }

        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var actor = scope.ServiceProvider.GetRequiredService<RunActor>();
            await actor.RestoreAsync(run.RunId, cancellationToken).ConfigureAwait(false);
            return actor.CanAutoResume;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Run {RunId} had no owner after the restart; it is interrupted and can be resumed")]
    private partial void LogRecovered(string runId);
}
