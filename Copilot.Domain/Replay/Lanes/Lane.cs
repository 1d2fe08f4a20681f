namespace Copilot.Domain.Replay.Lanes;

/// <summary>The lanes of a run, from top to bottom.</summary>
public enum Lane
{
    /// <summary>Requests to the model and what it says.</summary>
    Model,

    /// <summary>Calls of tools, ours and the upstream's own.</summary>
    Tools,

    /// <summary>What people say, decide and do.</summary>
    People,

    /// <summary>Connections to the upstream.</summary>
    Transport,
}
