using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Runs;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Supervision.Incident;

/// <summary>Stops many runs with one reason: exactly those that the person has seen in the preview.</summary>
internal sealed class BulkStop(RunControl control, IDbContextFactory<CopilotDbContext> contexts, PeopleAudit audit)
{
    private const int AtOnce = 8;

    /// <summary>Stops the runs. What is queued comes first, so that nothing starts in the place of what is stopped.</summary>
    /// <param name="by">Who stops them; each run is checked.</param>
    /// <param name="runs">The runs of the preview.</param>
    /// <param name="reason">Why; each run's events have it.</param>
    /// <param name="progress">Told after each run; calls may overlap.</param>
    /// <param name="cancellationToken">Ends it; runs that are stopped stay so, and that they are is kept.</param>
    public async Task<BulkStopResult> StopAsync(
        ChangedBy by, IReadOnlyList<RunSummary> runs, string reason, Action<BulkStopResult> progress, CancellationToken cancellationToken)
    {
        var done = default(BulkStopResult);
        var counting = new Lock();
        try
        {
            foreach (var group in runs.GroupBy(run => run.Status is RunStatus.Queued).OrderByDescending(group => group.Key))
            {
                await Parallel.ForEachAsync(
                    group,
                    new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                    async (run, token) =>
                    {
                        var result = await control.StopAsync(by.UserId ?? "", run, reason, token);
                        BulkStopResult now;
                        lock (counting)
                        {
                            now = done = Add(done, result);
                        }

                        progress(now);
                    });
            }
        }
        finally
        {
            // Also where it was broken off: what is stopped stays so.
            await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
            audit.Add(db, by, AuditAction.RunsStopped, user: null, LeverText.Runs(done.Stopped), after: reason);
            await db.SaveChangesAsync(CancellationToken.None);
        }

        return done;
    }

    private static BulkStopResult Add(BulkStopResult done, CommandResult result) => result.Code switch
    {
        null => done with { Stopped = done.Stopped + 1 },
        RefusalCode.Conflict or RefusalCode.NotFound => done with { Ended = done.Ended + 1 },
        _ => done with { Failed = done.Failed + 1 },
    };
}
