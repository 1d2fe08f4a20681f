namespace Copilot.Domain.Responses.Failures;

/// <summary>What is known of the effects of the response that failed.</summary>
public enum EffectsSoFar
{
    /// <summary>No tool with effects had started.</summary>
    None,

    /// <summary>Some had started, and their calls and outputs are in the input that would be sent again.</summary>
    Recorded,

    /// <summary>One was in progress upstream (a hosted tool or an MCP call), and whether it took effect is unknown.</summary>
    Unknown,
}
