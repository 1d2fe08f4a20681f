using Copilot.Domain.Replay.Clock;
using Copilot.Domain.Replay.Lanes;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Golden;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Components.RunScreen.Lanes;
using Copilot.Web.Components.Timeline.Shared;

namespace Copilot.Tests.Replay;

public sealed class RunLanesTests
{
    private static readonly EventActor s_supervisor = new("usr_2", "Supervisor");

    public static TheoryData<string> Logs => [.. GoldenLog.Names];

    [Theory]
    [MemberData(nameof(Logs))]
    public void Of_GoldenLog_EveryBarIsWhole(string name)
    {
        foreach (var run in GoldenLog.Read(name).Runs)
        {
            var lanes = Lanes(run);

            Assert.Equal(lanes.Bars.Length, lanes.Bars.Select(bar => bar.Id).Distinct().Count());
            foreach (var bar in lanes.Bars)
            {
                AssertWhole(bar);
                Assert.True(bar.From >= lanes.Origin, $"{bar.Id} begins before the run");
                Assert.True(lanes.End is null || bar.To <= lanes.End, $"{bar.Id} goes on after the run");
            }

            AssertRowsAreFree(lanes);
            Assert.All(lanes.Idle, idle => Assert.True(idle.Length >= TimeSpan.FromSeconds(2)));
            Assert.Equal(lanes.Marks.OrderBy(mark => mark.Seq), lanes.Marks);
        }
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public void Of_GoldenLogClippedAnywhere_IsWhatItsBeginningFoldsTo(string name)
    {
        foreach (var run in GoldenLog.Read(name).Runs)
        {
            var whole = TimelineReducer.Apply(TimelineState.Empty, run);
            for (var seq = 1; seq <= run.Count; seq += Math.Max(1, run.Count / 40))
            {
                var clipped = RunLanes.Of(TimelineClip.At(whole, seq));

                Assert.Equal(Describe(Lanes([.. run.Take(seq)])), Describe(clipped));
                Assert.All(clipped.Bars, AssertWhole);
            }
        }
    }

    [Fact]
    public void Of_GoldenLogs_HaveBarsForEveryResponseCallAndConnection()
    {
        foreach (var run in GoldenLog.All.SelectMany(log => log.Runs))
        {
            var state = TimelineReducer.Apply(TimelineState.Empty, run);
            var shown = RunLanes.Of(state).Bars.Select(bar => bar.Item.Ordinal).ToHashSet();

            Assert.DoesNotContain(state.Items, item => item is AttemptItem or ToolCallItem or HostedToolItem or ConnectionItem or SteerItem or UserMessageItem
                && !shown.Contains(item.Ordinal));
        }
    }

    [Fact]
    public void Of_ResponseWithReasoningCallAndText_TellsWhatTheTimeWentInto()
    {
        var log = new RunLogBuilder().Begin().Connect().Send(1, "resp_1")
            .Wait(TimeSpan.FromSeconds(1)).Reasoning(0, "rs_1", "Let me ", "see.")
            .Call(1, "fc_1", "call_1", "stock_search", "{\"q\":", "\"seal\"}")
            .Complete("resp_1")
            .Tool("call_1", "stock_search", """{"q":"seal"}""", "none")
            .Send(2, "resp_2").Message(0, "msg_1", null, "There is ", "none.").Complete("resp_2").End();

        var lanes = Lanes(log.Events);

        var model = lanes.In(Lane.Model).ToList();
        Assert.Equal([LanePhase.Sent, LanePhase.FirstToken, LanePhase.Reasoning, LanePhase.Arguments], Phases(model[0]));
        Assert.Equal([LanePhase.Sent, LanePhase.FirstToken, LanePhase.Text], Phases(model[1]));
        Assert.Equal(TimeSpan.FromMilliseconds(1010), model[0].Segments[1].To - model[0].Segments[1].From);
        var call = Assert.Single(lanes.In(Lane.Tools));
        Assert.Equal([LanePhase.Arguments, LanePhase.Queued, LanePhase.Executing, LanePhase.Result], Phases(call));
        Assert.Equal(model[1].From, call.To);
        Assert.Equal(LaneOutcome.Done, call.Outcome);
        Assert.Equal([LanePhase.Connecting, LanePhase.Connected], Phases(Assert.Single(lanes.In(Lane.Transport))));
        Assert.True(Assert.Single(lanes.In(Lane.People)).IsMoment);
    }

    [Fact]
    public void Of_CallThatWaitsForAPerson_ShowsTheWaitInBothLanesAndAsIdle()
    {
        var log = Asked().Wait(TimeSpan.FromMinutes(5))
            .Own(RunEventTypes.ApprovalApproved, new { }, "call_1", s_supervisor)
            .Own(RunEventTypes.RunResumed, new { reason = "decided" })
            .Own(RunEventTypes.ToolStarted, new { name = "order", deadline_ms = 30000 }, "call_1")
            .Own(RunEventTypes.ToolCompleted, new { name = "order", output = "ok", duration_ms = 5 }, "call_1").End();

        var lanes = Lanes(log.Events);

        Assert.Contains(LanePhase.Approval, Phases(Assert.Single(lanes.In(Lane.Tools))));
        var wait = lanes.In(Lane.People).Single(bar => !bar.IsMoment);
        Assert.Equal(LaneOutcome.Done, wait.Outcome);
        Assert.True(wait.To - wait.From > TimeSpan.FromMinutes(5));
        Assert.True(Assert.Single(lanes.Idle).Length > TimeSpan.FromMinutes(5));
        Assert.Null(lanes.IdleSince);
        Assert.Equal([LaneMarkKind.Person, LaneMarkKind.Approval, LaneMarkKind.Person], lanes.Marks.Select(mark => mark.Kind));
    }

    [Fact]
    public void Of_CallThatStillWaits_IsOpenAndTheRestIsNot()
    {
        var lanes = Lanes(Asked().Events);

        Assert.Null(Assert.Single(lanes.In(Lane.Tools)).To);
        Assert.Null(lanes.In(Lane.People).Single(bar => !bar.IsMoment).To);
        Assert.NotNull(Assert.Single(lanes.In(Lane.Model)).To);
        Assert.Null(lanes.End);
        // The wait goes on from where the work ended.
        Assert.Equal(lanes.In(Lane.Model).Single().To, lanes.IdleSince);
        Assert.Empty(lanes.Idle);
    }

    [Fact]
    public void Of_QuestionOfTheAgent_ShowsTheWaitInBothLanesAndWhoAnswered()
    {
        var log = new RunLogBuilder().Begin().Connect().Send(1, "resp_1")
            .Call(0, "fc_1", "call_1", "ask_user", "{}").Complete("resp_1")
            .Own(RunEventTypes.ToolRequested, new { name = "ask_user", arguments = "{}", read_only = true }, "call_1")
            .Own(RunEventTypes.QuestionAsked, new { question = "Which one?", timeout_ms = 600_000 }, "call_1")
            .Own(RunEventTypes.RunWaiting, new { reason = "question" });
        var open = Lanes(log.Events).In(Lane.People).Single(bar => !bar.IsMoment);
        log.Wait(TimeSpan.FromMinutes(5))
            .Own(RunEventTypes.QuestionAnswered, new { text = "The red one" }, "call_1", s_supervisor)
            .Own(RunEventTypes.ToolCompleted, new { name = "ask_user", output = "The red one", duration_ms = 300_000 }, "call_1")
            .Own(RunEventTypes.RunResumed, new { reason = "answered" }).End();

        var state = TimelineReducer.Apply(TimelineState.Empty, log.Events);
        var lanes = RunLanes.Of(state);

        Assert.Null(open.To);
        Assert.Equal(LaneOutcome.Open, open.Outcome);
        Assert.Contains(LanePhase.Question, Phases(Assert.Single(lanes.In(Lane.Tools))));
        var wait = lanes.In(Lane.People).Single(bar => !bar.IsMoment);
        Assert.Equal([LanePhase.Question], Phases(wait));
        Assert.Equal(LaneOutcome.Done, wait.Outcome);
        Assert.True(Assert.Single(lanes.Idle).Length > TimeSpan.FromMinutes(5));
        Assert.Equal([LaneMarkKind.Person, LaneMarkKind.Approval, LaneMarkKind.Person], lanes.Marks.Select(mark => mark.Kind));
        Assert.Equal(WaitReason.Person, new WaitReasons(state, lanes).Between(wait.From, wait.To!.Value));
        Assert.Equal("Supervisor answered: The red one", LaneText.Label(wait, TimelineNames.None));
    }

    [Fact]
    public void Of_CallsSideBySide_StandUnderOneAnother()
    {
        var log = new RunLogBuilder().Begin().Connect().Send(1, "resp_1")
            .Call(0, "fc_1", "call_1", "a", "{}").Call(1, "fc_2", "call_2", "b", "{}").Complete("resp_1")
            .Tool("call_1", "a", "{}", "1").Tool("call_2", "b", "{}", "2")
            .Send(2, "resp_2").Call(0, "fc_3", "call_3", "c", "{}").Complete("resp_2").Tool("call_3", "c", "{}", "3").End();

        var lanes = Lanes(log.Events);

        Assert.Equal([0, 1, 0], lanes.In(Lane.Tools).Select(bar => bar.Row));
    }

    [Fact]
    public void Of_RequestThatIsSentAgain_HasABarForEachAndOneForTheWait()
    {
        var log = new RunLogBuilder().Begin().Connect().Send(1, "resp_1")
            .Own(RunEventTypes.AttemptSuperseded, new { response_id = "resp_1", reason = "the connection was lost" })
            .Own(RunEventTypes.AttemptRetryScheduled, new { delay_ms = 500, reason = "the connection was lost" })
            .Wait(TimeSpan.FromMilliseconds(500)).Send(2, "resp_2").Message(0, "msg_1", null, "Yes.").Complete("resp_2").End();

        var model = Lanes(log.Events).In(Lane.Model).ToList();

        Assert.Equal([LaneOutcome.Dropped, LaneOutcome.Done, LaneOutcome.Done], model.Select(bar => bar.Outcome));
        Assert.Equal([LanePhase.Retry], Phases(model[1]));
        Assert.Equal(model[2].From, model[1].To);
    }

    private static RunLogBuilder Asked() => new RunLogBuilder().Begin().Connect().Send(1, "resp_1")
        .Call(0, "fc_1", "call_1", "order", "{}").Complete("resp_1")
        .Own(RunEventTypes.ToolRequested, new { name = "order", arguments = "{}", read_only = false }, "call_1")
        .Own(RunEventTypes.ApprovalRequested, new { kind = "tool", name = "order", arguments = "{}", timeout_ms = 600_000 }, "call_1")
        .Own(RunEventTypes.RunWaiting, new { reason = "approval" });

    private static RunLanes Lanes(IReadOnlyList<RunEvent> events) => RunLanes.Of(TimelineReducer.Apply(TimelineState.Empty, events));

    private static IEnumerable<LanePhase> Phases(LaneBar bar) => bar.Segments.Select(segment => segment.Phase);

    private static void AssertWhole(LaneBar bar)
    {
        Assert.NotEmpty(bar.Segments);
        for (var place = 0; place < bar.Segments.Length; place++)
        {
            var segment = bar.Segments[place];
            Assert.True(segment.To is null || segment.To >= segment.From, $"{bar.Id} has a negative part");
            Assert.True(segment.To is not null || place == bar.Segments.Length - 1, $"{bar.Id} is open in its middle");
            Assert.True(place == 0 || bar.Segments[place - 1].To == segment.From, $"{bar.Id} has a hole");
        }
    }

    private static void AssertRowsAreFree(RunLanes lanes)
    {
        foreach (var row in lanes.Bars.GroupBy(bar => (bar.Lane, bar.Row)))
        {
            foreach (var (before, next) in row.Zip(row.Skip(1)))
            {
                Assert.True(before.To <= next.From, $"{before.Id} and {next.Id} overlap");
            }
        }
    }

    private static IEnumerable<string> Describe(RunLanes lanes) => lanes.Bars.Select(bar =>
            $"{bar.Id} {bar.Lane} {bar.Row} {bar.Outcome} {bar.Seq} " + string.Join(' ', bar.Segments.Select(one => $"{one.Phase} {one.From:O}-{one.To:O}")))
        .Concat(lanes.Marks.Select(mark => $"{mark.Kind} {mark.Seq}"))
        .Concat(lanes.Idle.Select(idle => $"idle {idle.From:O}-{idle.To:O}"));
}
