using Copilot.Domain.Costs;
using Copilot.Web.Api.Runs;
using Copilot.Web.Supervision.Rules;

namespace Copilot.Web.Api.Rules;

/// <summary>A rule, as the API shows it. What does not count for its kind is null.</summary>
internal sealed record RuleDocument(
    string Id,
    long Revision,
    string Name,
    string Kind,
    string Effect,
    string? Tool,
    string? Argument,
    string? Comparison,
    string? Value,
    string? Speaker,
    decimal? Cost,
    int? Seconds,
    int? Times,
    string? TeamId,
    string? Agent,
    bool On,
    string CreatedBy,
    string CreatedAt,
    string? ChangedBy,
    string? ChangedAt,
    RuleFiredDocument? LastFired,
    RuleFiredDocument? LastUndecided)
{
    /// <summary>The document of a rule.</summary>
    public static RuleDocument From(Rule rule)
    {
        var (what, condition) = (rule.What, rule.What.Condition);
        return new(
            what.Id,
            what.Revision,
            what.Name,
            RuleJson.ToWire(condition.Kind),
            RuleJson.ToWire(what.Effect),
            condition.Tool,
            condition.Argument,
            condition.Value is null ? null : RuleJson.ToWire(condition.Comparison),
            condition.Value,
            condition.Kind is Domain.Supervision.Rules.RuleConditionKind.Text ? RuleJson.ToWire(condition.Speaker) : null,
            condition.Micros is { } micros ? Money.ToUnits(micros) : null,
            condition.Seconds,
            condition.Times,
            what.TeamId,
            what.Agent,
            rule.IsOn,
            rule.CreatedBy,
            ApiTime.Format(rule.CreatedAt),
            rule.ChangedBy,
            rule.ChangedAt is { } changed ? ApiTime.Format(changed) : null,
            rule is { FiredAt: { } fired, FiredRunId: { } run, FiredSeq: { } seq } ? new RuleFiredDocument(run, seq, ApiTime.Format(fired)) : null,
            rule is { UndecidedAt: { } undecided, UndecidedRunId: { } slowRun, UndecidedSeq: { } slowSeq }
                ? new RuleFiredDocument(slowRun, slowSeq, ApiTime.Format(undecided))
                : null);
    }
}

/// <summary>When a rule fired last, or its regular expression last took too long.</summary>
/// <param name="RunId">In which run.</param>
/// <param name="Seq">At which of its events.</param>
/// <param name="At">When.</param>
internal sealed record RuleFiredDocument(string RunId, long Seq, string At);

/// <summary>The rules, newest first.</summary>
/// <param name="Rules">The rules.</param>
internal sealed record RuleList(IReadOnlyList<RuleDocument> Rules);

/// <summary>How often a rule would have fired in the last seven days.</summary>
/// <param name="Count">How often.</param>
/// <param name="Runs">In how many runs that was looked for.</param>
/// <param name="Undecided">How often its regular expression took too long; contained in <paramref name="Count"/>.</param>
/// <param name="IsCut">True where there were more runs than are looked at.</param>
/// <param name="Moments">The first hundred moments, those of the newest runs.</param>
internal sealed record RuleTrialDocument(int Count, int Runs, int Undecided, bool IsCut, IReadOnlyList<RuleMomentDocument> Moments)
{
    /// <summary>The document of a trial.</summary>
    public static RuleTrialDocument From(RuleTrialResult found) => new(
        found.Count,
        found.Read,
        found.Undecided,
        found.IsCut,
        [.. found.Moments.Select(moment => new RuleMomentDocument(moment.RunId, moment.Seq, ApiTime.Format(moment.At), moment.Because))]);
}

/// <summary>A moment at which a rule would have fired.</summary>
/// <param name="RunId">In which run.</param>
/// <param name="Seq">At which of its events.</param>
/// <param name="At">When.</param>
/// <param name="Because">What would have met its condition.</param>
internal sealed record RuleMomentDocument(string RunId, long Seq, string At, string Because);
