using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Supervision.Rules;

/// <summary>A rule that a supervisor wrote: when what happens, and what follows.</summary>
/// <param name="Id">Its id (<c>rul_…</c>).</param>
/// <param name="Revision">Which of its versions, from 1.</param>
/// <param name="Name">Its name.</param>
/// <param name="Condition">When it fires.</param>
/// <param name="Effect">What it does then.</param>
public sealed record SupervisionRule(string Id, long Revision, string Name, RuleCondition Condition, RuleEffect Effect)
{
    /// <summary>The team whose runs it is about; null for all.</summary>
    public string? TeamId { get; init; }

    /// <summary>The name of the agent whose runs it is about; null for all.</summary>
    public string? Agent { get; init; }

    /// <summary>Whether it is about a run.</summary>
    public bool Covers(RunSummary run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return (TeamId is null || TeamId == run.TeamId) && (Agent is null || Agent == run.AgentName);
    }
}
