using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Storage.Search.Review;

/// <summary>Which runs people have opened. Everybody has their own.</summary>
internal sealed class SeenRuns(IDbContextFactory<CopilotDbContext> contexts, TimeProvider time)
{
    /// <summary>Notes that somebody has opened a run. The first time counts.</summary>
    public async Task MarkAsync(string userId, string runId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        // Mostly it is there, and then nobody waits for the lock.
        if (!await db.SeenRuns.AnyAsync(row => row.UserId == userId && row.RunId == runId, cancellationToken))
        {
            var now = UnixMicroseconds.From(time.GetUtcNow());
            await db.WriteAsync(
                token => db.Database.ExecuteSqlAsync(
                    $"""
                    INSERT INTO run_seen (user_id, run_id, seen_at)
                    SELECT u.id, r.id, {now} FROM users u JOIN runs r WHERE u.id = {userId} AND r.id = {runId}
                    ON CONFLICT DO NOTHING
                    """,
                    token),
                cancellationToken);
        }
    }

    /// <summary>Takes the note back, so that the run is to be reviewed again.</summary>
    public async Task UnmarkAsync(string userId, string runId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.WriteAsync(token => db.SeenRuns.Where(row => row.UserId == userId && row.RunId == runId).ExecuteDeleteAsync(token), cancellationToken);
    }
}
