using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.State;
using Copilot.Web.Sessions.Timelines;

namespace Copilot.Web.Sessions;

/// <summary>
/// One page looking at one run: hands over the run's timeline, which all viewers share, at the pace of <see cref="RenderPace"/>.
/// One loop; disposing cancels it and waits for its end. A run that has ended is read once and not followed.
/// </summary>
internal sealed partial class RunViewer : IAsyncDisposable
{
    private readonly Func<RunTimelines.Holder> _hold;
    private readonly TimeProvider _time;
    private readonly ILogger<RunViewer> _logger;
    private readonly RunSummary _run;
    private readonly Func<TimelineStep, Task> _draw;
    private readonly RenderPace _pace;
    private readonly CancellationTokenSource _stop;
    private readonly Task _loop;

    /// <summary>Begins to look.</summary>
    /// <param name="timelines">Where the timelines come from.</param>
    /// <param name="time">The clock of the pace.</param>
    /// <param name="logger">Where a drawing that failed is noted.</param>
    /// <param name="run">The run as it was when the page asked for it.</param>
    /// <param name="draw">Shows a state; awaited, so a slow page gets bigger steps.</param>
    /// <param name="revoked">Fires when the person may no longer see the run.</param>
    public RunViewer(
        RunTimelines timelines,
        TimeProvider time,
        ILogger<RunViewer> logger,
        RunSummary run,
        Func<TimelineState, Task> draw,
        CancellationToken revoked)
        : this(() => timelines.Hold(run), time, logger, run, step => draw(step.State), revoked)
    {
    }

    private RunViewer(
        Func<RunTimelines.Holder> hold,
        TimeProvider time,
        ILogger<RunViewer> logger,
        RunSummary run,
        Func<TimelineStep, Task> draw,
        CancellationToken revoked)
    {
        _hold = hold;
        _time = time;
        _logger = logger;
        _run = run;
        _draw = draw;
        _pace = new RenderPace(time, run.HeadSeq);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(revoked);
        _loop = Task.Run(WatchAsync, CancellationToken.None);
    }

    /// <summary>Begins to look at every event of a run, also of one that has ended.</summary>
    /// <inheritdoc cref="RunViewer(RunTimelines, TimeProvider, ILogger{RunViewer}, RunSummary, Func{TimelineState, Task}, CancellationToken)"/>
    public static RunViewer OfWhole(
        RunTimelines timelines,
        TimeProvider time,
        ILogger<RunViewer> logger,
        RunSummary run,
        Func<TimelineStep, Task> draw,
        CancellationToken revoked) =>
        new(() => timelines.HoldWhole(run), time, logger, run, draw, revoked);

    /// <summary>Completes when the run has ended, the permission was taken, or the viewer was disposed.</summary>
    public Task Completion => _loop;

    /// <summary>Stops looking. The run goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await using var holder = _hold();
        try
        {
            await FollowAsync(holder.Timeline, _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The page closed, or its permission was taken.
        }
    }

    private async Task FollowAsync(SharedTimeline timeline, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Taken before the look: a step after the look completes it.
            var changed = timeline.Changed;
            var step = timeline.Current;
            if (_pace.Due(step) is { } due)
            {
                if (due == TimeSpan.Zero)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    await DrawAsync(step);
                    continue;
                }

                await WaitAsync(changed, due, cancellationToken);
                continue;
            }

            if (step.HasEnded)
            {
                return;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Draws a step. One that fails is noted and not drawn again; the next one is.</summary>
    private async Task DrawAsync(TimelineStep step)
    {
        try
        {
            await _draw(step);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogDrawFailed(exception, _run.RunId, step.State.HeadSeq);
        }

        _pace.Drawn(step);
    }

    private async Task WaitAsync(Task changed, TimeSpan time, CancellationToken cancellationToken)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(changed, Task.Delay(time, _time, wait.Token));
        await wait.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    [LoggerMessage(LogLevel.Warning, "Drawing run {RunId} failed at event {Seq}; the next change is drawn again")]
    private partial void LogDrawFailed(Exception exception, string runId, long seq);
}
