using Copilot.Domain.Timeline.Items;

namespace Copilot.Domain.Replay.Compare;

/// <summary>One call of a tool, ours or the upstream's own.</summary>
/// <param name="Name">The tool's name; the API's item type for a tool of the upstream's without one.</param>
/// <param name="FromSeq">Seq of the event that made it.</param>
/// <param name="Arguments">What the model gave to it: JSON, or text.</param>
/// <param name="Result">What the model read of it; null where there is nothing, or it is not over.</param>
/// <param name="State">How it ended, or where it is.</param>
/// <param name="Duration">How long it ran; null before its end, and where nobody says.</param>
public sealed record StepCall(string Name, long FromSeq, string Arguments, string? Result, ToolCallState State, TimeSpan? Duration)
{
    /// <summary>True for a tool that the upstream runs: its name is no name of ours.</summary>
    public bool IsHosted { get; init; }
}
