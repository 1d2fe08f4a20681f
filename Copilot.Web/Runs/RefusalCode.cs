namespace Copilot.Web.Runs;

/// <summary>Why a command was refused. Pages show the message; the API answers with a status for each.</summary>
public enum RefusalCode
{
    /// <summary>Something that was sent cannot be used; the problems name the fields.</summary>
    Invalid,

    /// <summary>The person has no right to do this.</summary>
    Denied,

    /// <summary>The person sees the run, and may not do this to it.</summary>
    Forbidden,

    /// <summary>Somebody else was first; <see cref="CommandResult.First"/> says who.</summary>
    Superseded,

    /// <summary>The conversation, the run or the call does not exist.</summary>
    NotFound,

    /// <summary>The run is not in a state in which this can be done.</summary>
    Conflict,

    /// <summary>The conversation is being deleted.</summary>
    BeingDeleted,

    /// <summary>Somebody decided before; <see cref="CommandResult.Decision"/> stands.</summary>
    AlreadyDecided,

    /// <summary>Who asked for the call may not approve it; somebody else must.</summary>
    NeedsOther,

    /// <summary>Too many runs; try again after <see cref="CommandResult.RetryAfter"/>.</summary>
    TooMany,

    /// <summary>The idempotency key was used for another request.</summary>
    KeyReused,

    /// <summary>Storage is unavailable, so nothing was saved. It is safe to try again.</summary>
    StorageUnavailable,

    /// <summary>An admin has stopped new requests. It passes when somebody undoes that.</summary>
    IntakeStopped,

    /// <summary>The disk keeps its last space for what is under way. It passes when somebody makes room.</summary>
    DiskNearlyFull,

    /// <summary>Storage has not answered in time. It is safe to try again.</summary>
    TimedOut,
}
