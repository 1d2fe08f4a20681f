namespace Copilot.Tests.Shared.Clock;

/// <summary>
/// A clock that only moves when the test says so, and the one driver of everything that takes a
/// <see cref="TimeProvider"/>. Timers fire on the thread that advances the clock, in the order they are due, with the
/// clock standing at the moment each was due for.
/// </summary>
internal sealed class ManualClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly HashSet<ManualTimer> _armed = [];
    private readonly List<Waiter> _waiters = [];
    private DateTimeOffset _now = start.ToUniversalTime();
    private long _elapsed;
    private long _order;

    /// <summary>A clock that stands at 2026-11-23 08:00 UTC, a Monday.</summary>
    public ManualClock()
        : this(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

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

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    public override long GetTimestamp()
    {
        lock (_lock)
        {
            return _elapsed;
        }
    }

    /// <summary>Lets time pass: both the wall clock and the timestamps move, and what becomes due fires.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        long target;
        lock (_lock)
        {
            target = _elapsed + by.Ticks;
        }

        while (NextDue(target) is { } timer)
        {
            timer.Fire();
        }
    }

    /// <summary>Sets the wall clock alone, as an operator would: timers and timestamps take no notice.</summary>
    public void SetUtcNow(DateTimeOffset now)
    {
        lock (_lock)
        {
            _now = now.ToUniversalTime();
        }
    }

    /// <summary>
    /// Ends once exactly <paramref name="count"/> timers are armed, at once if they are. The phase barrier before an
    /// <see cref="Advance"/>: the code under test has come to its wait.
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
            await waiter.Reached.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited for {count} armed timers on the manual clock, there are {ArmedTimers}.");
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Takes the timer that is due next, up to the target, and sets the clock to its time; else to the target.</summary>
    private ManualTimer? NextDue(long target)
    {
        lock (_lock)
        {
            var next = _armed.Where(timer => timer.Due <= target).MinBy(timer => (timer.Due, timer.Order));
            MoveTo(next is null ? target : next.Due);
            if (next is not null)
            {
                if (next.Period > 0)
                {
                    next.Due += next.Period;
                }
                else
                {
                    _armed.Remove(next);
                    Announce();
                }
            }

            return next;
        }
    }

    private void MoveTo(long elapsed)
    {
        // Armed with nothing to wait for, a timer fires with the next advance, also one by zero.
        var by = Math.Max(0, elapsed - _elapsed);
        _elapsed += by;
        _now += TimeSpan.FromTicks(by);
    }

    private bool Arm(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            if (timer.Disposed)
            {
                return false;
            }

            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                _armed.Remove(timer);
            }
            else
            {
                timer.Due = _elapsed + dueTime.Ticks;
                timer.Period = period > TimeSpan.Zero ? period.Ticks : 0;
                timer.Order = ++_order;
                _armed.Add(timer);
            }

            Announce();
            return true;
        }
    }

    private void Disarm(ManualTimer timer)
    {
        lock (_lock)
        {
            timer.Disposed = true;
            if (_armed.Remove(timer))
            {
                Announce();
            }
        }
    }

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

    private sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        public long Due { get; set; }

        public long Period { get; set; }

        public long Order { get; set; }

        public bool Disposed { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            return clock.Arm(this, dueTime, period);
        }

        public void Fire()
        {
            callback(state);
        }

        public void Dispose()
        {
            clock.Disarm(this);
        }

        public ValueTask DisposeAsync()
        {
            clock.Disarm(this);
            return ValueTask.CompletedTask;
        }
    }
}
