namespace Copilot.Domain.Erasure.Retention;

/// <summary>What a retention rule is about. The names are also those of the database.</summary>
public enum RetentionScope
{
    /// <summary>All conversations that begin with an agent.</summary>
    Agent,

    /// <summary>One conversation. It comes before the agent's, which comes before <see cref="RetentionOptions.Days"/>.</summary>
    Session,
}
