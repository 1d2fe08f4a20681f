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

        Assert.Equal($"{ChatText.ApprovalNeeded} Orders place", card.Find("h3").TextContent);
        Assert.Equal(card.Find("h3").Id, card.Find("section").GetAttribute("aria-labelledby"));
        Assert.Equal(
            ["Part name Cooling pump", "Quantity 2", "Urgent yes", $"Note {ChatText.EmptyArgument}"],
            card.FindAll("dl > div").Take(4).Select(row => $"{row.Children[0].TextContent} {row.Children[1].TextContent.Trim()}"));
        Assert.Empty(card.FindAll("svg.ring"));
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
        Assert.Equal(["input", "input", "select", "input", "textarea"], card.FindAll(".field > [id$=-box]").Select(field => field.LocalName));

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
        Assert.Equal(["", "Must be a whole number.", "", "", ""], card.FindAll(".field-problem").Select(problem => problem.TextContent));
        Assert.Equal("true", card.FindAll("input")[1].GetAttribute("aria-invalid"));
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

        Assert.Equal(ChatText.AtField("lines", ChatText.InvalidJson("lines")), card.FindAll(".field-problem")[4].TextContent);
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
        Assert.Contains("\"same\": 2", card.Find(".arguments").TextContent, StringComparison.Ordinal);
        Assert.Contains("\"same\": 1", card.Find(".arguments").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_ToolSaysWhatItWouldDo_IsTheTitleWithWhoAsks()
    {
        _desk.Requester = "Staff 1";
        var card = Described(new CallDescription("Order 2 × Cooling pump 25-60 for 378.00 GBP", null, []));

        Assert.Equal($"{ChatText.ApprovalNeeded} Order 2 × Cooling pump 25-60 for 378.00 GBP", card.Find("h3").TextContent);
        Assert.Contains(ChatText.RequestedBy("Staff 1"), card.Find("header").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_ToolWouldRefuse_SaysWhyAndDoesNotOfferToApprove()
    {
        var card = Described(new CallDescription(null, "There is no part 'prt_1'.", []));

        Assert.Contains("There is no part 'prt_1'.", card.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.True(Button(card, ChatText.Approve).HasAttribute("disabled"));
        Assert.False(Button(card, ChatText.DenyWithReason).HasAttribute("disabled"));
    }

    [Fact]
    public void Render_ToolOfAServerWithANameOfOurs_IsNotDescribedByOurs()
    {
        string? asked = null;
        var desk = new ApprovalDrafts(_ => Task.FromResult(_result))
        {
            CanDecide = true,
            Names = new TimelineNames(new Dictionary<string, string> { ["orders_place"] = "Order spare parts" }),
            Describe = (name, _) =>
            {
                asked = name;
                return Task.FromResult(new CallDescription(null, null, []));
            },
        };

        var card = Render<ApprovalCard>(with => with
            .AddCascadingValue(desk)
            .Add(one => one.Approval, new WaitingApproval("mcpr_1", "orders_place", "{}", "shop", DateTimeOffset.UnixEpoch, TimeSpan.FromMinutes(30))));

        Assert.Equal("", asked);
        Assert.Equal($"{ChatText.ApprovalNeeded} Orders place", card.Find("h3").TextContent);
    }

    [Fact]
    public void Edit_FixedArguments_StayInSightAndAreNotAskedFor()
    {
        var card = Described(new CallDescription(null, null, ["part_name", "lines"]));

        Button(card, ChatText.EditAndApprove).Click();

        Assert.Equal(["Part name", "Lines"], card.FindAll("dt").Select(name => name.TextContent));
        Assert.Equal(["Quantity", "Urgent", "Note"], card.FindAll(".field-name").Select(name => name.TextContent));
    }

    [Fact]
    public void Render_LongTextWithLineBreaks_StandsLastOnOneLineAndMustBeShownFirst()
    {
        var card = Card(arguments: $$"""{"part_name":"Seal kit{{string.Concat(Enumerable.Repeat("\\n", 60))}}quantity: 1 {{new string('x', 300)}}","quantity":50}""");

        Assert.Equal(["Quantity", "Part name"], card.FindAll("dt").Select(name => name.TextContent));
        Assert.StartsWith("Seal kit⏎×60quantity: 1", card.FindAll("dd")[1].TextContent.Trim(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', card.Find("dd bdi").TextContent);
        Assert.True(Button(card, ChatText.Approve).HasAttribute("disabled"));

        card.Find("dd .link-button").Click();

        Assert.EndsWith("xxx", card.FindAll("dd .argument-value")[1].TextContent, StringComparison.Ordinal);
        Assert.False(Button(card, ChatText.Approve).HasAttribute("disabled"));
    }

    [Theory]
    [InlineData("""{"part_name":"Seal \u202e)decalper( yreves 2\u202c kit\u200b\u2066"}""", "Seal ⟨U+202E⟩)decalper( yreves 2⟨U+202C⟩ kit⟨U+200B⟩⟨U+2066⟩")]
    [InlineData("""{"part_name":"Seal kit\udb40\udc41 \u2028 \u00ad\ufeff"}""", "Seal kit⟨U+E0041⟩ ⟨U+2028⟩ ⟨U+00AD⟩⟨U+FEFF⟩")]
    public void Render_CharactersThatAreNotSeen_AreNamed(string arguments, string shown)
    {
        var card = Card(arguments: arguments);

        Assert.Equal(shown, card.Find("dd bdi").TextContent);
        Assert.Contains(ChatText.HiddenCharacters, card.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("مضخة تبريد (CP-100)")]
    [InlineData("می‌خواهم")]
    [InlineData("👨‍👩‍👧 ❤️")]
    public void Render_HonestWriting_IsLeftAsItIs(string text)
    {
        var card = Card(arguments: $$"""{"part_name":"{{text}}"}""");

        Assert.Equal(text, card.Find("dd bdi").TextContent);
        Assert.Empty(card.FindAll(".note"));
    }

    [Fact]
    public void Changes_OfOneNumber_SayBoth() => Assert.Equal(
        ["quantity 2 → 3"],
        ApprovalChanges.Of("""{"part_id":"prt_1","quantity":2}""", """{"part_id":"prt_1","quantity":3}"""));

    [Fact]
    public void ToolCard_WaitingInAChat_HoldsTheDecision()
    {
        var state = Copilot.Tests.Timeline.Recordings.Asked().Events.Aggregate(TimelineState.Empty, TimelineReducer.Apply);
        var inChat = Render<ToolCard>(with => with.AddCascadingValue(_desk).Add(one => one.Item, state.ToolCalls.First()));
        var onTheWall = Render<ToolCard>(with => with.Add(one => one.Item, state.ToolCalls.First()));

        Assert.Equal(TimelineText.ToolLabel("Orders place", TimelineText.NeedsApproval), inChat.Find("article").GetAttribute("aria-label"));
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

    private IRenderedComponent<ApprovalCard> Described(CallDescription description)
    {
        var desk = new ApprovalDrafts(_ => Task.FromResult(_result))
        {
            CanDecide = true,
            Requester = _desk.Requester,
            Describe = (_, _) => Task.FromResult(description),
        };
        return Render<ApprovalCard>(with => with
            .AddCascadingValue(desk)
            .Add(one => one.Approval, new WaitingApproval("call_1", "orders_place", Arguments, null, DateTimeOffset.UnixEpoch, TimeSpan.FromMinutes(30))));
    }

    private IRenderedComponent<ApprovalCard> Card(string arguments = Arguments, string? server = null) => Render<ApprovalCard>(with => with
        .AddCascadingValue(_desk)
        .Add(one => one.Approval, new WaitingApproval("call_1", "orders_place", arguments, server, DateTimeOffset.UnixEpoch, TimeSpan.FromMinutes(30))));

    private static IEnumerable<string> Buttons(IRenderedComponent<ApprovalCard> card) =>
        card.FindAll(".choices button").Select(button => button.TextContent);

    private static IElement Button(IRenderedComponent<ApprovalCard> card, string name) =>
        card.FindAll("button").Single(button => button.TextContent == name);
}
