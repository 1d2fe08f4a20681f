using Copilot.Domain.Concurrency;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.State;

namespace Copilot.Web.Sessions.Timelines;

/// <summary>
/// The timeline of one run, read and folded once for all who look at it. A broken read is retried after what was folded.
/// Disposing it stops the reading and waits for its end.
/// </summary>
internal sealed partial class SharedTimeline : IAsyncDisposable
{
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longestRetry = TimeSpan.FromSeconds(8);

    private readonly IRunFeed _feed;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimelineSnapshots? _snapshots;
    private readonly RunSummary _run;
    private readonly bool _leavesOutPieces;
    private readonly UrgentEvents _urgent;
    private readonly AsyncSignal _changed = new();
    private readonly StopSource _stop = new();
    private readonly Task _loop;
    private bool _isSaved;
    private TimelineStep _current = new(TimelineState.Empty, 0, HasEnded: false);

    /// <summary>Begins to read.</summary>
    /// <param name="feed">Where the events come from.</param>
    /// <param name="snapshots">Where it is looked for, and saved, when the run has ended; null for nowhere.</param>
    /// <param name="time">The clock of the retries.</param>
    /// <param name="logger">Where a read that broke is noted.</param>
    /// <param name="run">The run as the caller found it.</param>
    /// <param name="whole">Whether the pieces that answers came in are read of a run that has ended, too.</param>
    public SharedTimeline(IRunFeed feed, TimelineSnapshots? snapshots, TimeProvider time, ILogger logger, RunSummary run, bool whole)
    {
        _feed = feed;
        _time = time;
        _logger = logger;
        _run = run;
        _leavesOutPieces = !whole && run.Status.IsTerminal();

        // What is shown of it before its end, or in every detail, is no snapshot.
        _snapshots = _leavesOutPieces && run.ForgottenAt is null ? snapshots : null;
        _urgent = new UrgentEvents(time);
        _loop = Task.Run(ReadAsync, CancellationToken.None);
    }

    /// <summary>The newest step.</summary>
    public TimelineStep Current => Volatile.Read(ref _current);

    /// <summary>Completes at the next step. Take it before looking at <see cref="Current"/>.</summary>
    public Task Changed => _changed.Next;

    /// <summary>Completes when nothing more is read, and what had ended is saved.</summary>
    public Task Completion => _loop;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        var backoff = Backoff.Exact(s_firstRetry, s_longestRetry);
        while (!_stop.IsCancellationRequested)
        {
            var before = _current.State.HeadSeq;
            try
            {
                await FollowAsync(_stop.Token);
                Publish(_current with { HasEnded = true });
                if (_snapshots is not null && !_isSaved)
                {
                    await _snapshots.SaveAsync(_current.State, _stop.Token);
                }

                return;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The cursor is the state's head: the next attempt goes on where this one broke.
                LogBroken(exception, _run.RunId, _current.State.HeadSeq);
            }

            if (_current.State.HeadSeq > before)
            {
                backoff.Reset();
            }

            await Task.Delay(backoff.Next(), _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        if (_leavesOutPieces && _current.State.HeadSeq == 0)
        {
            if (_snapshots is not null && await _snapshots.FindAsync(_run, cancellationToken) is { } saved)
            {
                _isSaved = true;
                Publish(new TimelineStep(saved, saved.HeadSeq, HasEnded: false));
                return;
            }

            var ended = TimelineState.Empty;
            if (await _feed.TryReadEndedAsync(_run.RunId, page => ended = TimelineReducer.Apply(ended, page), cancellationToken))
            {
                Publish(new TimelineStep(ended, ended.HeadSeq, HasEnded: false));
                return;
            }
        }

        await foreach (var batch in _feed.FollowAsync(_run.RunId, _current.State.HeadSeq, cancellationToken))
        {
            var urgent = _urgent.Observe(batch);
            var state = TimelineReducer.Apply(_current.State, batch);
            Publish(new TimelineStep(state, urgent ? state.HeadSeq : _current.UrgentSeq, HasEnded: false)
            {
                Density = _current.Density.Apply(batch),
                Times = _current.Times.Apply(batch),
            });
        }
    }

    private void Publish(TimelineStep step)
    {
        Volatile.Write(ref _current, step);
        _changed.Set();
    }

    [LoggerMessage(LogLevel.Warning, "Reading run {RunId} failed after event {Seq}; retrying")]
    private partial void LogBroken(Exception exception, string runId, long seq);
}
