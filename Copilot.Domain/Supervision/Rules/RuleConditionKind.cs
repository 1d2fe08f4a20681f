namespace Copilot.Domain.Supervision.Rules;

/// <summary>What a rule looks at.</summary>
public enum RuleConditionKind
{
    /// <summary>A tool is called.</summary>
    ToolCalled,

    /// <summary>An argument of a call.</summary>
    Argument,

    /// <summary>What the agent or the person says.</summary>
    Text,

    /// <summary>What the run has cost.</summary>
    Cost,

    /// <summary>How long nothing has happened while the run works.</summary>
    Silence,

    /// <summary>How many times in a row a tool was called with the same arguments.</summary>
    Repetition,
}
