namespace Copilot.Web.Runs.Supervising;

/// <summary>What somebody may do about a run.</summary>
public enum RunVerb
{
    /// <summary>End it.</summary>
    Stop,

    /// <summary>Begin nothing new until it is resumed.</summary>
    Pause,

    /// <summary>Let a paused or interrupted run continue.</summary>
    Resume,

    /// <summary>A message to the agent.</summary>
    Say,

    /// <summary>Carry out a call that waits for a person.</summary>
    Approve,

    /// <summary>Do not carry out a call that waits for a person.</summary>
    Deny,

    /// <summary>Answer in the agent's place.</summary>
    TakeOver,

    /// <summary>A message to the owner in the agent's place.</summary>
    Write,

    /// <summary>Let the agent answer again.</summary>
    HandBack,

    /// <summary>End one call; the run continues.</summary>
    CancelCall,

    /// <summary>Ask for the response that is being generated again; after a run has ended, continue its completed steps in a new one.</summary>
    Retry,
}
