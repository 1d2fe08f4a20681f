namespace Copilot.Domain.Responses.Connecting;

/// <summary>What became of a warm-up.</summary>
public enum WarmUpOutcome
{
    /// <summary>The upstream has read instructions, tools and input; the next request is a delta.</summary>
    Warm,

    /// <summary>The transport is HTTP, or the warm-up failed. The transport is as good as before.</summary>
    NotTaken,

    /// <summary>The socket broke over it, or the upstream began to answer; it has to be replaced.</summary>
    Broken,
}
