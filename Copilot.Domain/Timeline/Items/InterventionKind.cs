namespace Copilot.Domain.Timeline.Items;

/// <summary>What somebody did about a run.</summary>
public enum InterventionKind
{
    /// <summary>Nothing new begins until somebody resumes it.</summary>
    Paused,

    /// <summary>A paused run continues.</summary>
    Resumed,

    /// <summary>A person answers in the agent's place.</summary>
    TookOver,

    /// <summary>A message in the agent's place.</summary>
    Wrote,

    /// <summary>The agent answers again.</summary>
    HandedBack,

    /// <summary>One call was cancelled.</summary>
    CancelledCall,

    /// <summary>The response under way was asked for again.</summary>
    Retried,
}
