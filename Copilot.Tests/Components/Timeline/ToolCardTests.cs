using Bunit;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;
using Copilot.Domain.Timeline.Text;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Timeline;
using Copilot.Web.Components.Timeline.Cards;
using Copilot.Web.Components.Timeline.Shared;

namespace Copilot.Tests.Components.Timeline;

public sealed class ToolCardTests : TimelineContext
{
    [Fact]
    public void Click_OnTheHead_ShowsArgumentsResultAndFacts()
    {
        var card = Card(Fold(Recordings.Booking()).ToolCalls.First(), TimeZoneInfo.CreateCustomTimeZone("t", TimeSpan.FromHours(2), "t", "t"));
        Assert.Empty(card.FindAll(".body"));

        card.Find("button.head").Click();

        Assert.Equal("true", card.Find("button.head").GetAttribute("aria-expanded"));
        Assert.Equal(card.Find(".body").Id, card.Find("button.head").GetAttribute("aria-controls"));
        Assert.Equal(["Arguments", "Result"], card.FindAll("figcaption > span:first-child").Select(label => label.TextContent));
        Assert.Equal(["{\n  \"name\": \"Contoso\"\n}", "{\n  \"id\": 7\n}"], card.FindAll("code").Select(code => code.TextContent.ReplaceLineEndings("\n")));
        var facts = card.FindAll(".facts div").Select(fact => fact.TextContent).ToList();
        Assert.Contains("Outcomedone", facts);
        Assert.Contains("Deadline30.0 s", facts);
        Assert.Contains(facts, fact => fact.StartsWith("Started23 Nov 2026, 11:00:00", StringComparison.Ordinal));
        Assert.Contains("Effectsreads only", facts);
        Assert.Contains("Callcall_1", facts);
    }

    [Theory]
    [InlineData(RunEventTypes.ToolCompleted, "ok", "done")]
    [InlineData(RunEventTypes.ToolFailed, "danger", "failed")]
    [InlineData(RunEventTypes.ToolTimedOut, "danger", "timed out")]
    [InlineData(RunEventTypes.ToolDenied, "warn", "not allowed")]
    [InlineData(RunEventTypes.ToolCancelled, "warn", "cancelled")]
    [InlineData(RunEventTypes.ToolOutcomeUnknown, "warn", "outcome unknown")]
    public void Render_AnEnd_SaysTheOutcome(string type, string tone, string word)
    {
        var card = Card(Fold(Started().Own(type, new { name = "book", output = "It went so.", duration_ms = 5 }, "call_1")).ToolCalls.Single());

        Assert.Contains(tone, card.Find("article").ClassList);
        Assert.Equal($"Tool Book, {word}", card.Find("article").GetAttribute("aria-label"));
        Assert.Empty(card.FindAll("[data-since]"));
    }

    [Fact]
    public void Render_WhileItRuns_HasARingAndAClockAgainstItsDeadline()
    {
        var card = Card(Fold(Started()).ToolCalls.Single());

        Assert.Equal("2500", card.Find("svg.ring").GetAttribute("data-deadline"));
        Assert.Equal("2500", card.Find(".tick").GetAttribute("data-deadline"));
        Assert.Empty(card.Find(".tick").ChildNodes);
    }

    [Fact]
    public void Render_ALongResult_ShowsAPreviewAndAllOnDemand()
    {
        var output = new string('x', 5000);
        var card = Card(Fold(Started().Own(RunEventTypes.ToolCompleted, new { name = "book", output, duration_ms = 5 }, "call_1")).ToolCalls.Single());
        card.Find("button.head").Click();
        var result = card.FindAll("figure")[^1];
        Assert.Equal(ToolOutput.Preview + 1, result.QuerySelector("code")!.TextContent.Length);

        card.Find("button.more").Click();

        Assert.Equal(output, card.FindAll("figure")[^1].QuerySelector("code")!.TextContent);
        Assert.Equal(TimelineText.ShowLess, card.Find("button.more").TextContent.Trim());
    }

    [Fact]
    public void Render_HostileOutput_IsText()
    {
        var card = Card(Fold(Started().Own(RunEventTypes.ToolCompleted, new { name = "book", output = "<img src=x onerror=alert(1)>", duration_ms = 5 }, "call_1")).ToolCalls.Single());
        card.Find("button.head").Click();

        Assert.Empty(card.FindAll("img"));
        Assert.Equal("<img src=x onerror=alert(1)>", card.FindAll("code")[^1].TextContent);
    }

    [Fact]
    public void Render_TheSameItemAgain_DrawsNothing()
    {
        var call = Fold(Started()).ToolCalls.Single();
        var card = Card(call);

        card.Render(p => p.Add(c => c.Item, call));
        Assert.Equal(1, card.RenderCount);

        card.Render(p => p.Add(c => c.Item, call with { Superseded = new SeqMark(9, default) }));
        Assert.Equal(2, card.RenderCount);
    }

    private static RunLogBuilder Started() => new RunLogBuilder()
        .Begin()
        .Send(1, "resp_1")
        .Call(0, "fc_1", "call_1", "book", "{}")
        .Own(RunEventTypes.ToolRequested, new { name = "book", arguments = "{}", read_only = false }, "call_1")
        .Own(RunEventTypes.ToolStarted, new { name = "book", deadline_ms = 2500 }, "call_1");

    private IRenderedComponent<ToolCard> Card(ToolCallItem call, TimeZoneInfo? zone = null) =>
        Render<ToolCard>(p => p.Add(c => c.Item, call).AddCascadingValue(zone ?? TimeZoneInfo.Utc));
}
