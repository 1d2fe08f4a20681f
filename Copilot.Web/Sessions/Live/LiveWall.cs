using System.Collections.Immutable;
using Copilot.Domain.Audit;
using Copilot.Domain.Concurrency;
using Copilot.Web.Sessions.Supervising;
using Copilot.Web.Supervision;

namespace Copilot.Web.Sessions.Live;

/// <summary>
/// One viewer's part of the <see cref="LiveBoard"/>: what they may see of it, filtered, with their pins on top and in an order that
/// holds still under the pointer. One loop; disposing ends it.
/// </summary>
internal sealed partial class LiveWall(
    LiveBoard board, SupervisorAccess access, PageAudit audit, TimeProvider time, ILogger<LiveWall> logger) : IAsyncDisposable
{
    /// <summary>How often the order is renewed at most.</summary>
    internal static readonly TimeSpan OrderInterval = TimeSpan.FromSeconds(1);

    /// <summary>After how long it is tried again what could not be opened, or has failed.</summary>
    internal static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly StopSource _stop = new();
    private readonly LiveOrder _order = new();
    private LiveFilter _filter = LiveFilter.All;
    private ImmutableHashSet<string> _pins = [];
    private SupervisorScope? _scope;
    private CancellationTokenRegistration _revocation;
    private DateTimeOffset _orderedAt;
    private bool _isHeld;
    private Task _following = Task.CompletedTask;

    /// <summary>Raised after <see cref="State"/> has changed, on any thread.</summary>
    public event Action? Changed;

    /// <summary>What the page shows now.</summary>
    public LiveWallState State { get; private set; } = LiveWallState.Loading;

    /// <summary>Who looks, and at what; null before it is open.</summary>
    public SupervisorScope? Scope => _scope;

    /// <summary>
    /// Begins to look, and goes on until the permission is taken or the wall is disposed. What fails is tried again: nobody stands beside
    /// a television.
    /// </summary>
    /// <param name="user">Who looks.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    public async Task OpenAsync(UserInfo user, CancellationToken cancellationToken) =>
        _following = FollowUntilClosedAsync(user, await FindScopeAsync(user, cancellationToken));

    /// <summary>Shows other rows, in their own order.</summary>
    public void Choose(LiveFilter filter)
    {
        lock (_lock)
        {
            _filter = filter;
        }

        Refresh(arrange: true);
    }

    /// <summary>Puts some runs on top.</summary>
    public void Pin(IEnumerable<string> runIds)
    {
        lock (_lock)
        {
            _pins = [.. runIds];
        }

        Refresh(arrange: true);
    }

    /// <summary>The pointer or the focus is on the list, or has left it: then the order is renewed.</summary>
    public void Hold(bool isHeld)
    {
        lock (_lock)
        {
            if (_isHeld == isHeld)
            {
                return;
            }

            _isHeld = isHeld;
        }

        if (!isHeld)
        {
            Refresh(arrange: true);
        }
    }

    /// <summary>Renews the order now.</summary>
    public void Arrange() => Refresh(arrange: true);

    /// <summary>Stops looking.</summary>
    public async ValueTask DisposeAsync()
    {
        Changed = null;
        await _stop.CancelAsync();
        await _revocation.DisposeAsync();
        await _following;
        _stop.Dispose();
    }

    /// <summary>Null where there is nothing to look at now: <see cref="State"/> says why.</summary>
    private async Task<SupervisorScope?> FindScopeAsync(UserInfo user, CancellationToken cancellationToken)
    {
        SupervisorScope? scope;
        try
        {
            scope = await access.FindAsync(user.Id, cancellationToken);
            if (scope is not null)
            {
                // The wall shows what others write as they write it: one entry for all of them, before the first word.
                await audit.RecordAsync(user, AccessActions.WallOpened, scope.TeamId, ownerId: null, after: null, cancellationToken);
            }
        }
        catch (AccessNotRecordedException exception)
        {
            LogOpenFailed(exception, user.Id);
            Set(new LiveWallState { Phase = LivePhase.NotRecorded });
            return null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogOpenFailed(exception, user.Id);
            Set(new LiveWallState { Phase = LivePhase.Failed });
            return null;
        }

        if (scope is null)
        {
            Set(new LiveWallState { Phase = LivePhase.Denied });
            return null;
        }

        if (_stop.IsCancellationRequested)
        {
            // Left while it was recorded.
            return null;
        }

        lock (_lock)
        {
            _scope = scope;
        }

        await _revocation.DisposeAsync();
        _revocation = scope.Revoked.Register(() => Set(new LiveWallState { Phase = LivePhase.AccessEnded }));
        return scope;
    }

    private async Task FollowUntilClosedAsync(UserInfo user, SupervisorScope? scope)
    {
        try
        {
            while (true)
            {
                if (scope is not null)
                {
                    await FollowAsync(CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, scope.Revoked));
                }

                if (State.Phase is not (LivePhase.Failed or LivePhase.NotRecorded))
                {
                    return;
                }

                await Task.Delay(RetryInterval, time, _stop.Token);
                scope = await FindScopeAsync(user, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The page closed meanwhile.
        }
    }

    private async Task FollowAsync(CancellationTokenSource looking)
    {
        using var owned = looking;
        try
        {
            while (true)
            {
                var changed = board.Changed;
                var due = Refresh(arrange: false);
                await WaitAsync(changed, due, looking.Token);
            }
        }
        catch (OperationCanceledException) when (looking.IsCancellationRequested)
        {
            // The page closed, or its permission was taken: the revocation has already said so.
        }
        catch (Exception exception)
        {
            LogFollowBroke(exception);
            Set(new LiveWallState { Phase = LivePhase.Failed });
        }
    }

    private async Task WaitAsync(Task changed, TimeSpan? due, CancellationToken cancellationToken)
    {
        if (due is not { } wait)
        {
            await changed.WaitAsync(cancellationToken);
            return;
        }

        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(changed, Task.Delay(wait, time, waiting.Token));
        await waiting.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    // Returns when the order may be renewed next, where rows stand elsewhere than they should.
    private TimeSpan? Refresh(bool arrange)
    {
        TimeSpan? due = null;
        lock (_lock)
        {
            if (_scope is not { } scope || scope.Revoked.IsCancellationRequested)
            {
                return null;
            }

            var now = time.GetUtcNow();
            ImmutableArray<LiveRow> visible = [.. board.Current.Rows.Where(row => scope.Holds(row.Run))];
            LiveRow[] found = [.. visible.Where(row => _filter.Holds(row, now))];
            LiveRow[] pinned = [.. found.Where(row => _pins.Contains(row.RunId))];
            LiveRow[] others = [.. found.Where(row => !_pins.Contains(row.RunId))];
            if (arrange || (!_isHeld && (now - _orderedAt >= OrderInterval || _order.Lacks(pinned, others))))
            {
                _order.Arrange(pinned, others);
                _orderedAt = now;
            }
            else
            {
                _order.Hold(pinned, others);
                due = !_isHeld && _order.Waiting > 0 ? _orderedAt + OrderInterval - now : null;
            }

            State = new LiveWallState
            {
                Phase = LivePhase.Open,
                Sections = _order.Sections,
                Moves = _isHeld ? _order.Waiting : 0,
                Counts = others.CountBy(row => row.Assessment.Group).ToImmutableDictionary(),
                Totals = LiveTotals.Of(visible),
                Visible = visible,
            };
        }

        Changed?.Invoke();
        return due;
    }

    private void Set(LiveWallState state)
    {
        lock (_lock)
        {
            State = state;
        }

        Changed?.Invoke();
    }

    [LoggerMessage(LogLevel.Error, "The live wall could not be opened for {UserId}")]
    private partial void LogOpenFailed(Exception exception, string userId);

    [LoggerMessage(LogLevel.Error, "Following the live board failed")]
    private partial void LogFollowBroke(Exception exception);
}
