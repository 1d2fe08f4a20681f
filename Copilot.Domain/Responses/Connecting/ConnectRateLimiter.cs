using Microsoft.Extensions.Options;

namespace Copilot.Domain.Responses.Connecting;

/// <summary>
/// Limits how fast the process opens sockets: a number per second and a number at the same time, first come first served. When many
/// sockets are lost together, their runs reconnect at this rate and not all at once. A few may connect together; in a crowd they are
/// evenly spaced, so that no one-second window holds more than the limit.
/// </summary>
/// <remarks>
/// A connect counts from when its caller continues, not from when it was admitted: on a busy machine the two are apart, and delayed
/// callers would bunch up with the next ones. The next caller is admitted only after the previous one has started.
/// HTTP requests are not limited: they share pooled connections, and opening that transport opens nothing.
/// </remarks>
internal sealed class ConnectRateLimiter(IOptionsMonitor<UpstreamOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>Above this rate a timer cannot space connects; only the count per second is enforced.</summary>
    private const int MaxPacedPerSecond = 500;

    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_noticeable = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiters = new();

    /// <summary>Start times of the connects of the last second; never more than the limit per second.</summary>
    private readonly Queue<long> _recent = new();

    private ITimer? _timer;
    private int _open;

    /// <summary>When the queue would have reached this point with even spacing since it was last empty; 0 before the first connect.</summary>
    private long _pacedUntil;

    /// <summary>A caller was admitted and has not started yet.</summary>
    private bool _isAdmitting;

    /// <summary>How many are waiting.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiters.Count;
            }
        }
    }

    /// <summary>How many are connecting now; leak tests read it.</summary>
    public int Open
    {
        get
        {
            lock (_lock)
            {
                return _open;
            }
        }
    }

    /// <summary>Whether the last waiter waits long enough for people to notice; shorter waits are not reported.</summary>
    public bool IsCrowded
    {
        get
        {
            lock (_lock)
            {
                var current = options.CurrentValue;
                return _waiters.Count > 0
                    && (_open >= current.MaxConcurrentConnects || Pace.Of(current.MaxConnectsPerSecond).Distance * _waiters.Count > s_noticeable);
            }
        }
    }

    /// <summary>Waits for a turn. The order of the calls is the order of the turns. Dispose the turn when the connect has ended.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while waiting; the place in the queue is freed.</exception>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiter = new Waiter();
        LinkedListNode<Waiter> node;
        lock (_lock)
        {
            node = _waiters.AddLast(waiter);
            Admit();
        }

        await using (cancellationToken.Register(() => RemoveWaiter(node, cancellationToken)).ConfigureAwait(false))
        {
            await waiter.Admitted.Task.ConfigureAwait(false);
        }

        Begin();
        return new Turn(this);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _timer?.Dispose();
            _timer = null;
        }
    }

    private void RemoveWaiter(LinkedListNode<Waiter> node, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (node.List is not null && node.Value.Admitted.TrySetCanceled(cancellationToken))
            {
                _waiters.Remove(node);
            }
        }
    }

    private void Release()
    {
        lock (_lock)
        {
            _open--;
            Admit();
        }
    }

    private void Begin()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            _recent.Enqueue(now);
            _pacedUntil = Math.Max(_pacedUntil, now) + Ticks(Pace.Of(options.CurrentValue.MaxConnectsPerSecond).Distance);
            _isAdmitting = false;
            Admit();
        }
    }

    private void Admit()
    {
        var current = options.CurrentValue;
        if (_waiters.First is not { } next || _isAdmitting || _open >= current.MaxConcurrentConnects)
        {
            return;
        }

        var wait = UntilDue(current.MaxConnectsPerSecond);
        if (wait > TimeSpan.Zero)
        {
            ArmTimer(wait);
            return;
        }

        _waiters.Remove(next);
        _isAdmitting = true;
        _open++;
        next.Value.Admitted.TrySetResult();
    }

    /// <summary>How long until another connect may start.</summary>
    private TimeSpan UntilDue(int perSecond)
    {
        var now = time.GetTimestamp();
        while (_recent.TryPeek(out var oldest) && time.GetElapsedTime(oldest, now) >= s_window)
        {
            _recent.Dequeue();
        }

        // The last second may hold connects from before the setting was lowered.
        var pace = Pace.Of(perSecond);
        var apart = _pacedUntil <= now ? TimeSpan.Zero : time.GetElapsedTime(now, _pacedUntil) - (pace.Distance * (pace.Together - 1));
        var window = _recent.Count < perSecond ? TimeSpan.Zero : s_window - time.GetElapsedTime(_recent.ElementAt(_recent.Count - perSecond), now);
        return apart > window ? apart : window;
    }

    /// <summary>A duration in timestamp ticks, rounded up.</summary>
    private long Ticks(TimeSpan duration) => (long)Math.Ceiling(duration.Ticks * ((double)time.TimestampFrequency / TimeSpan.TicksPerSecond));

    private void ArmTimer(TimeSpan due)
    {
        // A timer may fire a little early and counts in milliseconds; rounding up avoids spinning.
        var rounded = TimeSpan.FromMilliseconds(Math.Ceiling(due.TotalMilliseconds));
        _timer ??= time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(rounded, Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            if (_timer is not null)
            {
                Admit();
            }
        }
    }

    /// <param name="Together">How many may start at the same time after a pause.</param>
    /// <param name="Distance">The spacing of the others in a crowd. Both together fill one second and no more.</param>
    private readonly record struct Pace(int Together, TimeSpan Distance)
    {
        public static Pace Of(int perSecond)
        {
            if (perSecond > MaxPacedPerSecond)
            {
                return new Pace(perSecond, TimeSpan.Zero);
            }

            var together = Math.Max(1, perSecond / 10);
            var apart = perSecond - together + 1;
            return new Pace(together, TimeSpan.FromTicks((s_window.Ticks + apart - 1) / apart));
        }
    }

    private sealed class Waiter
    {
        public TaskCompletionSource Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Turn(ConnectRateLimiter limiter) : IDisposable
    {
        private int _released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
            {
                limiter.Release();
            }
        }
    }
}
