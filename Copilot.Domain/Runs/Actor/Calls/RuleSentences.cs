using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Runs.Actor.Calls;

/// <summary>What people read of a rule that holds a run or a call.</summary>
internal static class RuleSentences
{
    /// <summary>Why it waits: the rule's name, and what met its condition.</summary>
    public static string Reason(RuleFired fired) => $"Rule \u201c{fired.Name}\u201d: {fired.Because}";
}
