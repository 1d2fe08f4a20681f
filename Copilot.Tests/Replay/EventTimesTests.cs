using Copilot.Domain.Replay.Clock;
using Copilot.Tests.Golden;
using Copilot.Tests.Shared.Runs;

namespace Copilot.Tests.Replay;

public sealed class EventTimesTests
{
    public static TheoryData<string> Logs => [.. GoldenLog.Names];

    [Theory]
    [MemberData(nameof(Logs))]
    public void TimeOf_EveryEventOfAGoldenLog_IsExactHoweverTheyWereBatched(string name)
    {
        foreach (var run in GoldenLog.Read(name).Runs)
        {
            var single = run.Aggregate(EventTimes.Empty, (times, one) => times.Apply([one]));
            var whole = EventTimes.Empty.Apply(run);
            foreach (var one in run)
            {
                Assert.Equal(one.At, single.TimeOf(one.Seq));
                Assert.Equal(one.At, whole.TimeOf(one.Seq));
                Assert.Equal(run.Last(other => other.At == one.At).Seq, whole.SeqAt(one.At));
                Assert.Equal(run.Count(other => other.At < one.At), whole.SeqAt(one.At - TimeSpan.FromMicroseconds(1)));
            }

            Assert.Equal(run.Skip(2).Sum(one => one.Data.Length), whole.BytesOf(3, run.Count));
            Assert.Equal(whole.BytesOf(1, run.Count), single.BytesOf(0, long.MaxValue));
        }
    }

    [Fact]
    public void Apply_ToAnOlderValue_LeavesTheNewerOneAsItWas()
    {
        var log = new RunLogBuilder().Begin().Connect().Wait(TimeSpan.FromSeconds(3)).End();
        var older = EventTimes.Empty.Apply([.. log.Events.Take(2)]);
        var newer = older.Apply([.. log.Events.Skip(2)]);

        var other = older.Apply([.. log.Events.Skip(2).Take(1)]);

        Assert.Equal(3, other.Count);
        Assert.Equal(log.Events.Select(one => (DateTimeOffset?)one.At), Enumerable.Range(1, newer.Count).Select(seq => newer.TimeOf(seq)));
        Assert.Same(newer, newer.Apply(log.Events));
    }

    [Fact]
    public void Apply_AClockThatWasSetBack_PutsNothingBeforeWhatCameBeforeIt()
    {
        var log = new RunLogBuilder().Begin().Wait(TimeSpan.FromMinutes(-5)).Connect();

        var times = EventTimes.Empty.Apply(log.Events);

        Assert.Equal(times.TimeOf(3), times.TimeOf(4));
        Assert.Equal(times.Count, times.SeqAt(times.Newest!.Value));
    }
}
