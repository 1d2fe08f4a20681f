namespace Copilot.Tests.Demo.Upstream;

/// <summary>A clock that stands still: a delay never ends by itself. It says when one begins and how many are under way.</summary>
internal sealed class StoppedClock : TimeProvider
{
    private readonly TaskCompletionSource _firstDelay = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _noDelays = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _delays;

    public Task FirstDelay => _firstDelay.Task;

    /// <summary>Ends when the last delay was given up.</summary>
    public Task NoDelays => _noDelays.Task;

    public int Delays => Volatile.Read(ref _delays);

    public TimeSpan LastDelay { get; private set; }

    public override long GetTimestamp() => 0;

    public override DateTimeOffset GetUtcNow() => new(2030, 1, 1, 8, 0, 0, TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        LastDelay = dueTime;
        Interlocked.Increment(ref _delays);
        _firstDelay.TrySetResult();
        return new StoppedTimer(this);
    }

    private sealed class StoppedTimer(StoppedClock clock) : ITimer
    {
        private int _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0 && Interlocked.Decrement(ref clock._delays) == 0)
            {
                clock._noDelays.TrySetResult();
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
