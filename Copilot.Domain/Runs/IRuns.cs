namespace Copilot.Domain.Runs;

/// <summary>How a start ended.</summary>
public abstract record StartOutcome
{
    private StartOutcome()
    {
    }

    /// <summary>The run's first events are committed. <paramref name="Existing"/>: the same message had already started it.</summary>
    public sealed record Started(RunSummary Run, bool Existing) : StartOutcome;

    /// <summary>Too many runs at once, or too many queued for this person; try again after <paramref name="RetryAfter"/>.</summary>
    public sealed record TooMany(string Message, TimeSpan RetryAfter) : StartOutcome;
}

/// <summary>How a command was taken. What it does is seen as events.</summary>
public enum CommandOutcome
{
    /// <summary>The run will carry it out.</summary>
    Accepted,

    /// <summary>There is no such run.</summary>
    NotFound,

    /// <summary>The run is not in a state in which this can be done (for example: it has ended).</summary>
    NotPossible,
}

/// <summary>Starts runs and hands them commands. Callers have checked <see cref="IRunAccess"/> first.</summary>
public interface IRuns
{
    /// <summary>Starts a run, or queues it behind the session's active one. Returns once its first events are committed.</summary>
    /// <exception cref="ArgumentException">The request is not valid; the message says what to change.</exception>
    Task<StartOutcome> StartAsync(RunRequest request, CancellationToken cancellationToken);

    /// <summary>Hands a command to the run's owner. <see cref="RunCommand.Steer"/> is answered once its words are kept.</summary>
    /// <exception cref="ArgumentException">The words are empty or too long; the message says what to change.</exception>
    Task<CommandOutcome> SendAsync(string runId, RunCommand command, CancellationToken cancellationToken);

    /// <summary>
    /// Decides about a call that waits for a person. Returns once the decision is committed, or says why it does not count; the
    /// first decision stands, and one that does not count changes nothing.
    /// </summary>
    Task<DecisionOutcome> DecideAsync(string runId, RunCommand.Decision decision, CancellationToken cancellationToken);
}

/// <summary>Reads a run's events: what is kept, then what comes.</summary>
public interface IRunFeed
{
    /// <summary>
    /// Yields every event after <paramref name="after"/> in order, in batches that grow when the reader is slow, without gap or
    /// duplicate. Ends after a terminal event; an interrupted run keeps it open, because it may be resumed.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<RunEvent>> FollowAsync(string runId, long after, CancellationToken cancellationToken);
}

/// <summary>The runs that live in this process, as lists see them.</summary>
public interface IRunDirectory
{
    /// <summary>The runs that do not rest, in no particular order.</summary>
    IReadOnlyList<RunSummary> Live { get; }

    /// <summary>
    /// Yields the summaries that changed, coalesced: first all live ones that pass the filter, then batches of changed ones
    /// (a run that came to rest is yielded once more, as it ended).
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<RunSummary>> FollowAsync(Func<RunSummary, bool> filter, CancellationToken cancellationToken);
}

/// <summary>Whether events can be kept right now.</summary>
public interface IStorageHealth
{
    /// <summary>Null when all is well, else one sentence that says what is wrong.</summary>
    string? Problem { get; }

    /// <summary>Completes at the next change of <see cref="Problem"/>.</summary>
    Task Changed { get; }
}
