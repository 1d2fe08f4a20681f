using Copilot.Domain.Runs.Actor;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;

namespace Copilot.Tests.Runs.Actor;

public sealed class RunLimitTests
{
    private readonly ManualClock _clock = new();
    private int _alarms;

    [Fact]
    public void Pause_FromThenOn_NoTimePasses()
    {
        using var limit = new RunLimit(_clock, TimeSpan.FromMinutes(60), () => _alarms++);
        _clock.Advance(TimeSpan.FromMinutes(90));
        limit.Go();
        _clock.Advance(TimeSpan.FromMinutes(40));
        limit.Pause();
        _clock.Advance(TimeSpan.FromDays(3));
        limit.Pause();
        limit.Go();
        limit.Go();

        _clock.Advance(TimeSpan.FromMinutes(20) - TimeSpan.FromTicks(1));
        Assert.Equal(0, _alarms);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(1, _alarms);
    }

    [Fact]
    public void Dispose_WhileItGoes_NeverRings()
    {
        using (var limit = new RunLimit(_clock, TimeSpan.FromMinutes(1), () => _alarms++))
        {
            limit.Go();
        }

        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(0, _alarms);
        Assert.Equal(0, _clock.ArmedTimers);
    }
}
