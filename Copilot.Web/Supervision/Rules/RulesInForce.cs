using System.Collections.Immutable;
using Copilot.Domain.Concurrency;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Rules;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Supervision.Rules;

namespace Copilot.Web.Supervision.Rules;

/// <summary>The rules that are on, in memory: asked by every run at every event. A change counts from the next event on.</summary>
internal sealed partial class RulesInForce(RuleMatcher matcher, ILogger<RulesInForce> logger) : IRunRules
{
    private readonly AsyncSignal _changed = new();
    private volatile Set _set = new([]);

    /// <summary>Rules whose regular expressions have the product's time limit.</summary>
    public RulesInForce(ILogger<RulesInForce> logger)
        : this(RulePattern.Matcher, logger)
    {
    }

    /// <summary>Completes at the next change. Take it before reading.</summary>
    public Task Changed => _changed.Next;

    /// <summary>The rules, each ready to be asked; another list after each change.</summary>
    public IReadOnlyList<RuleEvaluator> Evaluators => _set.Evaluators;

    /// <summary>Puts these rules into force, and no others.</summary>
    public void Replace(IEnumerable<SupervisionRule> rules)
    {
        _set = new Set([.. rules.Select(rule => new RuleEvaluator(rule, matcher))]);
        _changed.Set();
    }

    /// <inheritdoc/>
    public bool IsInForce(string ruleId) => _set.Ids.Contains(ruleId);

    /// <inheritdoc/>
    public IReadOnlyList<RuleHit> Evaluate(RunSummary? before, RunSummary after, RunEvent newest)
    {
        if (_set.Evaluators is not { Count: > 0 } evaluators || RuleMoment.Of(before, after, newest) is not { } moment)
        {
            return [];
        }

        List<RuleHit>? hits = null;
        foreach (var evaluator in evaluators)
        {
            if (TryEvaluate(evaluator, moment) is { } hit)
            {
                (hits ??= []).Add(hit);
            }
        }

        return hits ?? [];
    }

    private RuleHit? TryEvaluate(RuleEvaluator evaluator, RuleMoment moment)
    {
        var rule = evaluator.Rule;
        try
        {
            var hasFired = moment.Run.Vitals.Rules.TryGetValue(rule.Id, out var fired) && fired.Revision == rule.Revision;
            var verdict = evaluator.At(moment, hasFired);
            if (verdict.IsUndecided)
            {
                LogUndecided(rule.Id, moment.Run.RunId);
            }

            return verdict.IsMet ? new RuleHit(rule.Id, rule.Revision, rule.Name, rule.Effect, verdict.Because, verdict.CallId) { IsUndecided = verdict.IsUndecided } : null;
        }
        catch (Exception exception)
        {
            // One rule must neither end a run nor silence the others.
            LogFailed(exception, rule.Id, moment.Run.RunId);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Rule {RuleId} took too long over run {RunId}; it counts as met")]
    private partial void LogUndecided(string ruleId, string runId);

    [LoggerMessage(LogLevel.Error, "Rule {RuleId} could not be evaluated for run {RunId}")]
    private partial void LogFailed(Exception exception, string ruleId, string runId);

    private sealed class Set(IReadOnlyList<RuleEvaluator> evaluators)
    {
        public IReadOnlyList<RuleEvaluator> Evaluators { get; } = evaluators;

        public ImmutableHashSet<string> Ids { get; } = [.. evaluators.Select(evaluator => evaluator.Rule.Id)];
    }
}
