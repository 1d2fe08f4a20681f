using System.Text.Json;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Storage.Runs;

/// <summary>The log of all runs in the product's database.</summary>
internal sealed class EfRunEventStore(IDbContextFactory<CopilotDbContext> contexts, WriteLock writeLock) : IRunEventStore, IDisposable
{
    private static readonly string[] s_unfinished =
        [RunStatus.Queued.ToWire(), RunStatus.Running.ToWire(), RunStatus.Waiting.ToWire()];

    // Only used while the write lock is held.
    private RunAppendWriter? _writer;

    /// <inheritdoc/>
    public async Task AppendAsync(IReadOnlyList<RunAppend> appends, CancellationToken cancellationToken)
    {
        RunAppendCheck.ThrowIfInvalid(appends);
        using var pass = await writeLock.EnterAsync(cancellationToken);

        // SQLite blocks its thread, so it gets a pool thread. No token from here on: the caller must know whether it was committed.
        await Task.Run(() => Append(appends), CancellationToken.None);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RunEvent>> ReadAsync(
        string runId, long after, int limit, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = Rows(db).Where(row => row.Event.RunId == runId && row.Event.Seq > after)
            .OrderBy(row => row.Event.Seq)
            .Take(limit)
            .AsAsyncEnumerable();

        // Row by row, so that what is over the page's size is never read into memory.
        var page = new List<RunEvent>();
        var bytes = 0L;
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            var runEvent = RunEventRowMapping.ToEvent(row.Event, row.Large);
            page.Add(runEvent);
            bytes += runEvent.Data.Length;
            if (bytes >= IRunEventStore.PageBytes)
            {
                break;
            }
        }

        return page;
    }

    /// <inheritdoc/>
    public async Task<byte[]?> FindHashAsync(string runId, long seq, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.RunEvents.AsNoTracking()
            .Where(row => row.RunId == runId && row.Seq == seq && row.Salt != null)
            .Select(row => row.Hash)
            .FirstOrDefaultAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<RunEvent?> ReadHeadAsync(string runId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await Rows(db).Where(row => row.Event.RunId == runId)
            .OrderByDescending(row => row.Event.Seq)
            .FirstOrDefaultAsync(cancellationToken);
        return row is null ? null : RunEventRowMapping.ToEvent(row.Event, row.Large);
    }

    /// <inheritdoc/>
    public async Task<RunSummary?> FindAsync(string runId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var stored = await Stored(db.Runs.AsNoTracking().Where(run => run.Id == runId)).FirstOrDefaultAsync(cancellationToken);
        return stored?.Parse();
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RunSummary>> ReadUnfinishedAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var runs = await Unfinished(db).ToListAsync(cancellationToken);
        return runs.ConvertAll(run => run.Parse());
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RunSummary>> ReadInterruptedAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var status = RunStatus.Interrupted.ToWire();
        var runs = await InOrder(db.Runs.AsNoTracking().Where(run => run.Status == status)).ToListAsync(cancellationToken);
        return runs.ConvertAll(run => run.Parse());
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RunSummary>> ReadSessionAsync(string sessionId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var runs = await InOrder(db.Runs.AsNoTracking().Where(run => run.SessionId == sessionId)).ToListAsync(cancellationToken);
        return runs.ConvertAll(run => run.Parse());
    }

    /// <inheritdoc/>
    public void Dispose() => _writer?.Dispose();

    // Constants, not parameters: otherwise SQLite does not use the filtered index.
    internal static IQueryable<StoredRun> Unfinished(CopilotDbContext db) =>
        InOrder(db.Runs.AsNoTracking().Where(run => EF.Constant(s_unfinished).Contains(run.Status)));

    private void Append(IReadOnlyList<RunAppend> appends)
    {
        try
        {
            _writer ??= new RunAppendWriter(contexts);
            _writer.Commit(appends);
        }
        catch (Exception exception)
        {
            // The connection may be broken, so the next append opens a new one.
            _writer?.Dispose();
            _writer = null;
            if (StorageFailure.Explain(exception) is { } unavailable)
            {
                throw unavailable;
            }

            throw;
        }
    }

    private static IQueryable<StoredEvent> Rows(CopilotDbContext db) =>
        from row in db.RunEvents.AsNoTracking()
        join large in db.RunPayloads.AsNoTracking()
            on new { row.RunId, row.Seq } equals new { large.RunId, large.Seq } into larges
        from large in larges.DefaultIfEmpty()
        select new StoredEvent { Event = row, Large = large.Payload };

    private static IQueryable<StoredRun> InOrder(IQueryable<RunRow> runs) => Stored(runs.OrderBy(run => run.CreatedAt).ThenBy(run => run.Id));

    private static IQueryable<StoredRun> Stored(IQueryable<RunRow> runs) =>
        runs.Select(run => new StoredRun { Summary = run.Summary, HeadSeq = run.HeadSeq, LastEventAt = run.LastEventAt });

    /// <summary>A run's summary, with the head that moves on without it.</summary>
    internal sealed class StoredRun
    {
        public required string Summary { get; init; }

        public required long HeadSeq { get; init; }

        public required long LastEventAt { get; init; }

        public RunSummary Parse() => JsonSerializer.Deserialize(Summary, StorageJson.Default.RunSummary)! with
        {
            HeadSeq = HeadSeq,
            LastEventAt = UnixMicroseconds.ToTime(LastEventAt),
        };
    }

    private sealed class StoredEvent
    {
        public required RunEventRow Event { get; init; }

        public required byte[]? Large { get; init; }
    }
}
