namespace Copilot.Domain.Responses.Connecting;

/// <summary>The outcome of a warm-up.</summary>
public enum WarmUpOutcome
{
    /// <summary>The upstream has read instructions, tools and input; the next request is a delta.</summary>
    Warm,

    /// <summary>The transport is HTTP, or the warm-up failed. The transport can still be used.</summary>
    NotTaken,

    /// <summary>The socket broke, or the upstream started to answer; the socket must be replaced.</summary>
    Broken,
}
