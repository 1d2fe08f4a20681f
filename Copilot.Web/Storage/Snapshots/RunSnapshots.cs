using Copilot.Web.Storage.Upkeep;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Storage.Snapshots;

/// <summary>
/// Snapshots of runs that have ended, one a run: made of their events and worth nothing without them. One that does not fit the run as it
/// is now is not found, and one that nobody has made anew for a month is deleted.
/// </summary>
internal sealed class RunSnapshots(IDbContextFactory<CopilotDbContext> contexts, TimeProvider time) : IHourlyCleanup
{
    private static readonly TimeSpan s_keep = TimeSpan.FromDays(30);

    // A few milliseconds of work under the write lock.
    private const int AtOnce = 100;

    /// <summary>What was saved for a run; null where nothing was that still fits.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="head">Its newest event.</param>
    /// <param name="build">The build that reads it.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<byte[]?> FindAsync(string runId, long head, string build, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.RunSnapshots.AsNoTracking()
            .Where(row => row.RunId == runId && row.HeadSeq == head && row.Build == build)
            .Select(row => row.Content)
            .FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>
    /// Saves a snapshot in place of the run's older one. Not where the run has gone on since, and not from the moment on at which its
    /// content is recorded to be deleted: what was read before must not come back.
    /// </summary>
    /// <returns>False when it was not saved.</returns>
    public async Task<bool> SaveAsync(string runId, long head, string build, byte[] content, CancellationToken cancellationToken)
    {
        var at = UnixMicroseconds.From(time.GetUtcNow());
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WriteAsync(
            token => db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO run_snapshots (run_id, head_seq, build, saved_at, content)
                SELECT id, head_seq, {build}, {at}, {content} FROM runs
                WHERE id = {runId} AND head_seq = {head} AND forgotten_at IS NULL
                    AND NOT EXISTS (SELECT 1 FROM forgotten_runs WHERE run_id = {runId})
                ON CONFLICT (run_id) DO UPDATE SET
                    head_seq = excluded.head_seq, build = excluded.build, saved_at = excluded.saved_at, content = excluded.content
                """,
                token),
            cancellationToken) == 1;
    }

    /// <inheritdoc/>
    public async Task CleanAsync(CancellationToken cancellationToken)
    {
        var before = UnixMicroseconds.From(time.GetUtcNow() - s_keep);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        int deleted;
        do
        {
            deleted = await db.WriteAsync(
                token => db.Database.ExecuteSqlAsync(
                    $"DELETE FROM run_snapshots WHERE run_id IN (SELECT run_id FROM run_snapshots WHERE saved_at < {before} ORDER BY saved_at LIMIT {AtOnce})",
                    token),
                cancellationToken);
        }
        while (deleted == AtOnce);
    }
}
