using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Supervision;

namespace Copilot.Web.Sessions.RunScreen;

/// <summary>What the page of a run knows beside the run's timeline. Immutable: every change is a new value.</summary>
public sealed record WatchedRunState
{
    /// <summary>Before anything was asked.</summary>
    public static WatchedRunState Loading { get; } = new();

    /// <summary>What the page shows.</summary>
    public WatchPhase Phase { get; init; }

    /// <summary>The run as lists see it, while it is shown.</summary>
    public RunSummary? Run { get; init; }

    /// <summary>The name of the person whose run it is; null for somebody who is not there any more.</summary>
    public string? Owner { get; init; }

    /// <summary>Whether this person is shown how a run works: events, connections, tokens.</summary>
    public bool IsTechnical { get; init; }

    /// <summary>The runs of its conversation when the page opened, as <see cref="SessionRuns.FindAsync"/> gives them; none where they could not be read.</summary>
    public IReadOnlyList<RunSummary> Siblings { get; init; } = [];

    /// <summary>Who else looks at the run, the one who came first first.</summary>
    public IReadOnlyList<RunWatcher> Watchers { get; init; } = [];

    /// <summary>Whether the run comes from a file: it was not recorded here, and nothing can be done about it.</summary>
    public bool IsFromFile { get; init; }

    /// <summary>Whether this person may act on the run.</summary>
    public bool CanControl { get; init; }
}
