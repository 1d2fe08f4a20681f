using Copilot.Domain.Erasure;
using Copilot.Domain.Erasure.Records;
using Copilot.Domain.Erasure.Retention;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Storage.Audit;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Storage.Erasure;

/// <summary>Erasure requests and their proof in the product's database. <see cref="RunEraser"/> removes content.</summary>
internal sealed class EfErasureStore(
    IDbContextFactory<CopilotDbContext> contexts, ErasureRequestReader requests, RunEraser eraser, ChangedChains changed, TimeProvider time) : IErasureStore
{
    private const int ForksAtOnce = 100;

    private static readonly TimeSpan s_undoMargin = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async Task<RunOwner?> FindOwnerAsync(string sessionId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Sessions.AsNoTracking()
            .Where(row => row.Id == sessionId)
            .Select(row => new RunOwner(row.UserId, row.TeamId))
            .FirstOrDefaultAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ErasureRequest> AddAsync(ErasureRequest request, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var id = await db.WriteAsync(
            async token =>
            {
                if (request.Cause is not ErasureCause.Fork && await EfRetentionStore.IsHeldAsync(db, request.SessionId, token))
                {
                    throw new LegalHoldException();
                }

                if (request.Cause is ErasureCause.Deletion)
                {
                    var now = UnixMicroseconds.From(time.GetUtcNow());
                    await db.Sessions
                        .Where(row => row.Id == request.SessionId && row.DeletedAt == null)
                        .ExecuteUpdateAsync(set => set.SetProperty(row => row.DeletedAt, now), token);
                }

                var newest = await Newest(db, request.SessionId).Select(row => new { row.Id, row.ErasedAt }).FirstOrDefaultAsync(token);
                if (newest is not null
                    && (newest.ErasedAt is null
                        || !await db.Runs.AnyAsync(run => run.SessionId == request.SessionId && run.ForgottenAt == null, token)))
                {
                    return newest.Id;
                }

                db.ErasureRequests.Add(ErasureMapping.ToRow(request));
                await db.SaveChangesAsync(token);
                return request.Id;
            },
            cancellationToken);
        return (await FindAsync(id, cancellationToken))!;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ReadForksOfErasedAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        // In the order of the index of forks: by conversation, it would read all runs there are.
        var sessions = await db.Runs.AsNoTracking()
            .Where(fork => fork.ForkedRunId != null && fork.ForgottenAt == null)
            .Where(fork => db.Runs.Any(run => run.Id == fork.ForkedRunId && run.ForgottenAt != null))
            .Where(fork => !db.ErasureRequests.Any(request => request.SessionId == fork.SessionId && request.ErasedAt == null))
            .OrderBy(fork => fork.ForkedRunId)
            .Select(fork => fork.SessionId)
            .Take(ForksAtOnce)
            .ToListAsync(cancellationToken);
        return [.. sessions.Distinct()];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ErasureRequest>> ReadToEraseAsync(CancellationToken cancellationToken)
    {
        // In the order of the index of what is unfinished: by id, it would read all that ever was asked for.
        var open = await requests.ReadUncountedAsync(
            db => db.ErasureRequests.Where(row => row.ErasedAt == null && row.FinishedAt == null).OrderBy(row => row.NextAt).ThenBy(row => row.Id), cancellationToken);
        return [.. open.OrderBy(request => request.Id, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ErasureRequest>> ReadToVerifyAsync(CancellationToken cancellationToken) =>
        requests.ReadUncountedAsync(ToVerify, cancellationToken);

    internal static IQueryable<ErasureRequestRow> ToVerify(CopilotDbContext db) => db.ErasureRequests
        .Where(row => row.ErasedAt != null && row.FinishedAt == null)
        .OrderBy(row => row.NextAt)
        .ThenBy(row => row.Id);

    /// <inheritdoc/>
    public async Task<ErasureRequest?> FindAsync(string erasureId, CancellationToken cancellationToken) =>
        (await requests.ReadAsync(db => db.ErasureRequests.Where(row => row.Id == erasureId), cancellationToken)).SingleOrDefault();

    /// <inheritdoc/>
    public Task<IReadOnlyList<ErasureRequest>> FindManyAsync(IReadOnlyCollection<string> erasureIds, CancellationToken cancellationToken) =>
        requests.ReadAsync(db => db.ErasureRequests.Where(row => erasureIds.Contains(row.Id)).OrderByDescending(row => row.Id), cancellationToken);

    /// <inheritdoc/>
    public async Task<ErasureRequest?> FindNewestAsync(string sessionId, CancellationToken cancellationToken) =>
        (await requests.ReadAsync(db => Newest(db, sessionId).Take(1), cancellationToken)).SingleOrDefault();

    /// <inheritdoc/>
    public Task<IReadOnlyList<ErasureRequest>> ListAsync(string? before, int limit, CancellationToken cancellationToken) => requests.ReadAsync(
        db => db.ErasureRequests
            .Where(row => before == null || row.Id.CompareTo(before) < 0)
            .OrderByDescending(row => row.Id)
            .Take(limit),
        cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ErasedRun>> ReadRunsAsync(string erasureId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.ErasedRuns.AsNoTracking()
            .Where(row => row.ForgettingId == erasureId)
            .OrderBy(row => row.RunId)
            .ToListAsync(cancellationToken);
        return rows.ConvertAll(ErasureMapping.ToRun);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ErasedResponse>> ReadResponsesAsync(string erasureId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.ErasedResponses.AsNoTracking()
            .Where(row => row.ForgettingId == erasureId)
            .OrderBy(row => row.RunId)
            .ThenBy(row => row.Seq)
            .ToListAsync(cancellationToken);
        return rows.ConvertAll(ErasureMapping.ToResponse);
    }

    /// <inheritdoc/>
    public async Task SaveAsync(ErasureRequest request, CancellationToken cancellationToken)
    {
        await UpdateAsync(ErasureMapping.ToRow(request), cancellationToken);
        if (request.FinishedAt is not null)
        {
            changed.Add([request.Id]);
        }
    }

    /// <inheritdoc/>
    public Task SaveAsync(ErasedResponse response, CancellationToken cancellationToken) =>
        UpdateAsync(ErasureMapping.ToRow(response), cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> UndoAsync(string erasureId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var requested = ErasureMapping.Wire(ErasureState.Requested);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WriteAsync(
            async token =>
            {
                if (await db.ErasureRequests.AsNoTracking().FirstOrDefaultAsync(row => row.Id == erasureId, token) is not { } request)
                {
                    return false;
                }

                // Not in the last moment: by the time that this is written, the worker may have read it as due.
                var begins = UnixMicroseconds.From(now + s_undoMargin);
                var withdrawn = await db.ErasureRequests
                    .Where(row => row.Id == erasureId && row.State == requested && row.NextAt > begins)
                    .ExecuteDeleteAsync(token);
                if (withdrawn == 0 && request.ErasedAt is null)
                {
                    return false;
                }

                await db.Sessions
                    .Where(row => row.Id == request.SessionId && row.DeletedAt != null)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.DeletedAt, (long?)null), token);
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task WithdrawAsync(string erasureId, CancellationToken cancellationToken)
    {
        var requested = ErasureMapping.Wire(ErasureState.Requested);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.WriteAsync(
            async token =>
            {
                if (!await db.ErasureRequests.AnyAsync(row => row.Id == erasureId && row.State == requested, token))
                {
                    return 0;
                }

                // Earlier versions recorded runs before they saved that they had started.
                await db.ErasedResponses.Where(row => row.ForgettingId == erasureId).ExecuteDeleteAsync(token);
                await db.ErasedRuns.Where(row => row.ForgettingId == erasureId).ExecuteDeleteAsync(token);
                return await db.ErasureRequests.Where(row => row.Id == erasureId).ExecuteDeleteAsync(token);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task PlanAsync(ErasedRun run, IReadOnlyList<ErasedResponse> responses, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.WriteAsync(
            async token =>
            {
                if (!await db.ErasedRuns.AnyAsync(row => row.RunId == run.RunId, token))
                {
                    db.ErasedRuns.Add(ErasureMapping.ToRow(run));
                    db.ErasedResponses.AddRange(responses.Select(ErasureMapping.ToRow));
                    await db.SaveChangesAsync(token);
                }

                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long?> EraseEventsAsync(string runId, long after, int limit, CancellationToken cancellationToken) =>
        eraser.EraseEventsAsync(runId, after, limit, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> HasCopyAsync(string runId, CancellationToken cancellationToken) => eraser.HasCopyAsync(runId, cancellationToken);

    /// <inheritdoc/>
    public Task EraseRunAsync(ErasedRun run, RunSummary summary, CancellationToken cancellationToken) =>
        eraser.EraseRunAsync(ErasureMapping.ToRow(run), summary, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ScrubAsync(CancellationToken cancellationToken) => eraser.ScrubAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task PostponeAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        var at = UnixMicroseconds.From(until);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.WriteAsync(
            token => db.ErasureRequests
                .Where(row => row.ErasedAt != null && row.FinishedAt == null && row.NextAt < at)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.NextAt, at), token),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task MakeDueAsync(string erasureId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var at = UnixMicroseconds.From(now);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.WriteAsync(
            async token =>
            {
                await db.ErasedResponses
                    .Where(row => row.ForgettingId == erasureId && row.NextAt > at)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.NextAt, at), token);
                return await db.ErasureRequests
                    .Where(row => row.Id == erasureId && row.FinishedAt == null)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.NextAt, at), token);
            },
            cancellationToken);
    }

    private static IQueryable<ErasureRequestRow> Newest(CopilotDbContext db, string sessionId) =>
        db.ErasureRequests.AsNoTracking().Where(row => row.SessionId == sessionId).OrderByDescending(row => row.Id);

    private async Task UpdateAsync<T>(T row, CancellationToken cancellationToken)
        where T : class
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Update(row);
        await db.SaveChangesAsync(cancellationToken);
    }
}
