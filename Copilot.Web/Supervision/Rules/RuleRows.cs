using Copilot.Domain.Runs.Summaries.Supervision;
using Copilot.Domain.Supervision.Rules;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Supervision;

namespace Copilot.Web.Supervision.Rules;

/// <summary>A rule as a row of the table, and back; whose row it is.</summary>
internal static class RuleRows
{
    /// <summary>A rule as it is stored; null for what a newer version has stored.</summary>
    public static SupervisionRule? Read(SupervisionRuleRow row) =>
        RuleJson.Read(row.Condition) is { } condition && RuleJson.ParseEffect(row.Effect) is { } effect && RuleCheck.Of(condition, effect) is null
            ? new SupervisionRule(row.Id, row.Revision, row.Name, condition, effect) { TeamId = row.TeamId, Agent = row.Agent }
            : null;

    /// <summary>A rule as its list shows it to a reader; null for what a newer version has stored.</summary>
    public static Rule? Read(SupervisionRuleRow row, SupervisorScope scope) => Read(row) is { } rule
        ? new Rule(rule, row.IsOn, row.CreatedByName, UnixMicroseconds.ToTime(row.CreatedAt))
        {
            ChangedBy = row.ChangedByName,
            ChangedAt = Time(row.ChangedAt),
            FiredAt = Time(row.FiredAt),
            FiredRunId = row.FiredRunId,
            FiredSeq = row.FiredSeq,
            UndecidedAt = Time(row.UndecidedAt),
            UndecidedRunId = row.UndecidedRunId,
            UndecidedSeq = row.UndecidedSeq,
            IsTheirs = IsTheirs(scope, row),
        }
        : null;

    /// <summary>Whether a supervisor sees it: rules for all teams are shown to all who are bound by them.</summary>
    public static bool IsSeen(SupervisorScope scope, SupervisionRuleRow row) => scope.TeamId is null || row.TeamId is null || row.TeamId == scope.TeamId;

    /// <summary>Whether a supervisor may change it.</summary>
    public static bool IsTheirs(SupervisorScope scope, SupervisionRuleRow row) => scope.TeamId is null || row.TeamId == scope.TeamId;

    /// <summary>The row of a new rule.</summary>
    public static SupervisionRuleRow New(SupervisionRule rule, bool isOn, ChangedBy by, DateTimeOffset now) => new()
    {
        Id = rule.Id,
        Revision = rule.Revision,
        Name = rule.Name,
        TeamId = rule.TeamId,
        Agent = rule.Agent,
        Condition = RuleJson.Write(rule.Condition),
        Effect = RuleJson.ToWire(rule.Effect),
        IsOn = isOn,
        CreatedBy = by.UserId ?? "",
        CreatedByName = by.Name,
        CreatedAt = UnixMicroseconds.From(now),
    };

    /// <summary>Makes a row the next revision.</summary>
    public static void Write(SupervisionRuleRow row, SupervisionRule rule, bool isOn)
    {
        (row.Name, row.TeamId, row.Agent, row.IsOn) = (rule.Name, rule.TeamId, rule.Agent, isOn);
        (row.Condition, row.Effect, row.Revision) = (RuleJson.Write(rule.Condition), RuleJson.ToWire(rule.Effect), row.Revision + 1);

        // What took too long may be quick now.
        (row.UndecidedAt, row.UndecidedRunId, row.UndecidedSeq) = (null, null, null);
    }

    /// <summary>Writes when the rule fired last, and when its expression took too long, unless the row has something newer.</summary>
    /// <param name="row">The row.</param>
    /// <param name="fired">Firings of this rule, in any order; at least one.</param>
    public static void WriteFirings(SupervisionRuleRow row, IReadOnlyCollection<(string RunId, RuleFiring Firing)> fired)
    {
        var (runId, newest) = fired.MaxBy(one => one.Firing.At);
        if (UnixMicroseconds.From(newest.At) is var at && !(row.FiredAt >= at))
        {
            (row.FiredAt, row.FiredRunId, row.FiredSeq) = (at, runId, newest.About);
        }

        // Of a version before, nobody needs to know it any more.
        foreach (var (slowRunId, slow) in fired.Where(one => one.Firing.Revision == row.Revision))
        {
            if (slow.UndecidedAt is { } since && UnixMicroseconds.From(since) is var undecidedAt && !(row.UndecidedAt >= undecidedAt))
            {
                (row.UndecidedAt, row.UndecidedRunId, row.UndecidedSeq) = (undecidedAt, slowRunId, slow.UndecidedAbout);
            }
        }
    }

    private static DateTimeOffset? Time(long? microseconds) => microseconds is { } at ? UnixMicroseconds.ToTime(at) : null;
}
