using Copilot.Domain.Replay;
using Copilot.Domain.Runs.Events;
using Copilot.Tests.Golden;
using Copilot.Tests.Shared.Runs;

namespace Copilot.Tests.Replay;

public sealed class EventDensityTests
{
    public static TheoryData<string> Logs => [.. GoldenLog.Names];

    [Theory]
    [MemberData(nameof(Logs))]
    public void Apply_GoldenLog_CountsEveryEventHoweverTheyAreBatched(string name)
    {
        foreach (var run in GoldenLog.Read(name).Runs)
        {
            var whole = EventDensity.Empty.Apply(run);
            var single = run.Aggregate(EventDensity.Empty, (density, one) => density.Apply([one]));

            Assert.Equal(run.Count, whole.Counts.Sum());
            Assert.All(whole.Counts, count => Assert.True(count >= 0));
            Assert.Equal(whole.LastSeqs, single.LastSeqs);
            Assert.Equal(whole.Width, single.Width);
            Assert.True(whole.LastSeqs.Length <= EventDensity.MaxBuckets);
        }
    }

    [Fact]
    public void Apply_RunThatRestsForDays_KeepsToItsStretches()
    {
        var log = new RunLogBuilder().Begin().Wait(TimeSpan.FromDays(3)).Connect();

        var density = EventDensity.Empty.Apply(log.Events);

        Assert.True(density.LastSeqs.Length <= EventDensity.MaxBuckets);
        Assert.Equal(3, density.LastSeqs[0]);
        Assert.Equal(5, density.LastSeqs[^1]);
    }

    [Fact]
    public void Apply_EventsAgain_ChangesNothing()
    {
        var log = new RunLogBuilder().Begin().Connect();
        var density = EventDensity.Empty.Apply(log.Events);

        Assert.Equal(density.LastSeqs, density.Apply(log.Events).LastSeqs);
    }

    [Fact]
    public void SeqAt_MomentOfTheRun_IsTheNewestEventThen()
    {
        var log = new RunLogBuilder().Begin().Wait(TimeSpan.FromSeconds(10)).Connect().Wait(TimeSpan.FromSeconds(10)).End();
        var density = EventDensity.Empty.Apply(log.Events);
        var origin = log.Events[0].At;

        Assert.Equal(0, density.SeqAt(origin - TimeSpan.FromSeconds(1)));
        Assert.Equal(3, density.SeqAt(origin + TimeSpan.FromSeconds(5)));
        Assert.Equal(5, density.SeqAt(origin + TimeSpan.FromSeconds(15)));
        Assert.Equal(7, density.SeqAt(origin + TimeSpan.FromHours(1)));
        Assert.Equal(0, EventDensity.Empty.SeqAt(origin));
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public void TimeOf_EventOfAGoldenLog_LiesInItsStretch(string name)
    {
        foreach (var run in GoldenLog.Read(name).Runs)
        {
            var density = EventDensity.Empty.Apply(run);

            Assert.All(run, one => Assert.InRange((density.TimeOf(one.Seq)!.Value - one.At).Duration(), TimeSpan.Zero, density.Width));
            Assert.Equal(run.Count, density.SeqAt(density.TimeOf(run.Count)!.Value));
        }
    }

    [Fact]
    public void Apply_ClockIsSetBack_KeepsTheOrderOfTheLog()
    {
        var log = new RunLogBuilder().Begin().Wait(TimeSpan.FromSeconds(10)).Connect().Wait(TimeSpan.FromSeconds(-8)).Connect();

        var density = EventDensity.Empty.Apply(log.Events);

        Assert.Equal(log.Events.Count, density.LastSeqs[^1]);
        Assert.Equal(density.LastSeqs.Order(), density.LastSeqs);
    }
}
