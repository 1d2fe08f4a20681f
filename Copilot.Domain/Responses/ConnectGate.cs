using Microsoft.Extensions.Options;

namespace Copilot.Domain.Responses;

/// <summary>
/// The one gate through which every socket of the process is opened: so many per second, so many at once, first come first served.
/// When many sockets are cut together, their runs come back at this pace and not all at once.
/// </summary>
/// <remarks>HTTP requests do not pass it: they share pooled connections, and opening that transport opens nothing.</remarks>
internal sealed class ConnectGate(IOptionsMonitor<UpstreamOptions> options, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _line = new();

    /// <summary>When the connects of the last second began; at most as many as may begin in a second.</summary>
    private readonly Queue<long> _begun = new();

    private ITimer? _timer;
    private int _open;

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

    private void Admit()
    {
        var current = options.CurrentValue;
        while (_line.First is { } next && _open < current.MaxConcurrentConnects)
        {
            var now = clock.GetTimestamp();
            while (_begun.TryPeek(out var oldest) && clock.GetElapsedTime(oldest, now) >= s_window)
            {
                _begun.Dequeue();
            }

            if (_begun.Count >= current.MaxConnectsPerSecond)
            {
                LookAgainIn(s_window - clock.GetElapsedTime(_begun.Peek(), now));
                return;
            }

            _line.Remove(next);
            _begun.Enqueue(now);
            _open++;
            next.Value.Admitted.TrySetResult();
        }
    }

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

    private sealed class Waiter
    {
        public TaskCompletionSource Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Turn(ConnectGate gate) : IDisposable
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
