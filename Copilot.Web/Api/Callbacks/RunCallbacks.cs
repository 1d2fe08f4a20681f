using System.Globalization;
using Copilot.Domain.Concurrency;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Options;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Api.Callbacks;

/// <summary>
/// Whom to tell of which run, saved, so that a restart forgets nobody. One delivery per run is open at most: what is told is the run as it
/// is when it is told.
/// </summary>
internal sealed class RunCallbacks(
    IDbContextFactory<CopilotDbContext> contexts, IRunEventStore store, IOptions<CallbackOptions> options, TimeProvider time, Random random)
{
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromHours(1);

    private readonly AsyncSignal _due = new();

    /// <summary>Whether runs may have callbacks.</summary>
    public bool AreOffered => options.Value.Secret is { Length: > 0 };

    /// <summary>Completes when something new is to be told. Take it before reading.</summary>
    public Task Changed => _due.Next;

    /// <summary>Saves where a run is reported to. The first address counts; a repeated request changes nothing.</summary>
    public async Task AddAsync(string runId, string url, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.WriteAsync(
            token => db.Database.ExecuteSqlAsync($"INSERT OR IGNORE INTO run_callbacks (run_id, url, attempts) VALUES ({runId}, {url}, 0)", token),
            cancellationToken);

        // It may have been quicker than this row.
        if (await store.FindAsync(runId, cancellationToken) is { } run && IsReported(run.Status))
        {
            await ReportAsync(run, cancellationToken);
        }
    }

    /// <summary>Whether callers are told of a run that is in this state.</summary>
    public static bool IsReported(RunStatus status) => status is RunStatus.Waiting || status.IsSettled();

    /// <summary>Notes that a run waits or has settled, if somebody is to be told and was not told the same of it.</summary>
    public async Task ReportAsync(RunSummary run, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);

        // The run's position: two waits of one run are two deliveries, the same wait seen twice is one.
        var delivery = $"{run.RunId}_{run.Status.ToWire()}_{PositionOf(run)}";
        if (!await db.RunCallbacks.AsNoTracking().AnyAsync(row => row.RunId == run.RunId && row.DeliveryId != delivery, cancellationToken))
        {
            return;
        }

        var now = UnixMicroseconds.From(time.GetUtcNow());
        await db.WriteAsync(
            token => db.RunCallbacks
                .Where(row => row.RunId == run.RunId && row.DeliveryId != delivery)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(row => row.DeliveryId, delivery).SetProperty(row => row.Status, run.Status.ToWire())
                        .SetProperty(row => row.Attempts, 0).SetProperty(row => row.NextAt, now),
                    token),
            cancellationToken);
        _due.Set();
    }

    /// <summary>Notes what a process that ended in between has not: runs that are over and were not told of.</summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        string[] over = [RunStatus.Completed.ToWire(), RunStatus.Failed.ToWire(), RunStatus.Cancelled.ToWire()];
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var missed = await db.RunCallbacks.AsNoTracking()
            .Where(row => db.Runs.Any(run => run.Id == row.RunId && over.Contains(run.Status) && run.Status != row.Status))
            .Select(row => row.RunId)
            .ToListAsync(cancellationToken);
        foreach (var runId in missed)
        {
            if (await store.FindAsync(runId, cancellationToken) is { } run)
            {
                await ReportAsync(run, cancellationToken);
            }
        }
    }

    /// <summary>The deliveries that are due, the earliest first.</summary>
    public async Task<IReadOnlyList<RunCallbackRow>> ReadDueAsync(int limit, CancellationToken cancellationToken)
    {
        var now = UnixMicroseconds.From(time.GetUtcNow());
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.RunCallbacks.AsNoTracking()
            .Where(row => row.NextAt != null && row.NextAt <= now)
            .OrderBy(row => row.NextAt)
            .Take(limit)
            .ToListAsync(cancellationToken);
    }

    /// <summary>When the next delivery is due, or null.</summary>
    public async Task<DateTimeOffset?> NextAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.RunCallbacks.AsNoTracking().MinAsync(row => row.NextAt, cancellationToken) is { } next ? UnixMicroseconds.ToTime(next) : null;
    }

    /// <summary>Notes how a try went; a failed one is repeated until <see cref="CallbackOptions.MaxAttempts"/>. True when there is no further try.</summary>
    public async Task<bool> SettleAsync(RunCallbackRow row, bool delivered, CancellationToken cancellationToken)
    {
        var attempts = row.Attempts + 1;
        var isOver = delivered || attempts >= options.Value.MaxAttempts;
        long? next = isOver
            ? null
            : UnixMicroseconds.From(time.GetUtcNow() + Backoff.HalfJitter(options.Value.RetryDelay, s_longestDelay, random).After(row.Attempts));
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.WriteAsync(
            token => db.RunCallbacks
                // What happened meanwhile has a delivery of its own.
                .Where(one => one.RunId == row.RunId && one.DeliveryId == row.DeliveryId)
                .ExecuteUpdateAsync(set => set.SetProperty(one => one.Attempts, attempts).SetProperty(one => one.NextAt, next), token),
            cancellationToken);
        return isOver;
    }

    private static string PositionOf(RunSummary run) => run.Status switch
    {
        RunStatus.Waiting => WaitOf(run),
        // It may be resumed, and interrupted again.
        RunStatus.Interrupted => string.Create(CultureInfo.InvariantCulture, $"{run.HeadSeq}"),
        _ => "",
    };

    private static string WaitOf(RunSummary run) =>
        string.Join('-', [.. run.PendingApprovals.Select(approval => approval.CallId), .. run.PendingQuestions.Select(question => question.CallId)])
            is { Length: > 0 } calls ? calls
        : (run.TakeOver ?? run.Pause) is { } held ? string.Create(CultureInfo.InvariantCulture, $"{held.Seq}")
        : $"{run.Budget?.LimitMicros}";
}
