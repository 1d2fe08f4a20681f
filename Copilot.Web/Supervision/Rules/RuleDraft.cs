using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Supervision.Rules;

namespace Copilot.Web.Supervision.Rules;

/// <summary>What somebody wants a rule to be.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Condition">When it fires.</param>
/// <param name="Effect">What it does.</param>
public sealed record RuleDraft(string Name, RuleCondition Condition, RuleEffect Effect)
{
    /// <summary>The team whose runs it is about; null for all that the writer supervises.</summary>
    public string? TeamId { get; init; }

    /// <summary>The name of the agent whose runs it is about; null for all.</summary>
    public string? Agent { get; init; }

    /// <summary>Whether it is in force.</summary>
    public bool IsOn { get; init; } = true;

    /// <summary>The version that is changed: where somebody has changed it meanwhile, nothing is. Null where that does not matter.</summary>
    public long? Revision { get; init; }
}
