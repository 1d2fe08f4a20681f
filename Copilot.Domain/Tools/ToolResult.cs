namespace Copilot.Domain.Tools;

/// <summary>How a call ended, and its output for the model.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Output">What the model reads; never empty.</param>
/// <param name="Detail">The exception or another technical detail, for the log and never for the model.</param>
public sealed record ToolResult(ToolOutcome Outcome, string Output, string? Detail)
{
    /// <summary>How long the call took until it ended or was abandoned. Set by the invoker.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Completes when a tool that was abandoned has really ended; null for one that had ended.</summary>
    internal Task? StillRunning { get; init; }

    /// <summary>The tool did what was asked; <paramref name="output"/> is what it found or did.</summary>
    public static ToolResult Ok(string output)
    {
        return new ToolResult(ToolOutcome.Ok, output, Detail: null);
    }
}
