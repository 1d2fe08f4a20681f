namespace Copilot.Domain.Runs.Forks;

/// <summary>A call of a run that can be forked.</summary>
/// <param name="CallId">The API's <c>call_id</c>; the item's id for a tool of the upstream's.</param>
/// <param name="Name">The tool's name; the API's item type for a tool of the upstream's without one.</param>
/// <param name="Arguments">What the tool was called with: JSON, or text.</param>
public sealed record ForkCall(string CallId, string Name, string Arguments)
{
    /// <summary>True for a custom tool: <see cref="Arguments"/> is text and no JSON.</summary>
    public bool IsFreeText { get; init; }

    /// <summary>True for a tool that the upstream runs.</summary>
    public bool IsHosted { get; init; }

    /// <summary>What the model read of it; null where it has no outcome.</summary>
    public string? Output { get; init; }
}
