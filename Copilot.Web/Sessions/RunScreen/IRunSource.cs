using Copilot.Web.Sessions.Timelines;

namespace Copilot.Web.Sessions.RunScreen;

/// <summary>Where the screen of a run has its run from: the log (<see cref="WatchedRun"/>), or a file that was opened.</summary>
internal interface IRunSource : IAsyncDisposable
{
    /// <summary>Raised after <see cref="State"/> has changed, on any thread.</summary>
    event Action? Changed;

    /// <summary>What is known of the run beside its timeline.</summary>
    WatchedRunState State { get; }

    /// <summary>The raw events; null while no run is shown, and for who is not shown any.</summary>
    RawEvents? Events { get; }

    /// <summary>Shows a run, and follows it if it is live; what was shown before is closed.</summary>
    /// <param name="user">Who looks.</param>
    /// <param name="runId">The run, from the address; anything.</param>
    /// <param name="draw">Shows a step of the timeline; awaited, so a slow page gets bigger steps.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    Task OpenAsync(UserInfo user, string runId, Func<TimelineStep, Task> draw, CancellationToken cancellationToken);
}
