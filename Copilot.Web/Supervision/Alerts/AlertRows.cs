using Copilot.Domain.Runs.Events;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Supervision;

namespace Copilot.Web.Supervision.Alerts;

/// <summary>An <see cref="Alert"/> as a row of the table, and back.</summary>
internal static class AlertRows
{
    /// <summary>An alert as it is stored.</summary>
    public static Alert Read(AlertRow row) => new()
    {
        Id = row.Id,
        RunId = row.RunId,
        SessionId = row.SessionId,
        Of = new RunOwner(row.UserId, row.TeamId),
        Kind = row.Kind,
        Tool = row.Tool,
        RuleId = row.RuleId,
        RuleName = row.RuleName,
        Seq = row.Seq,
        Firings = row.Firings,
        RaisedAt = UnixMicroseconds.ToTime(row.RaisedAt),
        ClearedAt = Time(row.ClearedAt),
        Owner = row is { OwnerId: { } owner, OwnedAt: { } since } ? new RunClaim(owner, row.OwnerName ?? owner, UnixMicroseconds.ToTime(since)) : null,
        SnoozedUntil = Time(row.SnoozedUntil),
        SnoozedBy = row.SnoozedBy,
        AcknowledgedBy = row.AcknowledgedByName,
        AcknowledgedAt = Time(row.AcknowledgedAt),
        EscalatedAt = Time(row.EscalatedAt),
    };

    /// <summary>The row of a new alert, with what never changes.</summary>
    public static AlertRow New(Alert alert) => new()
    {
        Id = alert.Id,
        RunId = alert.RunId,
        SessionId = alert.SessionId,
        UserId = alert.Of.UserId,
        TeamId = alert.Of.TeamId,
        Kind = alert.Kind,
        Tool = alert.Tool,
        RuleId = alert.RuleId,
        RuleName = alert.RuleName,
        RaisedAt = UnixMicroseconds.From(alert.RaisedAt),
    };

    /// <summary>Writes what changes of an alert.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="alert">As it is from now on.</param>
    /// <param name="by">Who changes it; null for the product itself.</param>
    public static void Write(AlertRow row, Alert alert, SupervisorScope? by)
    {
        row.ClearedAt = Micros(alert.ClearedAt);
        (row.Seq, row.Firings) = (alert.Seq, alert.Firings);
        (row.OwnerId, row.OwnerName, row.OwnedAt) = (alert.Owner?.UserId, alert.Owner?.Name, Micros(alert.Owner?.At));
        row.EscalatedAt = Micros(alert.EscalatedAt);
        (row.SnoozedUntil, row.SnoozedBy) = (Micros(alert.SnoozedUntil), alert.SnoozedBy);
        if (row.AcknowledgedByName != alert.AcknowledgedBy)
        {
            (row.AcknowledgedBy, row.AcknowledgedByName, row.AcknowledgedAt) = (by?.UserId, alert.AcknowledgedBy, Micros(alert.AcknowledgedAt));
        }
    }

    private static DateTimeOffset? Time(long? microseconds) => microseconds is { } at ? UnixMicroseconds.ToTime(at) : null;

    private static long? Micros(DateTimeOffset? at) => at is { } time ? UnixMicroseconds.From(time) : null;
}
