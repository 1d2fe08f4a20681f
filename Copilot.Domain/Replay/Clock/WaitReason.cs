namespace Copilot.Domain.Replay.Clock;

/// <summary>What a run waited for while nothing was recorded.</summary>
public enum WaitReason
{
    /// <summary>Nothing that is known: its turn, or somebody to resume it.</summary>
    Nothing,

    /// <summary>The model.</summary>
    Model,

    /// <summary>A tool.</summary>
    Tool,

    /// <summary>A person's decision, answer or word.</summary>
    Person,

    /// <summary>A connection, or the pause before a request is sent again.</summary>
    Transport,
}
