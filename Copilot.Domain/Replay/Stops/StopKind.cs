namespace Copilot.Domain.Replay.Stops;

/// <summary>What somebody steps to in a replay.</summary>
public enum StopKind
{
    /// <summary>Every event.</summary>
    Event,

    /// <summary>The beginning and end of tools.</summary>
    Tool,

    /// <summary>What a person says, and each request to the model.</summary>
    Turn,

    /// <summary>Everything that the overview marks: errors, questions to people, and what people did; and where people have commented.</summary>
    Marker,

    /// <summary>Something went wrong.</summary>
    Error,

    /// <summary>A person was asked whether a call may be carried out.</summary>
    Approval,

    /// <summary>A person did something about the run.</summary>
    Intervention,

    /// <summary>A person has commented on the run.</summary>
    Comment,
}
