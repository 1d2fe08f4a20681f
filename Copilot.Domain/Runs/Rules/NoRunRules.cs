using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs.Rules;

/// <summary>No rule is in force: where nobody can write one.</summary>
internal sealed class NoRunRules : IRunRules
{
    /// <inheritdoc/>
    public IReadOnlyList<RuleHit> Evaluate(RunSummary? before, RunSummary after, RunEvent newest) => [];

    /// <inheritdoc/>
    public bool IsInForce(string ruleId) => false;
}
