using Bunit;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Timeline;
using Copilot.Web.Components.Timeline;
using Copilot.Web.Components.Timeline.Shared;

namespace Copilot.Tests.Components.Timeline;

/// <summary>A run in one line: what it does, how far it is, and how it ended.</summary>
public sealed class FoldedTimelineTests : TimelineContext
{
    [Fact]
    public void Line_WhileItWorks_SaysTheStepAndOneTimeForTheWholeRun()
    {
        var state = FoldUntil(Recordings.Booking(), RunEventTypes.ToolStarted);
        var timeline = Render<RunTimeline>(with => with.Add(one => one.State, state));

        Assert.Equal(
            state.StartedAt!.Value.ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
            Assert.Single(timeline.FindAll(".time .tick")).GetAttribute("data-since"));
        Assert.Contains(TimelineText.Step(4), timeline.Find(".time").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Line_WhileItWorks_HasTheLastStepsUntilTheAnswerBegins()
    {
        var log = Called("tool.failed");
        var working = Render<RunTimeline>(with => with.Add(one => one.State, Fold(log)));
        Assert.Contains($"Book · {TimelineFigures.Duration(TimeSpan.FromMilliseconds(5))}", Assert.Single(working.FindAll(".recent-step.warn")).TextContent, StringComparison.Ordinal);

        working.Render(with => with.Add(one => one.State, Fold(log.Send(2, "resp_2").Message(0, "msg_1", null, "Booked."))));

        Assert.Empty(working.FindAll(".recent-step"));
    }

    [Fact]
    public void Line_CallWithAnIntent_SaysItAsSoonAsTheModelHas()
    {
        var log = new RunLogBuilder().Begin().Connect().Send(1, "resp_1")
            .Call(0, "fc_1", "call_1", "crm_find_customer", "{\"intent\":\"Looking ", "for Contoso\"", ",\"query\":\"Con", "toso\"}")
            .Complete("resp_1")
            .Own(RunEventTypes.ToolRequested, new { name = "crm_find_customer", arguments = "{\"query\":\"Contoso\"}", intent = "Looking for Contoso" }, "call_1")
            .Own(RunEventTypes.ToolStarted, new { name = "crm_find_customer", deadline_ms = 30000 }, "call_1");
        var whole = Fold(log);
        var timeline = Render<RunTimeline>(with => with.Add(one => one.State, At(0)));
        Assert.Equal("Crm find customer", timeline.Find(".words").TextContent);

        timeline.Render(with => with.Add(one => one.State, At(1)));
        Assert.Equal("Looking for Contoso", timeline.Find(".words").TextContent);

        timeline.Render(with => with.Add(one => one.State, whole));
        Assert.Equal("Looking for Contoso", timeline.Find(".words").TextContent);
        Assert.Equal("{\"query\":\"Contoso\"}", whole.ToolCalls.Single().Arguments.ToString());

        TimelineState At(int piece) =>
            TimelineClip.At(whole, log.Events.Where(e => e.Type == "response.function_call_arguments.delta").ElementAt(piece).Seq);
    }

    [Theory]
    [InlineData("tool.completed", "Used 1 tool · 3.4 s", "ok")]
    [InlineData("tool.failed", "Used 1 tool, 1 failed · 3.4 s", "warn")]
    [InlineData("tool.timed_out", "Used 1 tool, 1 failed · 3.4 s", "warn")]
    [InlineData("tool.denied", "Used 1 tool, 1 not approved · 3.4 s", "warn")]
    public void Line_AfterTheRun_SaysWhatDidNotGoWell(string type, string words, string tone)
    {
        var timeline = Render<RunTimeline>(with => with.Add(one => one.State, Fold(Called(type).End())));

        Assert.Equal(words, timeline.Find(".words").TextContent);
        Assert.Contains(tone, timeline.Find(".line").ClassList);
    }

    [Fact]
    public void Line_ModelDeclined_IsNoGoodEnd()
    {
        var log = new RunLogBuilder().Begin().Connect().Send(1, "resp_1")
            .Frame("""{"type":"response.output_item.done","output_index":0,"item":{"id":"msg_1","type":"message","role":"assistant","status":"completed","content":[{"type":"refusal","refusal":"I can't help with that."}]}}""")
            .Complete("resp_1").End();

        var timeline = Render<RunTimeline>(with => with.Add(one => one.State, Fold(log)));

        Assert.StartsWith(TimelineText.ModelDeclined, timeline.Find(".words").TextContent, StringComparison.Ordinal);
        Assert.Contains("warn", timeline.Find(".line").ClassList);
    }

    [Fact]
    public void Line_ToolsOfTheUpstream_Count()
    {
        var log = new RunLogBuilder().Begin().Connect().Send(1, "resp_1")
            .Frame("""{"type":"response.output_item.done","output_index":0,"item":{"id":"ws_1","type":"web_search_call","status":"completed","action":{"type":"search","query":"pumps"}}}""")
            .Message(1, "msg_1", null, "Found.").Complete("resp_1").End();

        Assert.Equal("Used 1 tool · 3.4 s", Render<RunTimeline>(with => with.Add(one => one.State, Fold(log))).Find(".words").TextContent);
    }

    [Fact]
    public void Line_RunThatWaitedInTheQueue_CountsFromItsStart()
    {
        var log = new RunLogBuilder()
            .Own(RunEventTypes.RunCreated, new { session_id = "ses_1", user_id = "usr_1", team_id = "tem_1", agent = new { id = "agt_1", version = 1, name = "Dispatcher", model = "gpt-5.6" } })
            .Own(RunEventTypes.UserMessage, new { text = "And Fabrikam?" })
            .Wait(TimeSpan.FromSeconds(11))
            .Own(RunEventTypes.RunStarted, new { })
            .Own(RunEventTypes.RunCompleted, new { duration_ms = 16_010 });

        Assert.Equal("Answered in 5.0 s", Render<RunTimeline>(with => with.Add(one => one.State, Fold(log))).Find(".words").TextContent);
    }

    [Fact]
    public void Line_BeforeTheNextAttempt_CountsDown()
    {
        var log = new RunLogBuilder().Begin().Connect().Send(1, null)
            .Own(RunEventTypes.AttemptRetryScheduled, new { delay_ms = 20_000, reason = "busy" });

        var timeline = Render<RunTimeline>(with => with.Add(one => one.State, Fold(log)));

        Assert.Equal(TimelineText.TryingAgain, timeline.Find(".words").TextContent);
        Assert.Equal("20000", timeline.Find(".tick[data-remaining]").GetAttribute("data-deadline"));
    }

    [Fact]
    public void Line_WaitingForAPerson_NeitherTurnsNorRepeatsTheCard()
    {
        var timeline = Render<RunTimeline>(with => with.Add(one => one.State, Fold(Recordings.Asked())));

        Assert.Equal(TimelineText.WaitingForDecision, timeline.Find(".words").TextContent);
        Assert.Empty(timeline.FindAll("svg.ring"));
    }

    [Fact]
    public void Steps_Unfolded_MarkWhatIsTechnical()
    {
        var timeline = Render<RunTimeline>(with => with.Add(one => one.State, Fold(Recordings.Booking())).Add(one => one.Folded, false));

        Assert.Equal(3, timeline.FindAll("ol > li.technical").Count);
        Assert.Single(timeline.FindAll("[data-technical-switch]"));
    }

    private static RunLogBuilder Called(string type) => new RunLogBuilder().Begin().Connect().Send(1, "resp_1")
        .Call(0, "fc_1", "call_1", "book", "{}").Complete("resp_1")
        .Own(RunEventTypes.ToolRequested, new { name = "book", arguments = "{}", read_only = false }, "call_1")
        .Own(RunEventTypes.ToolStarted, new { name = "book", deadline_ms = 2500 }, "call_1")
        .Own(type, new { name = "book", output = "It went so.", duration_ms = 5 }, "call_1");
}
