namespace Copilot.Domain.Runs.Actor;

/// <summary>
/// A run's time, as an alarm that stands still until the run begins and while it waits for a person. Only the run's own loop uses it.
/// </summary>
internal sealed class RunLimit(TimeProvider time, TimeSpan limit, Action timeUp) : IDisposable
{
    private TimeSpan _left = limit;
    private ITimer? _timer;
    private long _goingSince;
    private bool _goes;

    /// <summary>Stops the clock. Once is enough.</summary>
    public void Pause()
    {
        if (_goes)
        {
            _goes = false;
            _left -= time.GetElapsedTime(_goingSince);
            _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Starts the clock, or lets it go on with what was left.</summary>
    public void Go()
    {
        if (_goes)
        {
            return;
        }

        _goes = true;
        _goingSince = time.GetTimestamp();
        var left = _left > TimeSpan.Zero ? _left : TimeSpan.Zero;
        if (_timer is null)
        {
            _timer = time.CreateTimer(_ => timeUp(), null, left, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _timer.Change(left, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer?.Dispose();
}
