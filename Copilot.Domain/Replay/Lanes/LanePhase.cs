namespace Copilot.Domain.Replay.Lanes;

/// <summary>What a segment of a bar was spent on.</summary>
public enum LanePhase
{
    /// <summary>The request is on its way; nothing has come back.</summary>
    Sent,

    /// <summary>The response has begun, and its first token has not come.</summary>
    FirstToken,

    /// <summary>The model reasons.</summary>
    Reasoning,

    /// <summary>The model writes to the person.</summary>
    Text,

    /// <summary>The model writes the arguments of a call.</summary>
    Arguments,

    /// <summary>Ready and not begun: a call before its tool, a run before its turn.</summary>
    Queued,

    /// <summary>A person is asked.</summary>
    Approval,

    /// <summary>A tool works.</summary>
    Executing,

    /// <summary>The output waits to go out with the next request.</summary>
    Result,

    /// <summary>A connection is being opened.</summary>
    Connecting,

    /// <summary>A connection is open.</summary>
    Connected,

    /// <summary>A pause before a request is sent again.</summary>
    Retry,

    /// <summary>The conversation is made short.</summary>
    Compacting,

    /// <summary>The run rests after a restart.</summary>
    Interrupted,

    /// <summary>A message of a person, until the model has it; or only a moment.</summary>
    Message,

    /// <summary>The agent has asked a person something.</summary>
    Question,
}
