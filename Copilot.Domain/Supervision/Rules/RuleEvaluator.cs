using System.Text.RegularExpressions;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Supervision.Rules;

/// <summary>
/// A rule, ready to be asked: one evaluation for runs that work and for those of the past. Pure, apart from the time limit of its regular
/// expression.
/// </summary>
public sealed class RuleEvaluator
{
    private readonly RuleCondition _condition;
    private readonly Predicate<string>? _matches;
    private readonly double? _number;

    /// <summary>Prepares a rule that <see cref="RuleCheck"/> has nothing against.</summary>
    public RuleEvaluator(SupervisionRule rule)
        : this(rule, RulePattern.Matcher)
    {
    }

    /// <summary>Prepares a rule whose regular expression is matched in another way than the product's.</summary>
    public RuleEvaluator(SupervisionRule rule, RuleMatcher matcher)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(matcher);
        Rule = rule;
        _condition = rule.Condition;
        _matches = _condition.Comparison is RuleComparison.Matches ? matcher(_condition.Value ?? "") : null;
        _number = RuleCheck.Number(_condition.Value);
    }

    /// <summary>The rule.</summary>
    public SupervisionRule Rule { get; }

    /// <summary>
    /// Whether the rule fires at a moment. One that wants an approval fires at each call for which its condition holds; others when their
    /// condition comes to hold.
    /// </summary>
    /// <param name="moment">The moment.</param>
    /// <param name="hasFired">Whether this version of the rule has fired in this run before. What a run has cost counts once.</param>
    public RuleVerdict At(RuleMoment moment, bool hasFired)
    {
        ArgumentNullException.ThrowIfNull(moment);
        var asks = Rule.Effect is RuleEffect.Approval;

        // A call that was made already can be reported, and no longer be held.
        RuleCall[] calls = [.. moment.Calls.Where(call => !asks || !call.IsMade)];
        if (!Rule.Covers(moment.Run) || (asks && calls.Length == 0))
        {
            return RuleVerdict.No;
        }

        var verdict = At(moment, calls, asks, hasFired);
        return verdict is { IsMet: true, CallId: null } && calls is [var first, ..] ? verdict with { CallId = first.CallId } : verdict;
    }

    /// <summary>When a run that works has been silent for long enough, if nothing happens until then (UTC); null where the rule is not about that.</summary>
    public DateTimeOffset? SilentAt(RunSummary run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return _condition is { Kind: RuleConditionKind.Silence, Seconds: { } seconds }
            && run is { Status: RunStatus.Running, Pause: null, TakeOver: null } && Rule.Covers(run)
                ? run.LastEventAt + TimeSpan.FromSeconds(seconds)
                : null;
    }

    private RuleVerdict At(RuleMoment moment, RuleCall[] calls, bool asks, bool hasFired)
    {
        try
        {
            return _condition.Kind switch
            {
                RuleConditionKind.ToolCalled => AtCalls(calls, call => RuleVerdict.Met(RuleSentences.Called(call.Tool))),
                RuleConditionKind.Argument => AtCalls(calls, AtArguments),
                RuleConditionKind.Text => AtText(moment, asks),
                RuleConditionKind.Cost when asks || !hasFired => AtCost(moment.Run.CostSoFar),
                RuleConditionKind.Silence when IsSilent(moment.Silence) => RuleVerdict.Met(RuleSentences.Silent(moment.Silence)),
                RuleConditionKind.Repetition => AtCalls(
                    calls, call => call.Times >= _condition.Times ? RuleVerdict.Met(RuleSentences.Repeated(call.Tool, call.Times)) : RuleVerdict.No),
                _ => RuleVerdict.No,
            };
        }
        catch (RegexMatchTimeoutException)
        {
            return new RuleVerdict(IsMet: true, RuleSentences.Undecided) { IsUndecided = true };
        }
    }

    private RuleVerdict AtCalls(RuleCall[] calls, Func<RuleCall, RuleVerdict> at)
    {
        foreach (var call in calls)
        {
            if (IsTool(call) && at(call) is { IsMet: true } verdict)
            {
                return verdict with { CallId = call.CallId };
            }
        }

        return RuleVerdict.No;
    }

    private bool IsTool(RuleCall call) => string.IsNullOrEmpty(_condition.Tool) || _condition.Tool == call.Tool;

    private bool IsSilent(TimeSpan silence) => _condition.Seconds is { } seconds && silence >= TimeSpan.FromSeconds(seconds);

    private RuleVerdict AtArguments(RuleCall call)
    {
        var name = string.IsNullOrWhiteSpace(_condition.Argument) ? null : _condition.Argument;
        return RuleArguments.ValuesOf(call.Arguments, name).Any(IsMetBy)
            ? RuleVerdict.Met(RuleSentences.Compared(RuleSentences.ArgumentName(name, call.Tool), _condition.Comparison, _condition.Value ?? ""))
            : RuleVerdict.No;
    }

    private RuleVerdict AtText(RuleMoment moment, bool asks)
    {
        var agent = _condition.Speaker is not RuleSpeaker.Person
            && (asks ? IsMetBy(moment.Run.OutputText) : moment.AgentTextBefore is { } before && IsMetBy(moment.Run.OutputText) && !IsMetBy(before));
        var person = !agent && _condition.Speaker is not RuleSpeaker.Agent && (asks || moment.PersonSpeaks) && IsMetBy(moment.Run.Vitals.PersonText);
        return agent || person
            ? RuleVerdict.Met(RuleSentences.Compared(RuleSentences.SpeakerName(agent), _condition.Comparison, _condition.Value ?? ""))
            : RuleVerdict.No;
    }

    private RuleVerdict AtCost(RunCost cost) => cost.Micros > _condition.Micros
        ? RuleVerdict.Met(RuleSentences.Costs(cost.Micros, _condition.Micros.Value, cost.Currency))
        : RuleVerdict.No;

    private bool IsMetBy(string value) => _condition.Comparison switch
    {
        RuleComparison.Contains => value.Contains(_condition.Value ?? "", StringComparison.OrdinalIgnoreCase),
        RuleComparison.EqualTo => (_number is { } wanted && RuleCheck.Number(value) == wanted)
            || string.Equals(value.Trim(), _condition.Value?.Trim(), StringComparison.OrdinalIgnoreCase),
        RuleComparison.Above => RuleCheck.Number(value) > _number,
        _ => _matches?.Invoke(value) is true,
    };
}
