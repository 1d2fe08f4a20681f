using Microsoft.Extensions.Options;

namespace Copilot.Domain.Responses.Connecting;

/// <summary>
/// The one gate through which every socket of the process is opened: so many per second, so many at once, first come first served.
/// When many sockets are cut together, their runs come back at this pace and not all at once. A few pass together; who comes
/// in a crowd keeps an even distance, so that no second, wherever it begins, holds more than was allowed.
/// </summary>
/// <remarks>
/// A connect counts from when its caller goes on, not from when it was let in: on a busy machine the two lie apart, and what
/// was smeared would meet the next ones. The next is let in only when the one before has begun.
/// HTTP requests do not pass it: they share pooled connections, and opening that transport opens nothing.
/// </remarks>
internal sealed class ConnectRateLimiter(IOptionsMonitor<UpstreamOptions> options, TimeProvider clock) : IDisposable
{
    /// <summary>Above this many per second a timer cannot keep them apart; only the second's count holds then.</summary>
    private const int FinestPace = 500;

    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_noticeable = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _line = new();

    /// <summary>When the connects of the last second began; at most as many as may begin in a second.</summary>
    private readonly Queue<long> _begun = new();

    private ITimer? _timer;
    private int _open;

    /// <summary>When the line would be as far as it is, had all kept their distance since it was last empty; 0 before the first.</summary>
    private long _even;

    /// <summary>One was let in and has not begun yet.</summary>
    private bool _entering;

    /// <summary>How many wait for their turn.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _line.Count;
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

    /// <summary>Whether the last in the line has a wait that people would notice; a short one is not worth telling.</summary>
    public bool IsCrowded
    {
        get
        {
            lock (_lock)
            {
                var current = options.CurrentValue;
                return _line.Count > 0
                    && (_open >= current.MaxConcurrentConnects || Pace.Of(current.MaxConnectsPerSecond).Distance * _line.Count > s_noticeable);
            }
        }
    }

    /// <summary>Waits for a turn. The order of the calls is the order of the turns. Dispose the turn when the connect has ended.</summary>
    /// <exception cref="OperationCanceledException">Given up while waiting; the place in the line is free.</exception>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiter = new Waiter();
        LinkedListNode<Waiter> place;
        lock (_lock)
        {
            place = _line.AddLast(waiter);
            Admit();
        }

        await using (cancellationToken.Register(() => Leave(place, cancellationToken)).ConfigureAwait(false))
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

    private void Leave(LinkedListNode<Waiter> place, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (place.List is not null && place.Value.Admitted.TrySetCanceled(cancellationToken))
            {
                _line.Remove(place);
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
            var now = clock.GetTimestamp();
            _begun.Enqueue(now);
            _even = Math.Max(_even, now) + Ticks(Pace.Of(options.CurrentValue.MaxConnectsPerSecond).Distance);
            _entering = false;
            Admit();
        }
    }

    private void Admit()
    {
        var current = options.CurrentValue;
        if (_line.First is not { } next || _entering || _open >= current.MaxConcurrentConnects)
        {
            return;
        }

        var wait = UntilDue(current.MaxConnectsPerSecond);
        if (wait > TimeSpan.Zero)
        {
            LookAgainIn(wait);
            return;
        }

        _line.Remove(next);
        _entering = true;
        _open++;
        next.Value.Admitted.TrySetResult();
    }

    /// <summary>How long until another may begin.</summary>
    private TimeSpan UntilDue(int perSecond)
    {
        var now = clock.GetTimestamp();
        while (_begun.TryPeek(out var oldest) && clock.GetElapsedTime(oldest, now) >= s_window)
        {
            _begun.Dequeue();
        }

        // The count of the second still holds what a faster pace began before the setting was changed.
        var pace = Pace.Of(perSecond);
        var apart = _even <= now ? TimeSpan.Zero : clock.GetElapsedTime(now, _even) - (pace.Distance * (pace.Together - 1));
        var window = _begun.Count < perSecond ? TimeSpan.Zero : s_window - clock.GetElapsedTime(_begun.ElementAt(_begun.Count - perSecond), now);
        return apart > window ? apart : window;
    }

    /// <summary>A duration in the clock's ticks, never less.</summary>
    private long Ticks(TimeSpan duration) => (long)Math.Ceiling(duration.Ticks * ((double)clock.TimestampFrequency / TimeSpan.TicksPerSecond));

    private void LookAgainIn(TimeSpan due)
    {
        // A timer may fire a little early and counts in milliseconds; rounding up keeps it from spinning.
        var rounded = TimeSpan.FromMilliseconds(Math.Ceiling(due.TotalMilliseconds));
        _timer ??= clock.CreateTimer(_ => LookAgain(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(rounded, Timeout.InfiniteTimeSpan);
    }

    private void LookAgain()
    {
        lock (_lock)
        {
            if (_timer is not null)
            {
                Admit();
            }
        }
    }

    /// <param name="Together">How many may begin at the same time after a pause.</param>
    /// <param name="Distance">How far apart they begin in a crowd. Those together and those a distance apart fill a second and no more.</param>
    private readonly record struct Pace(int Together, TimeSpan Distance)
    {
        public static Pace Of(int perSecond)
        {
            if (perSecond > FinestPace)
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

    private sealed class Turn(ConnectRateLimiter gate) : IDisposable
    {
        private int _released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
            {
                gate.Release();
            }
        }
    }
}
