namespace Copilot.Domain.Runs.Summaries;

/// <summary>Questions about a status.</summary>
public static class RunStatusExtensions
{
    /// <summary>True when nothing may follow.</summary>
    public static bool IsTerminal(this RunStatus status) =>
        status is RunStatus.Completed or RunStatus.Failed or RunStatus.Cancelled;

    /// <summary>True when nothing happens by itself any more.</summary>
    public static bool IsSettled(this RunStatus status) => status.IsTerminal() || status is RunStatus.Interrupted;

    /// <summary>The name the HTTP API and the database use.</summary>
    public static string ToWire(this RunStatus status) => status switch
    {
        RunStatus.Queued => "queued",
        RunStatus.Running => "running",
        RunStatus.Waiting => "waiting",
        RunStatus.Completed => "completed",
        RunStatus.Failed => "failed",
        RunStatus.Cancelled => "cancelled",
        _ => "interrupted",
    };
}
