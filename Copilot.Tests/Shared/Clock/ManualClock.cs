using Microsoft.Extensions.Time.Testing;

namespace Copilot.Tests.Shared.Clock;

/// <summary>
/// A clock that moves only when a test says so, and tells when the code under test has armed its timers: a phase barrier in place
/// of a sleep.
/// </summary>
/// <param name="start">The time it stands at.</param>
internal sealed class ManualClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly Lock _lock = new();
    private readonly HashSet<CountedTimer> _armed = [];
    private readonly List<Waiter> _waiters = [];

    /// <summary>A clock that stands at 2026-11-23 08:00 UTC, a Monday.</summary>
    public ManualClock()
        : this(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>How many timers wait for their time now.</summary>
    public int ArmedTimers
    {
        get
        {
            lock (_lock)
            {
                return _armed.Count;
            }
        }
    }

    /// <summary>
    /// Ends once exactly <paramref name="count"/> timers are armed, at once if they are. The phase barrier before an
    /// <see cref="FakeTimeProvider.Advance(TimeSpan)"/>: the code under test has come to its wait.
    /// </summary>
    /// <exception cref="TimeoutException">That many were never armed; says how many were.</exception>
    public async Task WhenTimersArmedAsync(int count)
    {
        var waiter = new Waiter(count);
        lock (_lock)
        {
            if (_armed.Count == count)
            {
                return;
            }

            _waiters.Add(waiter);
        }

        try
        {
            await waiter.Reached.Task.WaitAsync(Waiting.Limit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited for {count} armed timers on the manual clock, there are {ArmedTimers}.");
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new CountedTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private ITimer CreateUncounted(TimerCallback callback, object state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime, period);

    private void Announce()
    {
        foreach (var waiter in _waiters.Where(waiter => waiter.Count == _armed.Count).ToArray())
        {
            _waiters.Remove(waiter);
            waiter.Reached.TrySetResult();
        }
    }

    private sealed class Waiter(int count)
    {
        public int Count { get; } = count;

        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>
    /// Each arming has a timer of the base class of its own, so that one that fires late cannot be taken for its successor. The base
    /// class is never called with the lock held: it runs callbacks.
    /// </summary>
    private sealed class CountedTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private Arming? _arming;
        private bool _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var next = new Arming(period > TimeSpan.Zero) { Over = dueTime == Timeout.InfiniteTimeSpan };
            Arming? last;
            lock (clock._lock)
            {
                if (_disposed)
                {
                    return false;
                }

                last = _arming;
                _arming = next;
            }

            last?.Timer?.Dispose();
            var timer = clock.CreateUncounted(Fire, next, dueTime, period);
            lock (clock._lock)
            {
                if (_arming == next)
                {
                    next.Timer = timer;
                    Count(!next.Over);
                    return true;
                }
            }

            // Disposed or changed again meanwhile.
            timer.Dispose();
            return true;
        }

        public void Dispose()
        {
            ITimer? timer;
            lock (clock._lock)
            {
                timer = _arming?.Timer;
                _disposed = true;
                _arming = null;
                Count(false);
            }

            timer?.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire(object? fired)
        {
            var arming = (Arming)fired!;
            lock (clock._lock)
            {
                arming.Over = !arming.IsPeriodic;
                if (arming.Over && _arming == arming)
                {
                    Count(false);
                }
            }

            callback(state);
        }

        private void Count(bool armed)
        {
            if (armed ? clock._armed.Add(this) : clock._armed.Remove(this))
            {
                clock.Announce();
            }
        }
    }

    private sealed class Arming(bool isPeriodic)
    {
        public bool IsPeriodic { get; } = isPeriodic;

        public bool Over { get; set; }

        public ITimer? Timer { get; set; }
    }
}
