using Copilot.Domain.Settings;

namespace Copilot.Domain.Tools;

/// <summary>Limits of tool calls. Bound from <c>Tools</c>.</summary>
public sealed class ToolOptions
{
    /// <summary>
    /// How long a call may take where neither <see cref="Deadlines"/> nor the tool says otherwise. Longer keeps people
    /// waiting for a dead system, shorter gives up on slow ones. Default: 30 s.
    /// </summary>
    [Duration]
    public TimeSpan DefaultDeadline { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Deadlines by tool name, before the tool's own. Default: none.</summary>
    public Dictionary<string, TimeSpan> Deadlines { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// How many characters of a tool's output the model gets, the note about the cut included; the rest is cut off.
    /// More costs tokens at every later request of the run. Default: 32,000.
    /// </summary>
    [AtLeast(1_000)]
    public int MaxOutputChars { get; set; } = 32_000;

    /// <summary>
    /// How long a call waits for a person's approval where neither <see cref="ApprovalTimeouts"/> nor the tool says otherwise;
    /// after it the call is not carried out and the model is told so. Longer gives people time, shorter lets the agent go on
    /// without them. The time-out of the run does not count this wait. Default: 30 min.
    /// </summary>
    [Duration("30.00:00:00")]
    public TimeSpan ApprovalTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Times for approval by tool name, before the tool's own. Default: none.</summary>
    public Dictionary<string, TimeSpan> ApprovalTimeouts { get; } = new(StringComparer.Ordinal);

    /// <summary>Names of tools that need a person's approval, also those that do not ask for it. Default: none.</summary>
    public List<string> RequireApproval { get; } = [];

    /// <summary>
    /// Names of tools whose calls somebody else than who asked must approve, a supervisor or an admin for example (four eyes). Who
    /// asked may still deny. Default: none.
    /// </summary>
    public List<string> FourEyes { get; } = [];

    /// <summary>
    /// Names of tools for which nobody can give a standing permission: a person is asked about each call. Tools under
    /// <see cref="FourEyes"/> are such, too. Default: none.
    /// </summary>
    public List<string> AskEachTime { get; } = [];
}
