namespace Copilot.Domain.Runs.Summaries;

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
