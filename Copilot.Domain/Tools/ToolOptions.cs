namespace Copilot.Domain.Tools;

/// <summary>Limits of tool calls.</summary>
public sealed class ToolOptions
{
    /// <summary>
    /// How long a call may take where neither <see cref="Deadlines"/> nor the tool says otherwise. Longer makes people wait for a dead
    /// system, shorter gives up on slow ones. Default 30 s.
    /// </summary>
    public TimeSpan DefaultDeadline { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Deadlines by tool name, before the tool's own. Default none.</summary>
    public Dictionary<string, TimeSpan> Deadlines { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// How many characters of a tool's output the model gets, the note about the cut included; the rest is cut off.
    /// More costs tokens at every later request of the run. Default 32,000, at least 1,000.
    /// </summary>
    public int MaxOutputChars { get; set; } = 32_000;

    /// <summary>
    /// How long a call waits for a person's approval where neither <see cref="ApprovalTimeouts"/> nor the tool says otherwise;
    /// after that the call is not run and the model is informed. Longer gives people time, shorter lets the agent continue without them.
    /// Default 30 min, at most 30 days.
    /// </summary>
    public TimeSpan ApprovalTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Times for approval by tool name, before the tool's own. Default none.</summary>
    public Dictionary<string, TimeSpan> ApprovalTimeouts { get; } = new(StringComparer.Ordinal);

    /// <summary>Names of tools that need a person's approval regardless of their definition. Default none.</summary>
    public List<string> RequireApproval { get; } = [];
}
