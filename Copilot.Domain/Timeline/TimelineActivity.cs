namespace Copilot.Domain.Timeline;

/// <summary>What a run is busy with.</summary>
public enum ActivityKind
{
    /// <summary>Waits for the session's active run to end.</summary>
    Queued,

    /// <summary>Opens a connection.</summary>
    Connecting,

    /// <summary>Waits until it may send again.</summary>
    Retrying,

    /// <summary>Has asked the model; nothing has come back.</summary>
    WaitingForModel,

    /// <summary>The model reasons.</summary>
    Reasoning,

    /// <summary>The model writes the arguments of a call, or a tool waits or runs.</summary>
    Tool,

    /// <summary>The upstream uses one of its own tools.</summary>
    HostedTool,

    /// <summary>The model writes.</summary>
    Writing,

    /// <summary>Between two steps.</summary>
    Working,

    /// <summary>Waits for a person.</summary>
    WaitingForPerson,

    /// <summary>Rests: ended or interrupted.</summary>
    Resting,
}

/// <summary>The line a folded timeline shows while it works.</summary>
/// <param name="Kind">What goes on.</param>
/// <param name="Subject">A tool with its first argument, the headline of the reasoning, a host, a reason; empty where there is none.</param>
/// <param name="Since">When it began (UTC), for a clock that ticks in the browser; null when nothing ticks.</param>
/// <param name="Deadline">How long it may take, or null.</param>
/// <param name="Others">How many more tools run beside it.</param>
public sealed record TimelineActivity(ActivityKind Kind, string Subject, DateTimeOffset? Since, TimeSpan? Deadline, int Others)
{
    /// <summary>The activity of a state.</summary>
    public static TimelineActivity Of(TimelineState state) => new(ActivityKind.Working, "", state.StartedAt, null, 0);
}
