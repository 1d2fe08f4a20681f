using Copilot.Domain.Audit;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Identity;
using Copilot.Web.Sessions.Supervising;
using Copilot.Web.Sessions.Timelines;
using Copilot.Web.Supervision;

namespace Copilot.Web.Sessions.RunScreen;

/// <summary>
/// One page looking at one run, live or ended: its timeline from the first event on, then as it goes on, and what lists say of it. Ends
/// when the permission ends. Disposing it detaches and never stops the run.
/// </summary>
internal sealed partial class WatchedRun(
    IRunEventStore store,
    IRunDirectory directory,
    RunTimelines timelines,
    IRunAccess access,
    IRunPresence presence,
    PersonNames names,
    SessionRuns conversations,
    PageAudit audit,
    TimeProvider time,
    ILoggerFactory loggers) : IRunSource
{
    private readonly ILogger _logger = loggers.CreateLogger<WatchedRun>();
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private CancellationTokenSource? _looking;
    private CancellationTokenRegistration _revocation;
    private RunViewer? _viewer;
    private IDisposable? _stay;
    private Task _following = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;

    /// <inheritdoc/>
    public event Action? Changed;

    /// <inheritdoc/>
    public WatchedRunState State { get; private set; } = WatchedRunState.Loading;

    /// <inheritdoc/>
    public RawEvents? Events { get; private set; }

    /// <inheritdoc/>
    public async Task OpenAsync(UserInfo user, string runId, Func<TimelineStep, Task> draw, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await CloseAsync();
            Set(WatchedRunState.Loading);
            await ShowAsync(user, runId, draw, cancellationToken);
        }
        catch (AccessNotRecordedException exception)
        {
            LogOpenFailed(exception, runId);
            await CloseAsync();
            Set(new WatchedRunState { Phase = WatchPhase.NotRecorded });
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogOpenFailed(exception, runId);
            await CloseAsync();
            Set(new WatchedRunState { Phase = WatchPhase.Failed });
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stops looking and waits for the loops.</summary>
    public async ValueTask DisposeAsync()
    {
        Changed = null;
        await _turn.WaitAsync();
        try
        {
            await CloseAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task ShowAsync(UserInfo user, string runId, Func<TimelineStep, Task> draw, CancellationToken cancellationToken)
    {
        var run = await store.FindAsync(runId, cancellationToken);
        var owner = run is null ? null : new RunOwner(run.UserId, run.TeamId);
        var lease = owner is null ? null : await access.TryAcquireAsync(user.Id, owner, RunAction.View, cancellationToken);
        if (run is null || lease is null)
        {
            Set(new WatchedRunState { Phase = WatchPhase.NotFound });
            return;
        }

        // Before anything of it is shown.
        await audit.RecordAsync(
            user, run.Status.IsSettled() ? AccessActions.RunOpened : AccessActions.RunAttached, runId, run.UserId, after: null, cancellationToken);
        var control = await access.TryAcquireAsync(user.Id, owner!, RunAction.Control, cancellationToken);
        var name = await names.FindAsync(run.UserId, cancellationToken);

        // Before the page is drawn: what came later would move what is there.
        var siblings = await conversations.FindAsync(user, run.SessionId, cancellationToken) ?? [];
        var isTechnical = lease.Actor.Role is Roles.Supervisor or Roles.Admin;
        _looking = CancellationTokenSource.CreateLinkedTokenSource(lease.Revoked);
        var looking = _looking.Token;
        Events = isTechnical ? new RawEvents((after, limit, token) => store.ReadAsync(runId, after, limit, token), first: 1, looking) : null;
        _revocation = lease.Revoked.Register(EndAccess);

        // Whoever looks at their own run supervises nobody.
        _stay = user.Id == run.UserId ? null : presence.Join(runId, new RunWatcher(user.Id, user.Name, lease.Actor.Role, time.GetUtcNow()));

        // The directory is listened to before the run is read again, so that no change falls in between.
        var changes = directory.FollowAsync(RunScope.OfSession(run.SessionId), looking).GetAsyncEnumerator(looking);
        var next = changes.MoveNextAsync().AsTask();
        try
        {
            run = await store.FindAsync(runId, cancellationToken) ?? run;
            Set(new WatchedRunState { Phase = WatchPhase.Open, Run = run, Owner = name, Siblings = siblings, IsTechnical = isTechnical, CanControl = control is not null });
            _viewer = RunViewer.OfWhole(timelines, time, loggers.CreateLogger<RunViewer>(), run, draw, looking);
            if (looking.IsCancellationRequested)
            {
                EndAccess();
            }
        }
        finally
        {
            _following = FollowAsync(runId, changes, next, looking);
            _watching = WatchAsync(runId, user.Id, looking);
        }
    }

    private async Task WatchAsync(string runId, string userId, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                // Taken before the look: a change after it completes the task.
                var changed = presence.Changed;
                var others = presence.WatchersOf(runId).Where(one => one.UserId != userId).ToList();
                Update(state => others.SequenceEqual(state.Watchers) ? state : state with { Watchers = others }, (before, after) => !ReferenceEquals(before, after));

                await changed.WaitAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The page closed, or its permission was taken.
            return;
        }
    }

    private async Task FollowAsync(
        string runId, IAsyncEnumerator<IReadOnlyList<RunSummary>> changes, Task<bool> next, CancellationToken cancellationToken)
    {
        await using (changes)
        {
            try
            {
                while (await next)
                {
                    foreach (var run in changes.Current)
                    {
                        if (run.RunId == runId)
                        {
                            Merge(run);
                        }
                    }

                    next = changes.MoveNextAsync().AsTask();
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The page closed, or its permission was taken: the revocation has already said so.
            }
            catch (Exception exception)
            {
                LogFollowFailed(exception, runId);
                Set(new WatchedRunState { Phase = WatchPhase.Failed });
            }
        }
    }

    // What streams is the timeline's business; the page is drawn anew for what stands around it.
    private void Merge(RunSummary run) => Update(
        state => state.Run!.HeadSeq > run.HeadSeq ? state : state with { Run = run },
        (before, after) => Differ(before.Run!, after.Run!));

    private static bool Differ(RunSummary known, RunSummary run) =>
        known.Status != run.Status || known.ForgottenAt != run.ForgottenAt || known.Pause != run.Pause
        || known.TakeOver != run.TakeOver || known.LatestIntervention != run.LatestIntervention
        || !known.PendingApprovals.SequenceEqual(run.PendingApprovals) || !known.ActiveTools.SequenceEqual(run.ActiveTools);

    private void EndAccess() => Set(new WatchedRunState { Phase = WatchPhase.AccessEnded });

    private void Set(WatchedRunState state)
    {
        lock (_lock)
        {
            // A permission that ended stays ended until the page opens something again.
            if (State.Phase is WatchPhase.AccessEnded && state.Phase is not WatchPhase.Loading)
            {
                return;
            }

            State = state;
        }

        Changed?.Invoke();
    }

    // Two loops change what is shown: each its own part of it.
    private void Update(Func<WatchedRunState, WatchedRunState> change, Func<WatchedRunState, WatchedRunState, bool> isVisible)
    {
        bool visible;
        lock (_lock)
        {
            if (State.Phase is not WatchPhase.Open)
            {
                return;
            }

            var before = State;
            State = change(before);
            visible = isVisible(before, State);
        }

        if (visible)
        {
            Changed?.Invoke();
        }
    }

    private async Task CloseAsync()
    {
        await _revocation.DisposeAsync();
        Events = null;
        if (_looking is { } looking)
        {
            await looking.CancelAsync();
            await _following;
            await _watching;
            _stay?.Dispose();
            _stay = null;
            if (_viewer is not null)
            {
                await _viewer.DisposeAsync();
                _viewer = null;
            }

            looking.Dispose();
            _looking = null;
        }
    }

    [LoggerMessage(LogLevel.Error, "Run {RunId} could not be opened")]
    private partial void LogOpenFailed(Exception exception, string runId);

    [LoggerMessage(LogLevel.Error, "Following run {RunId} in the directory failed")]
    private partial void LogFollowFailed(Exception exception, string runId);
}
