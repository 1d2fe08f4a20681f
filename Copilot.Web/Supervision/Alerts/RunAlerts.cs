using System.Collections.Immutable;
using Copilot.Domain.Concurrency;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Runs;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Supervision;
using Copilot.Web.Supervision.Claims;
using Copilot.Web.Supervision.Help;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Supervision.Alerts;

/// <summary>
/// The alerts: one per run and kind of sign, raised once, cleared when the sign goes, and in between somebody's. One that a rule raised
/// tells of a moment, so that it waits for somebody even when the run is over. The table is the truth; the open ones are also in memory.
/// Who claims an alert takes the run into their care, as on the wall.
/// </summary>
internal sealed partial class RunAlerts(
    IDbContextFactory<CopilotDbContext> contexts,
    SupervisorAccess access,
    RunClaims claims,
    HelpRequests help,
    AlertReports reports,
    IOptions<AlertOptions> options,
    TimeProvider time,
    ILogger<RunAlerts> logger) : IDisposable
{
    /// <summary>The longest time an alert can be snoozed.</summary>
    public static readonly TimeSpan LongestSnooze = TimeSpan.FromHours(24);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly AsyncSignal _changed = new();
    private volatile ImmutableDictionary<(string RunId, string Kind, string RuleId), Alert> _open = ImmutableDictionary<(string, string, string), Alert>.Empty;
    private DateTimeOffset _applied;

    /// <summary>Completes at the next change. Take it before reading.</summary>
    public Task Changed => _changed.Next;

    /// <summary>The open alerts, in no particular order.</summary>
    public IEnumerable<Alert> Open => _open.Values;

    /// <summary>When time alone changes something: an alert escalates, or a snooze ends. Null where nothing is due.</summary>
    public DateTimeOffset? NextAt(DateTimeOffset now) => _open.Values
        .SelectMany(alert => (DateTimeOffset?[])
        [
            alert.SnoozedUntil > now ? alert.SnoozedUntil : null,
            alert.EscalatedAt is null && alert.Owner is null && alert.AcknowledgedBy is null ? EscalatesAt(alert) : null,
        ])
        .Where(at => at > now)
        .Min();

    /// <summary>Reads the open alerts; once, before anything else.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Alerts.AsNoTracking().Where(row => row.ClearedAt == null).ToListAsync(cancellationToken);
        foreach (var alert in rows.Select(AlertRows.Read))
        {
            _open = _open.SetItem(KeyOf(alert), alert);
        }

        _changed.Set();
    }

    /// <summary>
    /// Brings the alerts up to date with the signs that stand: raises new ones, clears those that went, notes who has claimed a run
    /// meanwhile, and escalates what nobody has claimed in time. One commit for all, and none where nothing is different.
    /// </summary>
    /// <param name="signs">Every sign that stands.</param>
    /// <param name="clears">False right after a start, while not all runs are known again.</param>
    /// <param name="cancellationToken">Stops it before the commit.</param>
    public async Task ApplyAsync(IReadOnlyCollection<AlertSign> signs, bool clears, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var standing = signs.GroupBy(sign => (sign.RunId, sign.Kind, sign.RuleId)).ToDictionary(group => group.Key, group => group.First());
            var now = time.GetUtcNow();
            var next = standing.Where(pair => !_open.ContainsKey(pair.Key)).Select(pair => (Alert: New(pair.Value, now), Type: (string?)"raised"))
                .Concat(_open.Select(pair => Update(pair.Value, standing.GetValueOrDefault(pair.Key), clears, now)).OfType<(Alert, string?)>())
                .ToList();
            if (next.Count > 0)
            {
                await CommitAsync(next, by: null, cancellationToken);
            }
            else if (_open.Values.Any(alert => alert.SnoozedUntil > _applied && alert.SnoozedUntil <= now))
            {
                // A snooze has ended: pages show the alert again.
                _changed.Set();
            }

            _applied = now;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Claims an alert, and with it the run; one about a request for help accepts that. The first one counts; who comes later is told who
    /// that was.
    /// </summary>
    public Task<CommandResult> ClaimAsync(string userId, string alertId, CancellationToken cancellationToken) =>
        _open.Values.FirstOrDefault(alert => alert.Id == alertId) is { Kind: AlertEngine.HelpRequested } asked && help.Find(asked.RunId) is { } request
            ? help.AcceptAsync(userId, request.Id, cancellationToken)
            : ClaimRunAsync(userId, alertId, cancellationToken);

    /// <summary>Gives an alert, and with it the run, out of one's care.</summary>
    public Task<CommandResult> ReleaseAsync(string userId, string alertId, CancellationToken cancellationToken) => ChangeAsync(
        userId,
        alertId,
        async (alert, scope) =>
        {
            await claims.ReleaseAsync(scope.UserId, alert.RunId, cancellationToken);
            return alert.Owner is { } owner && owner.UserId != scope.UserId
                ? (alert, RunClaimsText.ClaimedBy(owner.Name))
                : (alert with { Owner = null }, null);
        },
        type: null,
        cancellationToken);

    /// <summary>Snoozes an alert for a time, up to <see cref="LongestSnooze"/>.</summary>
    public Task<CommandResult> SnoozeAsync(string userId, string alertId, TimeSpan length, CancellationToken cancellationToken) =>
        length < TimeSpan.FromMinutes(1) || length > LongestSnooze
            ? Task.FromResult(CommandResult.Refused(RefusalCode.Invalid, RunAlertsText.SnoozeTooLong, "until"))
            : ChangeAsync(userId, alertId, (alert, scope) => Task.FromResult<(Alert, string?)>((alert with { SnoozedUntil = time.GetUtcNow() + length, SnoozedBy = scope.UserId }, null)), type: null, cancellationToken);

    /// <summary>Notes that somebody has seen an alert and leaves it at that.</summary>
    public Task<CommandResult> AcknowledgeAsync(string userId, string alertId, CancellationToken cancellationToken) => ChangeAsync(
        userId,
        alertId,
        (alert, scope) => Task.FromResult<(Alert, string?)>((
            alert.AcknowledgedBy is null ? alert with { AcknowledgedBy = scope.Name, AcknowledgedAt = time.GetUtcNow() } : alert, null)),
        "acknowledged",
        cancellationToken);

    /// <summary>The alerts that a supervisor sees: those that wait first, then by their age. Null for who is none.</summary>
    public async Task<IReadOnlyList<AlertEntry>?> ReadAsync(string userId, CancellationToken cancellationToken)
    {
        if (await access.FindAsync(userId, cancellationToken) is not { } scope)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var alerts = _open.Values.Where(alert => scope.Holds(alert.Of))
            .OrderByDescending(alert => alert.IsWaiting(now)).ThenByDescending(alert => alert.EscalatedAt is not null).ThenBy(alert => alert.RaisedAt)
            .ToList();
        var ids = alerts.SelectMany(alert => (string?[])[alert.Of.UserId, alert.SnoozedBy]).OfType<string>().Distinct().ToArray();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var names = await db.Users.AsNoTracking().Where(user => ids.Contains(user.Id)).ToDictionaryAsync(user => user.Id, user => user.DisplayName, cancellationToken);
        return [.. alerts.Select(alert => AlertEntry.Of(alert, names))];
    }

    /// <summary>How many wait for somebody, and the newest of them.</summary>
    /// <param name="teamId">The team; null for all.</param>
    public (int Count, Alert? Newest) Waiting(string? teamId)
    {
        var now = time.GetUtcNow();
        var waiting = _open.Values.Where(alert => alert.IsWaiting(now) && (teamId is null || alert.Of.TeamId == teamId)).ToList();
        return (waiting.Count, waiting.MaxBy(alert => alert.EscalatedAt ?? alert.RaisedAt));
    }

    public void Dispose() => _turn.Dispose();

    private Task<CommandResult> ClaimRunAsync(string userId, string alertId, CancellationToken cancellationToken) => ChangeAsync(
        userId,
        alertId,
        async (alert, scope) => await claims.ClaimAsync(scope, alert.RunId, alert.Of, cancellationToken) is var standing && standing.UserId == scope.UserId
            ? (alert with { Owner = standing, SnoozedUntil = null, SnoozedBy = null }, null)
            : (alert, RunClaimsText.ClaimedBy(standing.Name)),
        "claimed",
        cancellationToken);

    private static (string RunId, string Kind, string RuleId) KeyOf(Alert alert) => (alert.RunId, alert.Kind, alert.RuleId);

    private Alert New(AlertSign sign, DateTimeOffset now) => new()
    {
        Id = RunIds.New("alr_", time),
        RunId = sign.RunId,
        SessionId = sign.SessionId,
        Of = sign.Of,
        Kind = sign.Kind,
        Tool = sign.Tool,
        RuleId = sign.RuleId,
        RuleName = sign.RuleName,
        Seq = sign.Seq,
        Firings = sign.Firings,
        RaisedAt = now,
        Owner = sign.Claim,
    };

    private DateTimeOffset EscalatesAt(Alert alert) => (alert.SnoozedUntil ?? alert.RaisedAt) + options.Value.EscalateAfter;

    private (Alert Alert, string? Type)? Update(Alert alert, AlertSign? sign, bool clears, DateTimeOffset now)
    {
        if (sign is null)
        {
            return clears && (alert.RuleId.Length == 0 || alert.AcknowledgedBy is not null || alert.Owner is not null)
                ? (alert with { ClearedAt = now }, "cleared")
                : null;
        }

        if (sign.Firings > alert.Firings)
        {
            // What somebody has seen was not this one: it is over, and the next look raises it again.
            return alert.AcknowledgedBy is not null
                ? (alert with { ClearedAt = now }, "cleared")
                : (alert with { Firings = sign.Firings, Seq = sign.Seq }, null);
        }

        if (sign.Claim is { } claim && alert.Owner is null)
        {
            return (alert with { Owner = claim, SnoozedUntil = null, SnoozedBy = null }, "claimed");
        }

        if (sign.Claim is null && alert.Owner is not null)
        {
            return (alert with { Owner = null }, "released");
        }

        return alert.EscalatedAt is null && alert.IsWaiting(now) && EscalatesAt(alert) <= now ? (alert with { EscalatedAt = now }, "escalated") : null;
    }

    private async Task<CommandResult> ChangeAsync(
        string userId, string alertId, Func<Alert, SupervisorScope, Task<(Alert Alert, string? Problem)>> change, string? type, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var alert = _open.Values.FirstOrDefault(one => one.Id == alertId);
            if (await access.FindAsync(userId, cancellationToken) is not { } scope || (alert is not null && !scope.Holds(alert.Of)))
            {
                return CommandResult.Refused(RefusalCode.NotFound, RunAlertsText.Gone);
            }

            if (alert is null)
            {
                return CommandResult.Refused(RefusalCode.Conflict, RunAlertsText.Cleared);
            }

            var (changed, problem) = await change(alert, scope);
            if (problem is not null)
            {
                return CommandResult.Refused(RefusalCode.Conflict, problem);
            }

            if (changed != alert)
            {
                await CommitAsync([(changed, type)], scope, cancellationToken);
            }

            return CommandResult.Done;
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotSaved(exception);
            return CommandResult.Refused(RefusalCode.StorageUnavailable, RunCommandText.CommandNotSaved);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task CommitAsync(IReadOnlyList<(Alert Alert, string? Type)> next, SupervisorScope? by, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var known = next.Select(one => one.Alert.Id).ToArray();
        var rows = await db.Alerts.Where(row => known.Contains(row.Id)).ToDictionaryAsync(row => row.Id, cancellationToken);
        foreach (var (alert, type) in next)
        {
            if (!rows.TryGetValue(alert.Id, out var row))
            {
                row = AlertRows.New(alert);
                db.Alerts.Add(row);
            }

            AlertRows.Write(row, alert, by);
            if (type is not null)
            {
                reports.Add(db, row, type);
            }
        }

        await db.SaveChangesAsync(cancellationToken);
        foreach (var (alert, _) in next)
        {
            _open = alert.ClearedAt is null ? _open.SetItem(KeyOf(alert), alert) : _open.Remove(KeyOf(alert));
        }

        _changed.Set();
        reports.Report();
    }

    [LoggerMessage(LogLevel.Warning, "An alert was not changed: storage is unavailable")]
    private partial void LogNotSaved(Exception exception);
}
