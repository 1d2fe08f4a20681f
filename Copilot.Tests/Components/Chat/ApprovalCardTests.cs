using Copilot.Web.Runs;
using AngleSharp.Dom;
using Bunit;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;
using Copilot.Web.Components.Chat;
using Copilot.Web.Components.Chat.Approvals;
using Copilot.Web.Components.Timeline.Cards;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Components.Chat;

public sealed class ApprovalCardTests : BunitContext
{
    private const string Arguments = """{"part_name":"Cooling pump","quantity":2,"urgent":true,"note":null,"lines":[1,2]}""";
    private readonly List<ApprovalChoice> _choices = [];
    private readonly ApprovalDrafts _desk;
    private CommandResult _result = CommandResult.Done;

    public ApprovalCardTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton(TimeProvider.System);
        _desk = new ApprovalDrafts(choice =>
        {
            _choices.Add(choice);
            return Task.FromResult(_result);
        })
        {
            CanDecide = true,
        };
    }

    [Fact]
    public void Render_Waiting_ShowsWhatWouldBeDoneAndTheTimeThatIsLeft()
    {
        var card = Card();

        Assert.Equal($"{ChatText.ApprovalNeeded} orders_place", card.Find("h3").TextContent);
        Assert.Equal(card.Find("h3").Id, card.Find("section").GetAttribute("aria-labelledby"));
        Assert.Equal(
            ["part_name Cooling pump", "quantity 2", "urgent true", $"note {ChatText.EmptyArgument}"],
            card.FindAll("dl > div").Take(4).Select(row => $"{row.Children[0].TextContent} {row.Children[1].TextContent}"));
        Assert.Equal("1800000", card.Find("svg.ring").GetAttribute("data-deadline"));
        Assert.True(card.Find(".tick").HasAttribute("data-remaining"));
        Assert.Equal([ChatText.Approve, ChatText.EditAndApprove, ChatText.DenyWithReason], Buttons(card));
    }

    [Fact]
    public void Approve_AsItIs_SendsNoArguments()
    {
        var card = Card();

        Button(card, ChatText.Approve).Click();

        Assert.Equal(new ApprovalChoice("call_1", true, null, null), Assert.Single(_choices));
        Assert.All(card.FindAll("button"), button => Assert.True(button.HasAttribute("disabled")));
    }

    [Fact]
    public void Edit_OneField_SendsAllArgumentsWithIt()
    {
        var card = Card();
        Button(card, ChatText.EditAndApprove).Click();
        Assert.Equal(["input", "input", "select", "input", "textarea"], card.FindAll(".field > :last-child").Select(field => field.LocalName));

        card.FindAll("input")[1].Input("1");
        card.Find("form").Submit();

        Assert.Equal(
            """{"part_name":"Cooling pump","quantity":1,"urgent":true,"note":null,"lines":[1,2]}""", Assert.Single(_choices).EditedArguments);
    }

    [Fact]
    public void Edit_Refused_ShowsTheErrorsAndKeepsWhatWasTyped()
    {
        _result = CommandResult.Invalid([new FieldProblem("quantity", "The argument 'quantity' must be a whole number.")]);
        var card = Card();
        Button(card, ChatText.EditAndApprove).Click();
        card.FindAll("input")[1].Input("many");

        card.Find("form").Submit();

        Assert.Contains("\"quantity\":\"many\"", _choices[0].EditedArguments, StringComparison.Ordinal);
        Assert.Equal("The argument 'quantity' must be a whole number.", card.Find("[role=alert] li").TextContent);
        Assert.Equal("many", card.FindAll("input")[1].GetAttribute("value"));
        Assert.False(Button(card, ChatText.ApproveWithChanges).HasAttribute("disabled"));
    }

    [Fact]
    public void Edit_BrokenList_IsToldWithoutAsking()
    {
        var card = Card();
        Button(card, ChatText.EditAndApprove).Click();
        card.Find("textarea").Input("[1,");

        card.Find("form").Submit();

        Assert.Equal(ChatText.InvalidJson("lines"), card.Find("[role=alert] li").TextContent);
        Assert.Empty(_choices);
    }

    [Fact]
    public void Edit_AsJson_BeginsWithWhatTheFormHeld()
    {
        var card = Card();
        Button(card, ChatText.EditAndApprove).Click();
        card.FindAll("input")[1].Input("7");
        Button(card, ChatText.EditAsJson).Click();
        Assert.Contains("\"quantity\": 7", card.Find("textarea").GetAttribute("value"), StringComparison.Ordinal);

        card.Find("textarea").Input("""{"a":1}""");
        card.Find("form").Submit();

        Assert.Equal("""{"a":1}""", Assert.Single(_choices).EditedArguments);
    }

    [Fact]
    public void Edit_EveryText_MayBeAsLongAsTheCircuitTakes()
    {
        var card = Card();
        Button(card, ChatText.EditAndApprove).Click();
        Assert.Equal(4, card.FindAll("input, textarea").Count);
        Assert.All(card.FindAll("input, textarea"), text => Assert.Equal("100000", text.GetAttribute("maxlength")));

        Button(card, ChatText.EditAsJson).Click();

        Assert.Equal("100000", card.Find("textarea").GetAttribute("maxlength"));
    }

    [Theory]
    [InlineData("""{"note":"LONG"}""", 100_000, false)]
    [InlineData("""{"note":"LONG"}""", 99_989, true)]
    [InlineData("\"LONG\"", 99_999, false)]
    [InlineData("\"LONG\"", 99_998, true)]
    public void Render_LongArguments_OffersToEditWhatTheEditorHolds(string pattern, int length, bool isOffered)
    {
        var card = Card(arguments: pattern.Replace("LONG", new string('x', length), StringComparison.Ordinal));

        Assert.Equal(isOffered ? [ChatText.Approve, ChatText.EditAndApprove, ChatText.DenyWithReason] : [ChatText.Approve, ChatText.DenyWithReason], Buttons(card));
        Assert.Equal(!isOffered, card.Markup.Contains(ChatText.ArgumentsTooLong(ChatCommands.MaxTextLength), StringComparison.Ordinal));
    }

    [Fact]
    public void Render_ListThatIsLongOnlyWhenItIsLaidOut_IsNotOfferedToEdit()
    {
        var card = Card(arguments: $$"""{"lines":[{{string.Join(',', Enumerable.Repeat("1", 40_000))}}]}""");

        Assert.Equal([ChatText.Approve, ChatText.DenyWithReason], Buttons(card));
    }

    [Fact]
    public void Edit_FieldsThatAreTooLongTogetherAsJson_StayAForm()
    {
        var card = Card(arguments: """{"a":"1","b":"2"}""");
        Button(card, ChatText.EditAndApprove).Click();
        card.FindAll("input")[0].Input(new string('x', 60_000));
        card.FindAll("input")[1].Input(new string('y', 60_000));

        Button(card, ChatText.EditAsJson).Click();

        Assert.Equal(ChatText.JsonTooLong, card.Find("[role=alert] li").TextContent);
        Assert.Equal(2, card.FindAll("input").Count);
    }

    [Fact]
    public void Deny_WithReason_SendsIt()
    {
        var card = Card();
        Button(card, ChatText.DenyWithReason).Click();
        card.Find("input").Input("too dear");

        card.Find("form").Submit();

        Assert.Equal(new ApprovalChoice("call_1", false, null, "too dear"), Assert.Single(_choices));
    }

    [Fact]
    public void Escape_WhileEditing_GoesBackWithoutDeciding()
    {
        var card = Card();
        Button(card, ChatText.EditAndApprove).Click();

        card.Find("section").KeyDown("Escape");

        Assert.Equal([ChatText.Approve, ChatText.EditAndApprove, ChatText.DenyWithReason], Buttons(card));
        Assert.Empty(_choices);
    }

    [Fact]
    public void Render_SecondPlace_GoesOnWithWhatWasBegun()
    {
        var first = Card();
        Button(first, ChatText.EditAndApprove).Click();
        first.FindAll("input")[0].Input("Circulation pump");

        var second = Card();

        Assert.Equal("Circulation pump", second.FindAll("input")[0].GetAttribute("value"));
    }

    [Fact]
    public void Render_McpCall_CannotBeEdited()
    {
        var card = Card(server: "billing");

        Assert.Equal([ChatText.Approve, ChatText.DenyWithReason], Buttons(card));
        Assert.Contains("billing", card.Find("header").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_WithoutTheRight_ShowsAndOffersNothing()
    {
        _desk.CanDecide = false;

        Assert.Empty(Buttons(Card()));
    }

    [Fact]
    public void Render_HostileArguments_AreText()
    {
        var card = Card(arguments: """{"note":"<img src=x onerror=alert(1)>","same":1,"same":2}""");

        Assert.Empty(card.FindAll("img"));
        Assert.Empty(card.FindAll("dl"));
        Assert.Contains("\"same\": 2", card.Find("pre").TextContent, StringComparison.Ordinal);
        Assert.Contains("\"same\": 1", card.Find("pre").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void ToolCard_WaitingInAChat_HoldsTheDecision()
    {
        var state = Copilot.Tests.Timeline.Recordings.Asked().Events.Aggregate(TimelineState.Empty, TimelineReducer.Apply);
        var inChat = Render<ToolCard>(with => with.AddCascadingValue(_desk).Add(one => one.Item, state.ToolCalls.First()));
        var onTheWall = Render<ToolCard>(with => with.Add(one => one.Item, state.ToolCalls.First()));

        Assert.Equal(TimelineText.ToolLabel("orders_place", TimelineText.NeedsApproval), inChat.Find("article").GetAttribute("aria-label"));
        Assert.Single(inChat.FindAll("section.approval"));
        Assert.Empty(onTheWall.FindAll("section.approval"));
        Assert.Equal(TimelineText.NeedsApproval, onTheWall.Find(".word").TextContent);
    }

    [Fact]
    public void ToolCard_ApprovedWithOtherArguments_ShowsBothAndWho()
    {
        var state = Copilot.Tests.Timeline.Recordings.Approvals().Events.Aggregate(TimelineState.Empty, TimelineReducer.Apply);
        var card = Render<ToolCard>(with => with.Add(one => one.Item, state.ToolCalls.First()));
        card.Find("button.head").Click();

        Assert.Equal(
            [TimelineText.Edited(TimelineText.Arguments), TimelineText.Original(TimelineText.Arguments), TimelineText.Result],
            card.FindAll("figcaption > span:first-child").Select(label => label.TextContent));
        Assert.Contains($"{TimelineText.ApprovedWithChanges} by staff", card.Find(".approval-facts").TextContent, StringComparison.Ordinal);
    }

    private IRenderedComponent<ApprovalCard> Card(string arguments = Arguments, string? server = null) => Render<ApprovalCard>(with => with
        .AddCascadingValue(_desk)
        .Add(one => one.Approval, new WaitingApproval("call_1", "orders_place", arguments, server, DateTimeOffset.UnixEpoch, TimeSpan.FromMinutes(30))));

    private static IEnumerable<string> Buttons(IRenderedComponent<ApprovalCard> card) =>
        card.FindAll("button").Select(button => button.TextContent);

    private static IElement Button(IRenderedComponent<ApprovalCard> card, string name) =>
        card.FindAll("button").Single(button => button.TextContent == name);
}
