namespace Copilot.Domain.Supervision;

/// <summary>Where a run stands on the wall, the most urgent first.</summary>
public enum AttentionGroup
{
    /// <summary>It goes on only when a person does something.</summary>
    NeedsPerson,

    /// <summary>It works, and there are signs of trouble.</summary>
    InTrouble,

    /// <summary>It works.</summary>
    Working,

    /// <summary>It waits for its turn.</summary>
    Queued,

    /// <summary>It has ended a moment ago.</summary>
    JustEnded,
}
