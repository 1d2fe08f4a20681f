namespace Copilot.Domain.Supervision.Rules;

/// <summary>Whose words a rule looks at.</summary>
public enum RuleSpeaker
{
    /// <summary>Those of the agent or of the person.</summary>
    Anybody,

    /// <summary>The agent's answers.</summary>
    Agent,

    /// <summary>What the run's owner writes: the question, messages while it works, answers.</summary>
    Person,
}
