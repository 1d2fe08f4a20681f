using Copilot.Domain.Replay.Clock;
using Copilot.Domain.Replay.Lanes;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Golden;
using Copilot.Tests.Shared.Runs;

namespace Copilot.Tests.Replay;

public sealed class PlaybackClockTests
{
    public static TheoryData<string> Logs => [.. GoldenLog.Names];

    /// <summary>Speed, a wait in seconds, and how long it takes to play.</summary>
    public static TheoryData<double, double, double> PlayedWaits => new()
    {
        { 1, 1, 1 },
        { 1, 2, 2 },
        { 1, 2.001, 0.6 },
        { 1, 600, 0.6 },
        { 1, 600.001, 0 },
        { 0.5, 1, 2 },
        { 0.5, 1.001, 0.6 },
        { 2, 4, 2 },
        { 2, 4.001, 0.6 },
        { 8, 16, 2 },
        { 8, 200, 0.6 },
        { 64, 128, 2 },
        { 64, 129, 0.6 },
        { 64, 7200, 0 },
        { 1000, 128, 2 },
        { 0.1, 1, 2 },
        { double.NaN, 1, 1 },
    };

    [Theory]
    [MemberData(nameof(PlayedWaits))]
    public void Of_Wait_TakesAsLongAsItsSpeedSays(double speed, double wait, double takes)
    {
        var clock = Clock(new PlaybackSettings(speed, null, SkipsIdle: true), 0, wait);

        Assert.Equal(TimeSpan.FromSeconds(takes), clock.PlayLength);
        Assert.Equal(TimeSpan.FromSeconds(wait), clock.RunLength);
    }

    [Theory]
    [InlineData(0.5, 20)]
    [InlineData(1, 10)]
    [InlineData(4, 2.5)]
    public void Of_IdleIsPlayed_TakesItsTime(double speed, double takes) =>
        Assert.Equal(TimeSpan.FromSeconds(takes), Clock(new PlaybackSettings(speed, null, SkipsIdle: false), 0, 10).PlayLength);

    [Theory]
    [InlineData(5)]
    [InlineData(30)]
    [InlineData(90)]
    [InlineData(1)]
    public void Of_FitToSeconds_TakesExactlyThem(double seconds)
    {
        var clock = Clock(new PlaybackSettings(1, TimeSpan.FromSeconds(seconds), SkipsIdle: true), 0, 1, 2, 3, 200, 201, 202, 205, 1000, 1001, 5000, 5001);

        Assert.Equal(seconds, clock.PlayLength.TotalSeconds, 3);
        Assert.All(clock.Waits, wait => Assert.True(wait.PlayTo - wait.PlayFrom <= PlaybackClock.PassedWait));
    }

    [Fact]
    public void Of_FitOfARunOfNothingButWaits_TakesNoLonger() =>
        Assert.True(Clock(new PlaybackSettings(1, TimeSpan.FromMinutes(1), SkipsIdle: true), 0, 100, 200).PlayLength <= TimeSpan.FromMinutes(1));

    [Theory]
    [MemberData(nameof(Logs))]
    public void RunAt_GoldenLogAtAnySpeed_GoesOnWithoutHolesAndComesBack(string name)
    {
        foreach (var run in GoldenLog.Read(name).Runs)
        {
            var state = TimelineReducer.Apply(TimelineState.Empty, run);
            var times = EventTimes.Empty.Apply(run);
            foreach (var speed in PlaybackSettings.Speeds)
            {
                var clock = PlaybackClock.Of(times, new WaitReasons(state, RunLanes.Of(state)), new PlaybackSettings(speed, null, SkipsIdle: true));

                Assert.Equal(times.Origin, clock.RunAt(TimeSpan.Zero));
                Assert.Equal(times.Newest, clock.RunAt(clock.PlayLength + TimeSpan.FromTicks(1)));
                for (var place = 1; place < clock.Segments.Length; place++)
                {
                    Assert.Equal(clock.Segments[place - 1].RunTo, clock.Segments[place].RunFrom);
                    Assert.Equal(clock.Segments[place - 1].PlayTo, clock.Segments[place].PlayFrom);
                }

                var before = times.Origin!.Value;
                for (var part = 0; part <= 20; part++)
                {
                    var at = clock.RunAt(clock.PlayLength * part / 20);
                    Assert.True(at >= before);
                    Assert.True((clock.RunAt(clock.PlayAt(at)) - at).Duration() < TimeSpan.FromMilliseconds(1));
                    before = at;
                }
            }
        }
    }

    [Fact]
    public void RunAt_InAWaitThatIsPassed_IsInItsMiddleAfterHalfOfIt()
    {
        var clock = Clock(PlaybackSettings.Default, 0, 1, 101, 102);

        Assert.Equal(clock.Origin + TimeSpan.FromSeconds(51), clock.RunAt(TimeSpan.FromSeconds(1.3)));
        Assert.Equal(TimeSpan.FromSeconds(1.3), clock.PlayAt(clock.Origin + TimeSpan.FromSeconds(51)));
        Assert.Equal(TimeSpan.FromSeconds(2.6), clock.PlayLength);
    }

    [Fact]
    public void Waits_OfARun_SayWhatWasWaitedFor()
    {
        var second = TimeSpan.FromSeconds(30);
        var log = new RunLogBuilder().Begin().Wait(second).Connect().Send(1, "resp_1").Wait(second)
            .Call(0, "fc_1", "call_1", "stock_search", "{}").Complete("resp_1")
            .Own(RunEventTypes.ToolRequested, new { name = "stock_search", arguments = "{}" }, callId: "call_1")
            .Own(RunEventTypes.ToolStarted, new { name = "stock_search" }, callId: "call_1").Wait(second)
            .Own(RunEventTypes.ToolCompleted, new { name = "stock_search", output = "3" }, callId: "call_1")
            .Own(RunEventTypes.RunWaiting, new { reason = "approval" }).Wait(second)
            .Own(RunEventTypes.RunResumed, new { })
            .Own(RunEventTypes.AttemptRetryScheduled, new { delay_ms = 30000, reason = "busy" }).Wait(second)
            .Send(2, "resp_2").Message(0, "msg_1", null, "Three.").Complete("resp_2").End();

        Assert.Equal(
            [WaitReason.Nothing, WaitReason.Model, WaitReason.Tool, WaitReason.Person, WaitReason.Transport],
            Clock(PlaybackSettings.Default, log.Events).Waits.Where(wait => wait.RunLength >= second).Select(wait => wait.Wait!.Value));
    }

    [Fact]
    public void Of_NoEvents_IsEmpty() =>
        Assert.Equal(TimeSpan.Zero, PlaybackClock.Of(EventTimes.Empty, new WaitReasons(TimelineState.Empty, RunLanes.Empty), PlaybackSettings.Default).PlayLength);

    // A run with an event at each of these seconds.
    private static PlaybackClock Clock(PlaybackSettings settings, params double[] seconds)
    {
        var log = new RunLogBuilder();
        var start = log.Now;
        foreach (var second in seconds)
        {
            log.Now = start + TimeSpan.FromSeconds(second);
            log.Own(RunEventTypes.RunStarted, new { });
        }

        return Clock(settings, log.Events);
    }

    private static PlaybackClock Clock(PlaybackSettings settings, IReadOnlyList<RunEvent> events)
    {
        var state = TimelineReducer.Apply(TimelineState.Empty, events);
        return PlaybackClock.Of(EventTimes.Empty.Apply(events), new WaitReasons(state, RunLanes.Of(state)), settings);
    }
}
