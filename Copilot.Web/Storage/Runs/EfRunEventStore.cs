using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Storage.Audit;
using Copilot.Web.Storage.Packing;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Storage.Runs;

/// <summary>The log of all runs in the product's database.</summary>
internal sealed class EfRunEventStore(IDbContextFactory<CopilotDbContext> contexts, WriteLock writeLock, ChangedChains changed)
    : IRunEventStore, IDisposable
{
    private static readonly string[] s_unfinished =
        [RunStatus.Queued.ToWire(), RunStatus.Running.ToWire(), RunStatus.Waiting.ToWire()];

    private static readonly string s_interrupted = RunStatus.Interrupted.ToWire();

    private const string DeltaSuffix = ".delta";
    private const string PartialImage = "response.image_generation_call.partial_image";

    private static readonly string s_upstream = EventSource.Upstream.ToWire();

    // Only used while the write lock is held.
    private RunAppendWriter? _writer;

    /// <inheritdoc/>
    public async Task AppendAsync(IReadOnlyList<RunAppend> appends, CancellationToken cancellationToken)
    {
        RunAppendCheck.ThrowIfInvalid(appends);
        using var pass = await writeLock.EnterAsync(cancellationToken);

        // SQLite blocks its thread, which is the writer's own. No token from here on: the caller must know whether it was committed.
        Append(appends);
        changed.Add(appends);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunEvent>> ReadAsync(string runId, long after, int limit, CancellationToken cancellationToken) =>
        ReadPageAsync(rows => rows, _ => true, runId, after, limit, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunEvent>> ReadWithoutPiecesAsync(string runId, long after, int limit, CancellationToken cancellationToken) =>
        ReadPageAsync(
            rows => rows.Where(row => row.Event.Source != EF.Constant(s_upstream)
                || (!row.Event.Type.EndsWith(EF.Constant(DeltaSuffix)) && row.Event.Type != EF.Constant(PartialImage))),
            one => one.Source is not EventSource.Upstream
                || (!one.Type.EndsWith(DeltaSuffix, StringComparison.Ordinal) && one.Type != PartialImage),
            runId,
            after,
            limit,
            cancellationToken);

    /// <summary>How many events of a run after one are pieces of texts and images, of those that have a row.</summary>
    public static Task<int> CountPiecesAsync(CopilotDbContext db, string runId, long after, CancellationToken cancellationToken) =>
        db.RunEvents.CountAsync(
            row => row.RunId == runId && row.Seq > after && row.Source == EF.Constant(s_upstream)
                && (row.Type.EndsWith(EF.Constant(DeltaSuffix)) || row.Type == EF.Constant(PartialImage)),
            cancellationToken);

    /// <summary>
    /// Rows first, which is all of a run that works. Events that have no row are looked for in segments afterwards: one that was packed in
    /// between is there then.
    /// </summary>
    private Task<IReadOnlyList<RunEvent>> ReadPageAsync(
        Func<IQueryable<StoredEvent>, IQueryable<StoredEvent>> which,
        Func<RunEvent, bool> isWanted,
        string runId,
        long after,
        int limit,
        CancellationToken cancellationToken) => WithContextAsync<IReadOnlyList<RunEvent>>(
            async db =>
            {
                var page = new EventPage(limit);
                while (true)
                {
                    var rows = page.Remaining();
                    await ReadRowsAsync(which(StoredEvent.Of(db)), runId, after, rows, cancellationToken);
                    if (rows.Events is [var next, ..] && next.Seq == after + 1)
                    {
                        return [.. page.Events, .. rows.Events];
                    }

                    if (await RunSegments.ReadAsync(db, runId, after, cancellationToken) is not { } packed)
                    {
                        return [.. page.Events, .. rows.Events];
                    }

                    page.Add(packed.Where(isWanted));
                    if (page.IsFull)
                    {
                        return page.Events;
                    }

                    after = packed[^1].Seq;
                }
            },
            cancellationToken);

    private static async Task ReadRowsAsync(
        IQueryable<StoredEvent> stored, string runId, long after, EventPage page, CancellationToken cancellationToken)
    {
        var rows = stored.Where(row => row.Event.RunId == runId && row.Event.Seq > after)
            .OrderBy(row => row.Event.Seq)
            .Take(page.Limit)
            .AsAsyncEnumerable();

        // Row by row, so that what is over the page's size is never read into memory.
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            page.Add([RunEventRowMapping.ToEvent(row.Event, row.Large)]);
            if (page.IsFull)
            {
                return;
            }
        }
    }

    /// <inheritdoc/>
    public Task<byte[]?> FindHashAsync(string runId, long seq, CancellationToken cancellationToken) => WithContextAsync(
        async db => await db.RunEvents.AsNoTracking()
            .Where(row => row.RunId == runId && row.Seq == seq && row.Salt != null)
            .Select(row => row.Hash)
            .FirstOrDefaultAsync(cancellationToken)
            ?? (await RunSegments.ReadAsync(db, runId, seq - 1, cancellationToken) is [var packed, ..] && packed.Seq == seq && !packed.IsErased
                ? packed.Hash.ToArray()
                : null),
        cancellationToken);

    /// <inheritdoc/>
    public Stream OpenText(EventText text)
    {
        var data = Read();
        return text.Start + text.Length <= data.Length
            ? new MemoryStream(data, text.Start, text.Length, writable: false)
            : throw new FileNotFoundException($"Event {text.Seq} of run {text.RunId} has no data any more.");

        byte[] Read()
        {
            try
            {
                using var db = contexts.CreateDbContext();
                return StoredEvent.Of(db).Where(row => row.Event.RunId == text.RunId && row.Event.Seq == text.Seq)
                    .Select(row => row.Event.Payload ?? row.Large)
                    .FirstOrDefault()
                    ?? (RunSegments.Read(db, text.RunId, text.Seq - 1) is [var packed, ..] && packed.Seq == text.Seq ? packed.Data.ToArray() : []);
            }
            catch (Exception exception) when (StorageFailure.Explain(exception) is { } unavailable)
            {
                throw new IOException(unavailable.Message, unavailable);
            }
        }
    }

    /// <inheritdoc/>
    public Task<RunEvent?> ReadHeadAsync(string runId, CancellationToken cancellationToken) => WithContextAsync(
        async db => await StoredEvent.Of(db).Where(row => row.Event.RunId == runId)
            .OrderByDescending(row => row.Event.Seq)
            .FirstOrDefaultAsync(cancellationToken) is { } row
                ? RunEventRowMapping.ToEvent(row.Event, row.Large)
                : await RunSegments.ReadLastAsync(db, runId, cancellationToken),
        cancellationToken);

    /// <inheritdoc/>
    public Task<RunSummary?> FindAsync(string runId, CancellationToken cancellationToken) => WithContextAsync(
        async db =>
        {
            var run = await db.Runs.AsNoTracking().Where(run => run.Id == runId).Select(StoredRun.Columns).FirstOrDefaultAsync(cancellationToken);
            return run?.ToSummary();
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunSummary>> ReadUnfinishedAsync(CancellationToken cancellationToken) =>
        ReadSummariesAsync(Unfinished, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunSummary>> ReadInterruptedAsync(CancellationToken cancellationToken) =>
        ReadSummariesAsync(Interrupted, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunSummary>> ReadSessionAsync(string sessionId, CancellationToken cancellationToken) =>
        ReadSummariesAsync(
            db => InSessionOrder(db.Runs.AsNoTracking().Where(run => run.SessionId == sessionId)).Select(StoredRun.Columns), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunHead>> ReadSessionHeadsAsync(string sessionId, CancellationToken cancellationToken) =>
        WithContextAsync<IReadOnlyList<RunHead>>(
            async db =>
            {
                var rows = await InSessionOrder(db.Runs.AsNoTracking().Where(run => run.SessionId == sessionId))
                    .Select(run => new
                    {
                        run.Id,
                        run.UserId,
                        run.ParentRunId,
                        run.ParentSeq,
                        run.Ordinal,
                        run.MessageId,
                        run.Status,
                        run.HeadSeq,
                        run.LastEventAt,
                        run.ForgottenAt,
                    })
                    .ToListAsync(cancellationToken);
                return rows.ConvertAll(row => new RunHead
                {
                    RunId = row.Id,
                    UserId = row.UserId,
                    ParentRunId = row.ParentRunId,
                    ParentSeq = row.ParentSeq,
                    Ordinal = row.Ordinal,
                    MessageId = row.MessageId,
                    Status = StoredRun.StatusOf(row.Status),
                    HeadSeq = row.HeadSeq,
                    LastEventAt = UnixMicroseconds.ToTime(row.LastEventAt),
                    ForgottenAt = row.ForgottenAt is { } at ? UnixMicroseconds.ToTime(at) : null,
                });
            },
            cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _writer?.Dispose();

    // Constants, not parameters: otherwise SQLite does not use the filtered indexes.
    internal static IQueryable<StoredRun> Unfinished(CopilotDbContext db) =>
        InOrder(db.Runs.AsNoTracking().Where(run => EF.Constant(s_unfinished).Contains(run.Status)));

    internal static IQueryable<StoredRun> Interrupted(CopilotDbContext db) =>
        InOrder(db.Runs.AsNoTracking().Where(run => run.Status == EF.Constant(s_interrupted)));

    // As RunOrder.InSession: a clock may have been set back between two messages.
    private static IQueryable<RunRow> InSessionOrder(IQueryable<RunRow> session) =>
        session.OrderBy(run => run.Ordinal).ThenBy(run => run.CreatedAt).ThenBy(run => run.Id);

    private static IQueryable<StoredRun> InOrder(IQueryable<RunRow> runs) =>
        runs.OrderBy(run => run.CreatedAt).ThenBy(run => run.Id).Select(StoredRun.Columns);

    private Task<IReadOnlyList<RunSummary>> ReadSummariesAsync(
        Func<CopilotDbContext, IQueryable<StoredRun>> query, CancellationToken cancellationToken) => WithContextAsync<IReadOnlyList<RunSummary>>(
            async db => (await query(db).ToListAsync(cancellationToken)).ConvertAll(run => run.ToSummary()), cancellationToken);

    /// <exception cref="StorageUnavailableException">The database cannot be read now.</exception>
    private async Task<T> WithContextAsync<T>(Func<CopilotDbContext, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            return await read(db);
        }
        catch (Exception exception) when (StorageFailure.Explain(exception) is { } unavailable)
        {
            throw unavailable;
        }
    }

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
}
