using System.Globalization;
using System.Text.Json;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Storage.Packing;
using Copilot.Web.Storage.Sessions;
using Copilot.Web.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Storage.Erasure;

/// <summary>
/// Removes content in short transactions, so that others can write in between, and then from the files: <c>secure_delete</c> overwrites
/// deleted content in the database's pages, and emptying the write-ahead log removes the older states of those pages.
/// </summary>
internal sealed class RunEraser(IDbContextFactory<CopilotDbContext> contexts, WriteLock writeLock)
{
    /// <summary>Title of an erased conversation.</summary>
    public const string Title = "Deleted conversation";

    /// <summary>The same as earlier versions wrote it.</summary>
    public const string EarlierTitle = "Forgotten conversation";

    // A few milliseconds of work under the write lock.
    private const int VacuumPages = 1_000;

    /// <summary>Removes payload and salt of the next events, and what was made of them; digest and hash remain.</summary>
    /// <returns>Seq of the last event processed, or null when there was none.</returns>
    public async Task<long?> EraseEventsAsync(string runId, long after, int limit, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WriteAsync(
            async token =>
            {
                await db.RunSnapshots.Where(row => row.RunId == runId).ExecuteDeleteAsync(token);

                // Read in the transaction: otherwise they may be packed meanwhile.
                var rows = db.RunEvents.Where(row => row.RunId == runId && row.Seq > after);
                var first = await rows.MinAsync(row => (long?)row.Seq, token);
                if (await RunSegments.After(db, runId, after).FirstOrDefaultAsync(token) is { } segment && !(first < segment.FirstSeq))
                {
                    return await EraseSegmentAsync(db, segment, token);
                }

                if (first is null)
                {
                    return null;
                }

                rows = rows.Where(row => row.Seq < first + limit);
                var last = await rows.MaxAsync(row => (long?)row.Seq, token);
                await db.RunPayloads
                    .Where(row => row.RunId == runId && row.Seq > after && row.Seq <= last)
                    .ExecuteDeleteAsync(token);
                await rows.Where(row => row.Salt != null).ExecuteUpdateAsync(
                    set => set.SetProperty(row => row.Payload, (byte[]?)null).SetProperty(row => row.Salt, (byte[]?)null), token);
                return last;
            },
            cancellationToken);
    }

    /// <summary>True while there is something that was made of a run's events.</summary>
    public async Task<bool> HasCopyAsync(string runId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.RunSnapshots.AnyAsync(row => row.RunId == runId, cancellationToken);
    }

    private static async Task<long?> EraseSegmentAsync(CopilotDbContext db, RunSegmentRow segment, CancellationToken cancellationToken)
    {
        if (!segment.Erased)
        {
            var keys = new SaltKeys(await RunSegments.Keys(db, segment.RunId).ToListAsync(cancellationToken));
            var erased = SegmentWriter.Pack(SegmentReader.Read(segment, keys), segment.PreviousHash, SaltKeys.None, erase: true);
            await db.RunSegments.Where(row => row.RunId == segment.RunId && row.LastSeq == segment.LastSeq).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.Content, erased.Content).SetProperty(row => row.Erased, true), cancellationToken);
        }

        return segment.LastSeq;
    }

    /// <summary>Removes a run's text outside its events, and saves its current state.</summary>
    public async Task EraseRunAsync(ErasedRunRow run, RunSummary summary, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.Serialize(summary, StorageJson.Default.RunSummary);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.WriteAsync(
            async token =>
            {
                await db.Runs.Where(row => row.Id == run.RunId).ExecuteUpdateAsync(
                    set => set.SetProperty(row => row.Summary, json).SetProperty(row => row.ForgottenAt, run.ErasedAt), token);
                await db.Sessions.Where(row => row.Id == summary.SessionId).ExecuteUpdateAsync(
                    set => set.SetProperty(row => row.Title, Title).SetProperty(row => row.Outcome, (string?)null), token);
                await db.RunCallbacks.Where(row => row.RunId == run.RunId).ExecuteDeleteAsync(token);
                await db.HelpRequests.Where(row => row.RunId == run.RunId).ExecuteUpdateAsync(set => set.SetProperty(row => row.Reason, ""), token);
                await db.Comments.Where(row => row.RunId == run.RunId).ExecuteDeleteAsync(token);
                foreach (var part in (string[])[run.RunId, SessionSearch.TitleRow])
                {
                    await db.Database.ExecuteSqlAsync(
                        $"DELETE FROM search_texts WHERE rowid IN (SELECT id FROM search_rows WHERE session_id = {summary.SessionId} AND run_id = {part})",
                        token);
                    await db.Database.ExecuteSqlAsync(
                        $"DELETE FROM search_rows WHERE session_id = {summary.SessionId} AND run_id = {part}", token);
                }

                // Not before: until then packed events need them to be read.
                await db.RunSalts.Where(row => row.RunId == run.RunId).ExecuteDeleteAsync(token);
                await SqliteRunIndex.EraseAsync(db, run.RunId, token);

                // It would have told what was asked to those who can guess it.
                await db.IdempotencyKeys.Where(row => row.RunId == run.RunId).ExecuteDeleteAsync(token);
                db.Update(run);
                return await db.SaveChangesAsync(token);
            },
            cancellationToken);
    }

    /// <summary>Frees unused pages and empties the write-ahead log. False while a reader needs an older state.</summary>
    public async Task<bool> ScrubAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        try
        {
            await db.Database.OpenConnectionAsync(cancellationToken);
            var connection = (SqliteConnection)db.Database.GetDbConnection();
            for (var (free, before) = (long.MaxValue - 1, long.MaxValue); free > 0 && free < before;)
            {
                using var pass = await writeLock.EnterAsync(cancellationToken);
                before = free;
                Drain(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA incremental_vacuum({VacuumPages})"));
                free = Scalar(connection, "PRAGMA freelist_count");
            }

            using (await writeLock.EnterAsync(cancellationToken))
            {
                // Writers are blocked meanwhile, so do not wait for a long reader: try again later.
                Drain(connection, "PRAGMA busy_timeout = 100");
                try
                {
                    return Scalar(connection, "PRAGMA wal_checkpoint(TRUNCATE)") == 0;
                }
                finally
                {
                    // The connection is used again by others.
                    Drain(connection, ConnectionPragmas.BusyTimeout);
                }
            }
        }
        catch (SqliteException exception) when (StorageFailure.Explain(exception) is { } unavailable)
        {
            throw unavailable;
        }
    }

    private static void Drain(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            // Each step does part of the work.
        }
    }

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
