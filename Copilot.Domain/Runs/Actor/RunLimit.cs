namespace Copilot.Domain.Runs.Actor;

/// <summary>A run's time, as an alarm that stands still while the run waits for a person. Only the run's own loop uses it.</summary>
internal sealed class RunLimit : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private TimeSpan _left;
    private long _goingSince;
    private bool _stands;

    public RunLimit(TimeProvider time, TimeSpan limit, Action timeUp)
    {
        _time = time;
        _left = limit;
        _goingSince = time.GetTimestamp();
        _timer = time.CreateTimer(_ => timeUp(), null, limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Stops the clock. Once is enough.</summary>
    public void Pause()
    {
        if (!_stands)
        {
            _stands = true;
            _left -= _time.GetElapsedTime(_goingSince);
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Lets the clock go on with what was left.</summary>
    public void Go()
    {
        if (_stands)
        {
            _stands = false;
            _goingSince = _time.GetTimestamp();
            _timer.Change(_left > TimeSpan.Zero ? _left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer.Dispose();
}
