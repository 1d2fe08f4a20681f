using Copilot.Domain.Replay.Chapters;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Golden;
using Copilot.Tests.Shared.Runs;

namespace Copilot.Tests.Replay;

public sealed class RunChaptersTests
{
    public static TheoryData<string> Logs => [.. GoldenLog.Names];

    [Theory]
    [MemberData(nameof(Logs))]
    public void Of_GoldenLog_IsInOrderAndTellsEveryCallOnce(string name)
    {
        foreach (var run in GoldenLog.Read(name).Runs)
        {
            var state = TimelineReducer.Apply(TimelineState.Empty, run);

            var chapters = RunChapters.Of(state);

            Assert.Equal(chapters.Select(chapter => chapter.Seq).Order(), chapters.Select(chapter => chapter.Seq));
            var calls = chapters.Where(chapter => chapter.Kind is ChapterKind.Tool or ChapterKind.HostedTool).ToList();
            var steps = TimelineSteps.Of(state);
            Assert.Equal(steps.Tools, calls.Sum(chapter => chapter.Count));
            Assert.Equal(steps.Failed, calls.Sum(chapter => chapter.Failed));
            Assert.Equal(steps.NotApproved, calls.Sum(chapter => chapter.NotApproved));
        }
    }

    [Fact]
    public void Of_SameToolInARowAndAQuestion_JoinsTheCallsAndTellsTheQuestionApart()
    {
        var log = new RunLogBuilder().Begin().Connect();
        for (var round = 1; round <= 3; round++)
        {
            log.Send(round, $"resp_{round}").Call(0, $"fc_{round}", $"call_{round}", "stock_search", "{}").Complete($"resp_{round}");
            log.Own(RunEventTypes.ToolRequested, new { name = "stock_search", arguments = "{}" }, $"call_{round}");
            log.Own(RunEventTypes.ToolStarted, new { name = "stock_search", deadline_ms = 100 }, $"call_{round}");
            log.Own(round == 2 ? RunEventTypes.ToolFailed : RunEventTypes.ToolCompleted, new { name = "stock_search", output = "x", duration_ms = 1 }, $"call_{round}");
        }

        log.Send(4, "resp_4").Call(0, "fc_4", "call_4", "order", "{}").Complete("resp_4")
            .Own(RunEventTypes.ToolRequested, new { name = "order", arguments = "{}" }, "call_4")
            .Own(RunEventTypes.ApprovalRequested, new { kind = "tool", name = "order", arguments = "{}", timeout_ms = 1000 }, "call_4")
            .Own(RunEventTypes.RunWaiting, new { reason = "approval" });

        var chapters = RunChapters.Of(TimelineReducer.Apply(TimelineState.Empty, log.Events));

        Assert.Equal([ChapterKind.Asked, ChapterKind.Tool, ChapterKind.Tool, ChapterKind.Approval], chapters.Select(chapter => chapter.Kind));
        Assert.Equal("stock_search", chapters[1].Subject);
        Assert.Equal(3, chapters[1].Count);
        Assert.Equal(1, chapters[1].Failed);
        Assert.Equal("order", chapters[2].Subject);
        Assert.True(chapters[3].IsOpen);
        Assert.Equal(ApprovalState.Waiting, Assert.IsType<ToolCallItem>(chapters[3].Item).Approval.Current!.State);
    }
}
