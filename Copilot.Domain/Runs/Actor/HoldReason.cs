namespace Copilot.Domain.Runs.Actor;

/// <summary>Why a run waits for people.</summary>
internal enum HoldReason
{
    /// <summary>A call waits for an approval.</summary>
    Approval,

    /// <summary>The agent has asked a question.</summary>
    Question,

    /// <summary>Somebody has paused it, or answers in the agent's place, and nothing is under way any more.</summary>
    Person,
}
