using Bunit;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Timeline;
using Copilot.Web.Components.Timeline.Rows.HostedTools;
using Copilot.Web.Components.Timeline;
using Copilot.Web.Components.Timeline.Cards;
using Copilot.Web.Components.Timeline.Rows;
using Copilot.Web.Components.Timeline.Shared;

namespace Copilot.Tests.Components.Timeline;

public sealed class RunTimelineTests : TimelineContext
{
    [Fact]
    public void Render_Folded_IsANamedRegionOfOneLine()
    {
        var timeline = Render<RunTimeline>(p => p.Add(t => t.State, FoldUntil(Recordings.Booking(), RunEventTypes.ToolStarted)));

        Assert.Equal(TimelineText.Label, timeline.Find("section").GetAttribute("aria-label"));
        Assert.Equal("running", timeline.Find("section").GetAttribute("data-status"));
        Assert.Equal("Crm find customer: Contoso", timeline.Find(".words").TextContent);
        Assert.Equal("+1 more", timeline.Find(".others").TextContent);
        Assert.Equal("30000", timeline.Find("svg.ring").GetAttribute("data-deadline"));
        Assert.Equal("false", timeline.Find("button").GetAttribute("aria-expanded"));
        Assert.Empty(timeline.FindAll("ol"));
    }

    [Fact]
    public void Render_SocketThatNeverOpened_DoesNotSayItWasConnected()
    {
        var log = new RunLogBuilder().Begin()
            .Own(RunEventTypes.TransportConnecting, new { kind = "websocket", host = "api.example.com" })
            .Own(RunEventTypes.TransportClosed, new { kind = "websocket", reason = "refused" });

        Assert.StartsWith($"WebSocket to api.example.com · {TimelineText.NotOpened}", FirstStep(log), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_ConnectionLost_SaysSoAndWhy()
    {
        var log = new RunLogBuilder().Begin().Connect()
            .Own(RunEventTypes.TransportLost, new { kind = "websocket", reason = "the keep-alive was not answered" });

        Assert.StartsWith(
            $"WebSocket to api.example.com · {TimelineText.Lost} · the keep-alive was not answered", FirstStep(log), StringComparison.Ordinal);
    }

    [Fact]
    public void Click_OnTheLine_AsksThePageToUnfold()
    {
        bool? asked = null;
        var timeline = Render<RunTimeline>(p => p
            .Add(t => t.State, Fold(Recordings.Booking()))
            .Add(t => t.FoldedChanged, folded => asked = folded));

        timeline.Find("button.fold").Click();

        Assert.False(asked);
        Assert.Empty(timeline.FindAll("ol"));
    }

    [Fact]
    public void Render_AfterTheRun_SaysWhatItTook()
    {
        var timeline = Render<RunTimeline>(p => p.Add(t => t.State, Fold(Recordings.Booking())));

        Assert.Equal("Used 2 tools · 3.4 s", timeline.Find(".words").TextContent);
        Assert.Empty(timeline.FindAll("[data-since]"));
    }

    [Fact]
    public void Render_Unfolded_ShowsEveryStepInOrder()
    {
        var timeline = Render<RunTimeline>(p => p.Add(t => t.State, Fold(Recordings.Booking())).Add(t => t.Folded, false));

        var steps = timeline.FindAll("ol > li").Select(step => string.Join(' ', step.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).ToList();
        Assert.Equal(9, steps.Count);
        Assert.StartsWith($"WebSocket to api.example.com · {TimelineText.Connected} in 84 ms, closed (1000)", steps[0], StringComparison.Ordinal);
        Assert.StartsWith($"{TimelineText.Request(1)} · {TimelineText.FullInput}, 2 items, 1.2 KB · {TimelineText.FirstEventAfter} 10 ms · 100 in (40 cached) · 20 out (5 reasoning)", steps[1], StringComparison.Ordinal);
        Assert.StartsWith("Looking up the customer Contoso first.", steps[2], StringComparison.Ordinal);
        Assert.StartsWith("Let me look.", steps[3], StringComparison.Ordinal);
        var calls = Fold(Recordings.Booking()).ToolCalls.ToList();
        Assert.Equal($"Crm find customer Contoso 1.2 s{Began(calls[0])}", steps[4]);
        Assert.Equal($"Inventory search pump 1.2 s{Began(calls[1])}", steps[5]);
        Assert.StartsWith($"{TimelineText.Request(2)} · {TimelineText.Incremental}", steps[6], StringComparison.Ordinal);
        Assert.StartsWith($"{TimelineText.Answer} · 24 characters", steps[7], StringComparison.Ordinal);
        Assert.StartsWith("Completed after 3.4 s · 200 in (80 cached) · 40 out (10 reasoning)", steps[8], StringComparison.Ordinal);
    }

    [Fact]
    public void Render_Unfolded_HasABarForEachStepOnTheScaleOfTheRun()
    {
        var state = Fold(Recordings.Booking());
        var timeline = Render<RunTimeline>(p => p.Add(t => t.State, state).Add(t => t.Folded, false));

        var created = state.CreatedAt!.Value;
        Assert.Equal(
            state.ToolCalls.Select(call => FormattableString.Invariant($"--from: {(call.StartedAt!.Value - created).TotalMilliseconds}; --for: {call.Duration!.Value.TotalMilliseconds}")),
            timeline.FindAll(".tool .time-bar").Select(bar => bar.GetAttribute("style")));
        Assert.Equal(5, timeline.FindAll(".row .time-bar").Count);
        Assert.Empty(timeline.FindAll(".time-bar.open"));
        var span = state.EndedAt!.Value - created;
        Assert.Equal(FormattableString.Invariant($"--span: {span.TotalMilliseconds}"), timeline.Find("ol").GetAttribute("style"));
    }

    [Fact]
    public void Render_ToolThatRuns_HasABarWithoutAnEnd()
    {
        var timeline = Render<RunTimeline>(p => p.Add(t => t.State, FoldUntil(Recordings.Booking(), RunEventTypes.ToolStarted)).Add(t => t.Folded, false));

        Assert.Single(timeline.FindAll(".tool .time-bar.open"));
    }

    private static string Began(ToolCallItem call) =>
        TimelineFigures.Offset(call.StartedAt!.Value, Fold(Recordings.Booking()).CreatedAt!.Value.UtcTicks);

    [Fact]
    public void Render_WordsThatSteeringMadeTheModelSayAgain_AreShownOnce()
    {
        var log = new RunLogBuilder().Begin().Connect()
            .Send(1, "resp_1")
            .Reasoning(0, "rs_1", "I put the pump", " aside.")
            .Frame("""{"type":"response.incomplete","response":{"id":"resp_1","status":"incomplete","incomplete_details":{"reason":"steered"}}}""")
            .Frame("""{"type":"response.created","response":{"id":"resp_2","status":"in_progress","output":[]}}""")
            .Reasoning(0, "rs_2", "I put the pump aside", ". And shortly.")
            .Reasoning(1, "rs_3", "Something else.")
            .Complete("resp_2");
        var timeline = Render<RunTimeline>(p => p.Add(t => t.State, Fold(log)).Add(t => t.Folded, false));

        Assert.Equal(
            ["I put the pump aside. And shortly.", "Something else."],
            timeline.FindAll("li:not(.technical) .thoughts").Select(thought => thought.TextContent.Trim()));
        Assert.Equal("I put the pump aside.", timeline.Find("li.technical .thoughts").TextContent.Trim());
        Assert.DoesNotContain(timeline.FindAll("li:not(.technical)"), step => step.TextContent.Contains(TimelineText.IncompleteLabel, StringComparison.Ordinal));
    }

    [Fact]
    public void Render_OverHttp_DiffersOnlyInTheConnection()
    {
        static string Steps(IRenderedComponent<RunTimeline> timeline) =>
            string.Join('\n', timeline.FindAll("ol > li .what").Select(step => step.TextContent).Where(step => !step.Contains("api.example.com", StringComparison.Ordinal)));
        RunLogBuilder Log(string kind) => new RunLogBuilder().Begin().Connect(kind).Send(1, "r").Message(0, "m", null, "Hi").Complete("r").End();

        var socket = Render<RunTimeline>(p => p.Add(t => t.State, Fold(Log("websocket"))).Add(t => t.Folded, false));
        var http = Render<RunTimeline>(p => p.Add(t => t.State, Fold(Log("http"))).Add(t => t.Folded, false));

        Assert.Equal(Steps(socket), Steps(http));
        Assert.Equal(["WebSocket", "HTTP"], new[] { socket, http }.Select(timeline => timeline.Find("ol > li strong").TextContent));
    }

    [Fact]
    public void Render_AFailure_SaysWhatHappenedAndWhatToDo()
    {
        var timeline = Render<RunTimeline>(p => p.Add(t => t.State, Fold(Recordings.FellBackAndFailed())).Add(t => t.Folded, false));

        Assert.Contains("Switched to HTTP", timeline.Markup, StringComparison.Ordinal);
        Assert.Contains("The server refused the socket (426).", timeline.Markup, StringComparison.Ordinal);
        Assert.Contains("The model broke.", timeline.Find(".error").TextContent, StringComparison.Ordinal);
        Assert.Contains("Try again.", timeline.Find(".error").TextContent, StringComparison.Ordinal);
        Assert.Equal("Failed after 900 ms", timeline.Find(".words").TextContent);
    }

    [Fact]
    public void Render_ASupersededResponse_StrikesItsItems()
    {
        var timeline = Render<RunTimeline>(p => p.Add(t => t.State, Fold(Recordings.CutAndSentAgain())).Add(t => t.Folded, false));

        Assert.Contains("Half an ans", timeline.Find(".struck .said").TextContent, StringComparison.Ordinal);
        Assert.Single(timeline.FindAll(".tool.superseded"));
        Assert.Contains(TimelineText.Retrying, timeline.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_ADelta_DrawsOnlyTheItemThatGrew()
    {
        var log = Recordings.Booking();
        var delta = log.Events.Last(e => e.Type == "response.output_text.delta");
        var state = TimelineReducer.Apply(TimelineState.Empty, log.Events.TakeWhile(e => e != delta));
        var timeline = Render<RunTimeline>(p => p.Add(t => t.State, state).Add(t => t.Folded, false));
        var cards = timeline.FindComponents<ToolCard>();
        var attempts = timeline.FindComponents<AttemptLine>();
        var rows = timeline.FindComponents<TimelineRow>();
        var ticks = timeline.FindComponents<TickingTime>();
        var answer = timeline.FindComponents<AnswerLine>()[^1];
        List<int> Counts() => [.. cards.Select(c => c.RenderCount), .. attempts.Select(c => c.RenderCount), .. ticks.Select(c => c.RenderCount)];
        var before = Counts();
        var rowsBefore = rows.Sum(row => row.RenderCount);

        timeline.Render(p => p.Add(t => t.State, TimelineReducer.Apply(state, delta)));

        Assert.Equal(before, Counts());
        Assert.Equal(rowsBefore + 1, rows.Sum(row => row.RenderCount));
        Assert.Contains(TimelineText.WritingAnswer, answer.Markup, StringComparison.Ordinal);
        Assert.Contains("24 characters", answer.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_TheSameState_DrawsNothing()
    {
        var state = Fold(Recordings.Booking());
        var timeline = Render<RunTimeline>(p => p.Add(t => t.State, state).Add(t => t.Folded, false));

        timeline.Render(p => p.Add(t => t.State, state));

        Assert.Equal(1, timeline.RenderCount);
    }

    [Fact]
    public void Render_ALongRun_ShowsAWindowAndTheEarlierOnDemand()
    {
        var log = new RunLogBuilder().Begin();
        for (var n = 0; n < 450; n++)
        {
            log.Own($"custom.{n}", new { n });
        }

        var timeline = Render<RunTimeline>(p => p.Add(t => t.State, Fold(log)).Add(t => t.Folded, false));
        Assert.Equal(RunTimeline.Window, timeline.FindAll("ol > li").Count);
        Assert.Equal(TimelineText.ShowEarlier(200, 251), timeline.Find("button.earlier").TextContent);

        timeline.Find("button.earlier").Click();
        timeline.Find("button.earlier").Click();

        Assert.Equal(450, timeline.FindAll("ol > li").Count);
        Assert.Empty(timeline.FindAll("button.earlier"));
    }

    public static TheoryData<string> Names => Recordings.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Render_EveryMomentOfEveryRecording_NeverThrows(string name)
    {
        var events = Recordings.All[name];
        var state = TimelineState.Empty;
        var timeline = Render<RunTimeline>(p => p.Add(t => t.State, state).Add(t => t.Folded, false));
        foreach (var e in events.Count > 100 ? events.Where((_, index) => index % 20 == 0) : events)
        {
            state = TimelineReducer.Apply(state, e);
            timeline.Render(p => p.Add(t => t.State, state));
            Assert.Equal(state.Items.Count(item => item is not UserMessageItem), timeline.FindAll("ol > li").Count);
        }
    }

    private string FirstStep(RunLogBuilder log)
    {
        var timeline = Render<RunTimeline>(p => p.Add(t => t.State, Fold(log)).Add(t => t.Folded, false));
        return string.Join(' ', timeline.Find("ol > li").TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
