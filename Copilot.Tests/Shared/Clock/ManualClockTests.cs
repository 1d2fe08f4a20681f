namespace Copilot.Tests.Shared.Clock;

public class ManualClockTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void Advance_SomeTimersDue_CountsTheOthers()
    {
        var fired = new List<string>();
        using var late = Timer("late", 3);
        using var early = Timer("early", 1);
        using var never = Timer("never", 5);

        _clock.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal(["early", "late"], fired);
        Assert.Equal(1, _clock.ArmedTimers);

        ITimer Timer(string name, int seconds) =>
            _clock.CreateTimer(_ => fired.Add(name), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
    }

    [Fact]
    public void Advance_PeriodicTimer_FiresOncePerPeriodAndStaysArmed()
    {
        var count = 0;
        using var timer = _clock.CreateTimer(_ => count++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

        _clock.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(3, count);
        Assert.Equal(1, _clock.ArmedTimers);
    }

    [Fact]
    public void Change_InTheCallback_ArmsAnew()
    {
        var count = 0;
        ITimer timer = null!;
        timer = _clock.CreateTimer(
            _ =>
            {
                count++;
                timer.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
            },
            null,
            TimeSpan.FromSeconds(1),
            Timeout.InfiniteTimeSpan);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, count);
        Assert.Equal(1, _clock.ArmedTimers);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, count);
        Assert.Equal(1, _clock.ArmedTimers);

        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Assert.Equal(0, _clock.ArmedTimers);
        timer.Dispose();
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

        var delay = Task.Delay(TimeSpan.FromMinutes(1), _clock, CancellationToken.None);
        await armed;
        _clock.Advance(TimeSpan.FromMinutes(1));

        await delay;
    }
}
