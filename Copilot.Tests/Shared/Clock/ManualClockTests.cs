namespace Copilot.Tests.Shared.Clock;

public class ManualClockTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void Advance_SeveralTimersDue_FiresInOrderOfTimeAtTheirTime()
    {
        var start = _clock.GetUtcNow();
        var fired = new List<string>();
        using var late = Timer("late", 3, fired);
        using var early = Timer("early", 1, fired);
        using var never = Timer("never", 5, fired);

        _clock.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal(["early +1", "late +3"], fired);
        Assert.Equal(start.AddSeconds(4), _clock.GetUtcNow());
        Assert.Equal(1, _clock.ArmedTimers);

        ITimer Timer(string name, int seconds, List<string> log)
        {
            return _clock.CreateTimer(
                _ => log.Add($"{name} +{(_clock.GetUtcNow() - start).TotalSeconds}"),
                null,
                TimeSpan.FromSeconds(seconds),
                Timeout.InfiniteTimeSpan);
        }
    }

    [Fact]
    public void Advance_PeriodicTimer_FiresOncePerPeriod()
    {
        var count = 0;
        using var timer = _clock.CreateTimer(_ => count++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

        _clock.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(3, count);
    }

    [Fact]
    public void Advance_TimerArmedByACallback_FiresWithinTheSameAdvance()
    {
        var second = false;
        using var first = _clock.CreateTimer(
            _ => _clock.CreateTimer(_ => second = true, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan),
            null,
            TimeSpan.FromSeconds(1),
            Timeout.InfiniteTimeSpan);

        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.True(second);
    }

    [Fact]
    public void Dispose_BeforeTheTime_NeverFires()
    {
        var timer = _clock.CreateTimer(_ => Assert.Fail("fired"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        timer.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(0, _clock.ArmedTimers);
        Assert.False(timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public async Task WhenTimersArmedAsync_DelayStartedLater_EndsWithIt()
    {
        var armed = _clock.WhenTimersArmedAsync(1);
        Assert.False(armed.IsCompleted);

        var delay = Task.Delay(TimeSpan.FromMinutes(1), _clock);
        await armed;
        _clock.Advance(TimeSpan.FromMinutes(1));

        await delay;
    }

    [Fact]
    public void SetUtcNow_WhileATimerIsArmed_MovesTheWallClockOnly()
    {
        var stamp = _clock.GetTimestamp();
        using var timer = _clock.CreateTimer(_ => Assert.Fail("fired"), null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);

        _clock.SetUtcNow(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));

        Assert.Equal(2027, _clock.GetUtcNow().Year);
        Assert.Equal(TimeSpan.Zero, _clock.GetElapsedTime(stamp));
    }
}
