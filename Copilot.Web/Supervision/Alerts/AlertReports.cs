using System.Globalization;
using System.Text.Json;
using Copilot.Domain.Concurrency;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Supervision;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Supervision.Alerts;

/// <summary>
/// What the addresses of the settings are to be told of alerts: saved in the transaction of the change itself, so that neither a restart
/// nor an address that does not answer loses anything.
/// </summary>
internal sealed class AlertReports(IDbContextFactory<CopilotDbContext> contexts, IOptions<AlertOptions> options, TimeProvider time, Random random)
{
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromHours(1);

    private readonly AsyncSignal _due = new();

    /// <summary>Completes when something new is to be told. Take it before reading.</summary>
    public Task Changed => _due.Next;

    /// <summary>Tells who sends that there is something new, once it is committed.</summary>
    public void Report() => _due.Set();

    /// <summary>Adds the reports of a change to what this context will save.</summary>
    /// <param name="db">The context that makes the change.</param>
    /// <param name="row">The alert as it is from now on.</param>
    /// <param name="type">What happened: <c>raised</c>, <c>claimed</c>, <c>escalated</c>, <c>cleared</c>.</param>
    public void Add(CopilotDbContext db, AlertRow row, string type)
    {
        if (options.Value.Webhooks.Count == 0)
        {
            return;
        }

        var now = time.GetUtcNow();
        var body = JsonSerializer.Serialize(new
        {
            type = "alert." + type,
            timestamp = Text(now),
            alert = new
            {
                id = row.Id,
                run_id = row.RunId,
                session_id = row.SessionId,
                user_id = row.UserId,
                team_id = row.TeamId,
                kind = row.Kind,
                tool = row.Tool,
                rule_id = row.RuleId.Length == 0 ? null : row.RuleId,
                seq = row.Seq,
                raised_at = Text(UnixMicroseconds.ToTime(row.RaisedAt)),
                claimed_by = row.OwnerId,
                escalated_at = Text(row.EscalatedAt),
                cleared_at = Text(row.ClearedAt),
            },
        });
        foreach (var (webhook, index) in options.Value.Webhooks.Select((webhook, index) => (webhook, index)))
        {
            if (webhook.Kinds.Count == 0 || webhook.Kinds.Contains(row.Kind))
            {
                db.AlertReports.Add(new AlertReportRow
                {
                    Id = string.Create(CultureInfo.InvariantCulture, $"{row.Id}_{type}_{index}"),
                    AlertId = row.Id,
                    Url = webhook.Url!.ToString(),
                    Body = body,
                    NextAt = UnixMicroseconds.From(now),
                });
            }
        }
    }

    /// <summary>The reports that are due, the earliest first.</summary>
    public async Task<IReadOnlyList<AlertReportRow>> ReadDueAsync(int limit, CancellationToken cancellationToken)
    {
        var now = UnixMicroseconds.From(time.GetUtcNow());
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.AlertReports.AsNoTracking().Where(row => row.NextAt <= now).OrderBy(row => row.NextAt).Take(limit).ToListAsync(cancellationToken);
    }

    /// <summary>When the next report is due, or null.</summary>
    public async Task<DateTimeOffset?> NextAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.AlertReports.AsNoTracking().MinAsync(row => (long?)row.NextAt, cancellationToken) is { } next ? UnixMicroseconds.ToTime(next) : null;
    }

    /// <summary>Notes how a try went; a failed one is repeated until <see cref="AlertOptions.MaxAttempts"/>. True when there is no further try.</summary>
    public async Task<bool> SettleAsync(AlertReportRow row, bool delivered, CancellationToken cancellationToken)
    {
        var attempts = row.Attempts + 1;
        var isOver = delivered || attempts >= options.Value.MaxAttempts;
        var next = UnixMicroseconds.From(time.GetUtcNow() + Backoff.HalfJitter(options.Value.RetryDelay, s_longestDelay, random).After(row.Attempts));
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var one = db.AlertReports.Where(report => report.Id == row.Id);
        await db.WriteAsync(
            token => isOver
                ? one.ExecuteDeleteAsync(token)
                : one.ExecuteUpdateAsync(set => set.SetProperty(report => report.Attempts, attempts).SetProperty(report => report.NextAt, next), token),
            cancellationToken);
        return isOver;
    }

    private static string? Text(long? microseconds) => microseconds is { } at ? Text(UnixMicroseconds.ToTime(at)) : null;

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
