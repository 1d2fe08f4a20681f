using Copilot.Domain.Concurrency;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.State;

namespace Copilot.Web.Sessions;

/// <summary>
/// One page looking at one run: reads the feed, folds, and hands the state over at the pace of <see cref="RenderPace"/>. One loop;
/// disposing cancels it and waits for its end. A run that has ended is read once and not followed.
/// </summary>
internal sealed partial class RunViewer : IAsyncDisposable
{
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longestRetry = TimeSpan.FromSeconds(8);

    private readonly IRunFeed _feed;
    private readonly TimeProvider _time;
    private readonly ILogger<RunViewer> _logger;
    private readonly string _runId;
    private readonly Func<TimelineState, Task> _draw;
    private readonly RenderPace _pace;
    private readonly CancellationTokenSource _stop;
    private readonly Task _loop;
    private TimelineState _state = TimelineState.Empty;

    /// <summary>Begins to look.</summary>
    /// <param name="feed">Where the events come from.</param>
    /// <param name="time">The clock of the pace.</param>
    /// <param name="logger">Where a broken read is noted.</param>
    /// <param name="run">The run as it was when the page asked for it.</param>
    /// <param name="draw">Shows a state; awaited, so a slow page gets bigger steps.</param>
    /// <param name="revoked">Fires when the person may no longer see the run.</param>
    public RunViewer(
        IRunFeed feed,
        TimeProvider time,
        ILogger<RunViewer> logger,
        RunSummary run,
        Func<TimelineState, Task> draw,
        CancellationToken revoked)
    {
        _feed = feed;
        _time = time;
        _logger = logger;
        _runId = run.RunId;
        _draw = draw;
        _pace = new RenderPace(time, run.HeadSeq);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(revoked);
        _loop = Task.Run(RefreshAsync, CancellationToken.None);
    }

    /// <summary>Completes when the run has ended, the permission was taken, or the viewer was disposed.</summary>
    public Task Completion => _loop;

    /// <summary>Stops looking. The run goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task RefreshAsync()
    {
        var backoff = Backoff.Exact(s_firstRetry, s_longestRetry);
        while (!_stop.IsCancellationRequested)
        {
            var before = _state.HeadSeq;
            try
            {
                await FollowAsync(_stop.Token);
                return;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The cursor is the state's head: the next attempt goes on where this one broke.
                LogBroken(exception, _runId, _state.HeadSeq);
            }

            if (_state.HeadSeq > before)
            {
                backoff.Reset();
            }

            await Task.Delay(backoff.Next(), _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await using var batches = _feed.FollowAsync(_runId, _state.HeadSeq, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var next = batches.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                await DrawUntilAsync(next, cancellationToken);
                if (!await next)
                {
                    if (_pace.Waits)
                    {
                        await _draw(_state);
                    }

                    return;
                }

                _state = TimelineReducer.Apply(_state, batches.Current);
                _pace.Observe(batches.Current);
                next = batches.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            // The enumerator may only be disposed while nothing is pending on it.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Draws what is due, and leaves once the next batch is there or nothing is left to draw.
    private async Task DrawUntilAsync(Task next, CancellationToken cancellationToken)
    {
        while (_pace.Due() is { } due)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (due == TimeSpan.Zero)
            {
                await _draw(_state);
                _pace.Drawn();
                return;
            }

            using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var first = await Task.WhenAny(next, Task.Delay(due, _time, wait.Token));
            await wait.CancelAsync();
            if (first == next)
            {
                return;
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Reading run {RunId} failed after event {Seq}; retrying")]
    private partial void LogBroken(Exception exception, string runId, long seq);
}
