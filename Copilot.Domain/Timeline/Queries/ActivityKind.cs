namespace Copilot.Domain.Timeline.Queries;

/// <summary>What a run is busy with.</summary>
public enum ActivityKind
{
    /// <summary>Waits for the session's active run to end.</summary>
    Queued,

    /// <summary>Opens a connection.</summary>
    Connecting,

    /// <summary>Waits until it may send again.</summary>
    Retrying,

    /// <summary>Has asked the model; nothing has come back.</summary>
    WaitingForModel,

    /// <summary>The model reasons.</summary>
    Reasoning,

    /// <summary>The model writes the arguments of a call, or a tool waits or runs.</summary>
    Tool,

    /// <summary>The upstream uses one of its own tools.</summary>
    HostedTool,

    /// <summary>The conversation is made short.</summary>
    Compacting,

    /// <summary>The model writes.</summary>
    Writing,

    /// <summary>Between two steps.</summary>
    Working,

    /// <summary>Waits for a person.</summary>
    WaitingForPerson,

    /// <summary>Somebody has paused it.</summary>
    Paused,

    /// <summary>A person answers in the agent's place.</summary>
    TakenOver,

    /// <summary>Waits for an answer of a person.</summary>
    WaitingForAnswer,

    /// <summary>Does nothing more by itself: ended or interrupted.</summary>
    Settled,
}
