namespace Copilot.Domain.Tools;

/// <summary>How one tool call ended. Every call ends in exactly one of these.</summary>
public enum ToolOutcome
{
    /// <summary>The tool did what was asked.</summary>
    Ok,

    /// <summary>The tool could not do it: bad arguments, a conflict, or an error inside the tool.</summary>
    Failed,

    /// <summary>The deadline passed first. A tool with effects may still have had them.</summary>
    TimedOut,

    /// <summary>A person or a rule did not allow the call.</summary>
    Denied,

    /// <summary>The run was stopped before the tool ended. A tool with effects may still have had them.</summary>
    Cancelled,

    /// <summary>There is no tool of that name.</summary>
    UnknownTool,
}
