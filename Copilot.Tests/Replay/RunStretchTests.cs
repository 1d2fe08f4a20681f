using Copilot.Domain.Replay;
using Copilot.Domain.Replay.Clock;
using Copilot.Domain.Replay.Lanes;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Golden;
using Copilot.Tests.Shared.Runs;

namespace Copilot.Tests.Replay;

public sealed class RunStretchTests
{
    public static TheoryData<string> Logs => [.. GoldenLog.Names];

    [Theory]
    [MemberData(nameof(Logs))]
    public void Of_TwoHalvesOfAGoldenLog_AreTogetherTheWhole(string name)
    {
        foreach (var run in GoldenLog.Read(name).Runs.Where(run => run.Count > 3))
        {
            var middle = run.Count / 2;
            var whole = Measure(run, new SeqRange(1, run.Count));
            var first = Measure(run, new SeqRange(1, middle));
            var second = Measure(run, new SeqRange(middle + 1, run.Count));

            Assert.Equal(run[^1].At - run[0].At, whole.Time);
            Assert.Equal(whole.Bytes, first.Bytes + second.Bytes);
            Assert.Equal(whole.Usage.InputTokens, first.Usage.InputTokens + second.Usage.InputTokens);
            Assert.Equal(whole.Usage.OutputTokens, first.Usage.OutputTokens + second.Usage.OutputTokens);
            Assert.Equal(whole.CostMicros ?? 0, (first.CostMicros ?? 0) + (second.CostMicros ?? 0));
            Assert.True(whole.ToolTime <= whole.Time);
            Assert.True(whole.WaitingTime <= whole.Time);
        }
    }

    [Fact]
    public void Of_StretchWithAToolAndAWait_TellsHowLongEachTook()
    {
        var log = new RunLogBuilder().Begin().Connect().Send(1, "resp_1").Call(0, "fc_1", "call_1", "stock_search", "{}").Complete("resp_1");
        var first = log.Events.Count + 1;
        log.Tool("call_1", "stock_search", "{}", "none")
            .Own(RunEventTypes.RunWaiting, new { reason = "approval" }).Wait(TimeSpan.FromSeconds(7))
            .Own(RunEventTypes.RunResumed, new { }).Send(2, "resp_2").Message(0, "msg_1", null, "None.").Complete("resp_2").End();

        var stretch = Measure(log.Events, new SeqRange(first, log.Events.Count));

        Assert.Equal(TimeSpan.FromMilliseconds(1210), stretch.ToolTime);
        // 10 ms between the request for the tool and its start, and the person.
        Assert.Equal(TimeSpan.FromMilliseconds(7020), stretch.WaitingTime);
        Assert.Equal(100, stretch.Usage.InputTokens);
        Assert.Equal(stretch.Range.Last, log.Events.Count);
    }

    [Theory]
    [InlineData("7", 7, 7)]
    [InlineData("3..9", 3, 9)]
    [InlineData("9..3", 3, 9)]
    [InlineData("1..9223372036854775807", 1, long.MaxValue)]
    public void TryParse_PlaceInAnAddress_IsRead(string text, long first, long last)
    {
        Assert.True(SeqRange.TryParse(text, out var range));
        Assert.Equal(new SeqRange(first, last), range);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("0..4")]
    [InlineData("4..0")]
    [InlineData("1..2..3")]
    [InlineData("a..b")]
    [InlineData("..")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    [InlineData("<script>")]
    public void TryParse_AnythingElse_IsNot(string? text) => Assert.False(SeqRange.TryParse(text, out _));

    private static RunStretch Measure(IReadOnlyList<RunEvent> events, SeqRange range)
    {
        var state = TimelineReducer.Apply(TimelineState.Empty, events);
        return RunStretch.Of(state, RunLanes.Of(state), EventTimes.Empty.Apply(events), range)!;
    }
}
