using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Supervision;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Supervision.Claims;

/// <summary>The rows behind <see cref="RunClaims"/>.</summary>
internal sealed class RunClaimRows(IDbContextFactory<CopilotDbContext> contexts, TimeProvider time)
{
    private static readonly string[] s_terminal = [.. Enum.GetValues<RunStatus>().Where(status => status.IsTerminal()).Select(status => status.ToWire())];

    /// <summary>The claims that have not ended.</summary>
    /// <returns>Each with whether its run is over, or so old that the wall does not show it: nobody would report its end.</returns>
    public async Task<IReadOnlyList<(RunClaimRow Row, bool IsOver)>> OpenAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.RunClaims.AsNoTracking().Where(row => row.EndedAt == null).ToListAsync(cancellationToken);
        if (rows.Count == 0)
        {
            return [];
        }

        var ids = rows.Select(row => row.RunId).ToArray();
        var runs = await db.Runs.AsNoTracking()
            .Where(run => ids.Contains(run.Id))
            .Select(run => new { run.Id, run.Status, run.LastEventAt })
            .ToDictionaryAsync(run => run.Id, cancellationToken);
        var oldest = UnixMicroseconds.From(time.GetUtcNow() - LiveRows.InterruptedLifetime);
        return
        [
            .. rows.Select(row => (row, !runs.TryGetValue(row.RunId, out var run) || s_terminal.Contains(run.Status)
                || (run.Status == RunStatus.Interrupted.ToWire() && run.LastEventAt <= oldest))),
        ];
    }

    /// <summary>Saves that a person takes a run into their care.</summary>
    public async Task<RunClaimRow> AddAsync(SupervisorScope scope, string runId, RunOwner owner, CancellationToken cancellationToken)
    {
        var row = new RunClaimRow
        {
            Id = RunIds.New("clm_", time),
            RunId = runId,
            UserId = owner.UserId,
            TeamId = owner.TeamId,
            ClaimedBy = scope.UserId,
            ClaimedByName = scope.Name,
            ClaimedAt = UnixMicroseconds.From(time.GetUtcNow()),
        };
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.RunClaims.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        return row;
    }

    /// <summary>Saves that nobody has a run in their care any more.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="because">A <see cref="ClaimEnd"/>.</param>
    /// <param name="cancellationToken">Stops it before the commit.</param>
    public async Task EndAsync(string runId, string because, CancellationToken cancellationToken)
    {
        var now = UnixMicroseconds.From(time.GetUtcNow());
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.WriteAsync(
            token => db.RunClaims.Where(row => row.RunId == runId && row.EndedAt == null).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.EndedAt, now).SetProperty(row => row.EndedBecause, because), token),
            cancellationToken);
    }
}
