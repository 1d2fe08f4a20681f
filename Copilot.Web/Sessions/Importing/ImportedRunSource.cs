using Copilot.Domain.Runs.Events;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.State;
using Copilot.Web.Sessions.RunScreen;
using Copilot.Web.Sessions.Timelines;

namespace Copilot.Web.Sessions.Importing;

/// <summary>The runs of a file that was opened, for the screen of a run. The fold is that of every run; nothing can be done about one.</summary>
/// <param name="file">The file, which belongs to the page.</param>
/// <param name="logger">Where a run that cannot be shown is noted.</param>
internal sealed partial class ImportedRunSource(ImportedFile file, ILogger logger) : IRunSource
{
    private const int Page = 2000;

    // A page ends here, as one of the store does.
    private const int PageBytes = 4 * 1024 * 1024;

    /// <inheritdoc/>
    public event Action? Changed;

    /// <inheritdoc/>
    public WatchedRunState State { get; private set; } = WatchedRunState.Loading;

    /// <inheritdoc/>
    public RawEvents? Events { get; private set; }

    /// <inheritdoc/>
    public async Task OpenAsync(UserInfo user, string runId, Func<TimelineStep, Task> draw, CancellationToken cancellationToken)
    {
        if (file.Find(runId) is not { } run)
        {
            Set(new WatchedRunState { Phase = WatchPhase.NotFound, IsFromFile = true });
            return;
        }

        try
        {
            var step = await Task.Run(() => Fold(run.Events, cancellationToken), cancellationToken);
            Events = new RawEvents(Reader(run.Events), run.Events[0].Seq, cancellationToken);
            Set(new WatchedRunState { Phase = WatchPhase.Open, Run = run.Summary, IsTechnical = true, IsFromFile = true });
            await draw(step);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(exception, runId);
            Set(new WatchedRunState { Phase = WatchPhase.Failed, IsFromFile = true });
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Changed = null;
        Events = null;
        return ValueTask.CompletedTask;
    }

    /// <summary>Reads events of a list as of the store.</summary>
    internal static ReadRunEvents Reader(IReadOnlyList<RunEvent> events) => (after, limit, cancellationToken) =>
    {
        cancellationToken.ThrowIfCancellationRequested();
        var page = new List<RunEvent>();
        var bytes = 0;
        for (var place = (int)Math.Clamp(after + 1 - events[0].Seq, 0, events.Count); place < events.Count && page.Count < limit && bytes < PageBytes; place++)
        {
            page.Add(events[place]);
            bytes += events[place].Data.Length;
        }

        return Task.FromResult<IReadOnlyList<RunEvent>>(page);
    };

    private static TimelineStep Fold(IReadOnlyList<RunEvent> events, CancellationToken cancellationToken)
    {
        var step = new TimelineStep(TimelineState.Empty, 0, HasEnded: true);
        foreach (var page in events.Chunk(Page))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var state = TimelineReducer.Apply(step.State, page);
            step = step with { State = state, UrgentSeq = state.HeadSeq, Density = step.Density.Apply(page), Times = step.Times.Apply(page) };
        }

        return step;
    }

    private void Set(WatchedRunState state)
    {
        State = state;
        Changed?.Invoke();
    }

    [LoggerMessage(LogLevel.Error, "Run {RunId} of a file could not be shown")]
    private partial void LogFailed(Exception exception, string runId);
}
