namespace Copilot.Web.Sessions.RunScreen;

/// <summary>What the page of a run shows.</summary>
public enum WatchPhase
{
    /// <summary>Nothing is known yet.</summary>
    Loading,

    /// <summary>The run.</summary>
    Open,

    /// <summary>There is no such run, or this person may not see it: both look alike.</summary>
    NotFound,

    /// <summary>The person's permission was taken while they looked.</summary>
    AccessEnded,

    /// <summary>That this person looks could not be recorded, so nothing is shown; it may be tried again.</summary>
    NotRecorded,

    /// <summary>The run could not be read; it may be tried again.</summary>
    Failed,
}
