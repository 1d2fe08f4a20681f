namespace Copilot.Domain.Runs.Input;

/// <summary>A call the model made that has no output yet, or an MCP server's call that the upstream asks about.</summary>
internal sealed record PendingCall(string CallId, string Name, string Arguments)
{
    /// <summary>The MCP server; null for a function call.</summary>
    public string? ServerLabel { get; init; }

    /// <summary>True when the upstream carries it out and only wants to know whether it may.</summary>
    public bool IsMcp => ServerLabel is not null;

    /// <summary>True for a custom tool call: <see cref="Arguments"/> is text, and its output says so.</summary>
    public bool IsFreeText { get; init; }
}
