namespace Copilot.Domain.Runs;

/// <summary>Where a run is. Names in lower case are the HTTP API's <c>status</c>.</summary>
public enum RunStatus
{
    /// <summary>Waits for the session's active run to end.</summary>
    Queued,

    /// <summary>Works.</summary>
    Running,

    /// <summary>Waits for a person.</summary>
    Waiting,

    /// <summary>Ended with an answer, perhaps an incomplete one.</summary>
    Completed,

    /// <summary>Ended with an error.</summary>
    Failed,

    /// <summary>Stopped by a person.</summary>
    Cancelled,

    /// <summary>Rests after a restart or shutdown; can be resumed or cancelled.</summary>
    Interrupted,
}

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
