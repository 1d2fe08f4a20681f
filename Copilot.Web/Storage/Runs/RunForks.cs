using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Storage.Runs;

/// <summary>Finds the forks of a run. Nothing here checks access.</summary>
internal sealed class RunForks(IDbContextFactory<CopilotDbContext> contexts)
{
    /// <summary>Ids of runs that were forked from a run and have their content, newest first.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="limit">Largest number to return.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<IReadOnlyList<string>> FindAsync(string runId, int limit, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Runs.AsNoTracking()
            .Where(run => run.ForkedRunId == runId && run.ForgottenAt == null)
            .OrderByDescending(run => run.Id)
            .Select(run => run.Id)
            .Take(limit)
            .ToListAsync(cancellationToken);
    }
}
