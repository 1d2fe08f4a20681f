using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs.Rules;

/// <summary>The rules that are in force now, for all runs at once. Asked at each event, from memory; never throws.</summary>
public interface IRunRules
{
    /// <summary>The rules whose condition an event meets.</summary>
    /// <param name="before">The run before it; null for its first.</param>
    /// <param name="after">The run with it.</param>
    /// <param name="newest">The event.</param>
    IReadOnlyList<RuleHit> Evaluate(RunSummary? before, RunSummary after, RunEvent newest);

    /// <summary>Whether a rule that has fired is still in force.</summary>
    /// <param name="ruleId">The rule.</param>
    bool IsInForce(string ruleId);
}
