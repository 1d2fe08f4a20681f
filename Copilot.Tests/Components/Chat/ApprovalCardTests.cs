using Copilot.Web.Runs;
using Copilot.Web.Runs.Grants;
using Bunit;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;
using Copilot.Web.Components.Chat;
using Copilot.Web.Components.Chat.Approvals;
using Copilot.Web.Components.Supervision;
using Copilot.Web.Components.Timeline.Cards;
using Copilot.Web.Components.Timeline.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Components.Chat;

/// <summary>What the card of a waiting call shows, and what is decided at it as it is.</summary>
public sealed class ApprovalCardTests : ApprovalCardScene
{
    [Fact]
    public void Render_Waiting_ShowsWhatWouldBeDoneAndTheTimeThatIsLeft()
    {
        var card = Card();

        Assert.Equal($"{CardText.ApprovalNeeded} Orders place", card.Find("h3").TextContent);
        Assert.Equal(card.Find("h3").Id, card.Find("section").GetAttribute("aria-labelledby"));
        Assert.Equal(
            ["Part name Cooling pump", "Quantity 2", "Urgent yes", $"Note {CardText.EmptyArgument}"],
            card.FindAll("dl > div").Take(4).Select(row => $"{row.Children[0].TextContent} {row.Children[1].TextContent.Trim()}"));
        Assert.Empty(card.FindAll("svg.ring"));
        Assert.True(card.Find(".tick").HasAttribute("data-remaining"));
        Assert.Equal([CardText.Approve, CardText.EditAndApprove, CardText.DenyWithReason], Buttons(card));
    }

    [Fact]
    public void AlwaysAllow_ToolThatMayBeRemembered_AsksWhereAndHowLong()
    {
        var card = Described(new CallDescription(null, null, []) { CanBeRemembered = true });
        Assert.Equal([CardText.Approve, CardText.EditAndApprove, CardText.FromNowOn, CardText.DenyWithReason], Buttons(card));

        Button(card, CardText.FromNowOn).Click();
        Assert.Equal([CardText.AlwaysAllow, CardText.NeverAllow, ChatText.Cancel], Buttons(card));
        card.FindAll("input[type=radio]")[1].Change(true);
        card.Find("select").Change(CardText.Lifetime(TimeSpan.FromDays(7)));
        card.Find("form").Submit();

        Assert.Equal(new GrantRequest(GrantScope.Agent, TimeSpan.FromDays(7)), Assert.Single(_choices).Remember);
        Assert.True(_choices[0].Approve);
    }

    [Fact]
    public void FromNowOn_ToolThatIsAskedAboutEachTime_CanOnlyBeRuledOut()
    {
        var card = Described(new CallDescription(null, null, []));
        Button(card, CardText.FromNowOn).Click();
        Assert.Equal([CardText.NeverAllow, ChatText.Cancel], Buttons(card));
        card.Find("form").Submit();
        Assert.Empty(_choices);

        Button(card, CardText.NeverAllow).Click();

        var choice = Assert.Single(_choices);
        Assert.False(choice.Approve);
        Assert.Equal(new GrantRequest(GrantScope.Session, GrantRequest.Lifetimes[0]), choice.Remember);
    }

    [Fact]
    public void Approve_AsItIs_SendsNoArguments()
    {
        var card = Card();

        Button(card, CardText.Approve).Click();

        Assert.Equal(new ApprovalChoice("call_1", true, null, null), Assert.Single(_choices));
        Assert.All(card.FindAll("button"), button => Assert.True(button.HasAttribute("disabled")));
    }

    [Fact]
    public void Deny_WithReason_SendsIt()
    {
        var card = Card();
        Button(card, CardText.DenyWithReason).Click();
        card.Find("input").Input("too dear");

        card.Find("form").Submit();

        Assert.Equal(new ApprovalChoice("call_1", false, null, "too dear"), Assert.Single(_choices));
    }

    [Fact]
    public void Render_McpCall_CannotBeEdited()
    {
        var card = Card(server: "billing");

        Assert.Equal([CardText.Approve, CardText.DenyWithReason], Buttons(card));
        Assert.Contains("billing", card.Find("header").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_WithoutTheRight_ShowsAndOffersNothing()
    {
        _drafts.CanDecide = false;

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
        _drafts.Requester = "Staff 1";
        var card = Described(new CallDescription("Order 2 × Cooling pump 25-60 for 378.00 GBP", null, []));

        Assert.Equal($"{CardText.ApprovalNeeded} Order 2 × Cooling pump 25-60 for 378.00 GBP", card.Find("h3").TextContent);
        Assert.Contains(CardText.RequestedBy("Staff 1"), card.Find("header").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_ToolWouldRefuse_SaysWhyAndDoesNotOfferToApprove()
    {
        var card = Described(new CallDescription(null, "There is no part 'prt_1'.", []));

        Assert.Contains("There is no part 'prt_1'.", card.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.True(Button(card, CardText.Approve).HasAttribute("disabled"));
        Assert.False(Button(card, CardText.DenyWithReason).HasAttribute("disabled"));
    }

    [Fact]
    public void Render_ToolOfAServerWithANameOfOurs_IsNotDescribedByOurs()
    {
        string? asked = null;
        var drafts = new ApprovalDrafts(_ => Task.FromResult(_result))
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
            .AddCascadingValue(drafts)
            .Add(one => one.Approval, new WaitingApproval("mcpr_1", "orders_place", "{}", "shop", DateTimeOffset.UnixEpoch, TimeSpan.FromMinutes(30))));

        Assert.Equal("", asked);
        Assert.Equal($"{CardText.ApprovalNeeded} Orders place", card.Find("h3").TextContent);
    }

    [Fact]
    public async Task Decide_ForAnother_NeedsAReasonWhateverIsDecided()
    {
        var desk = new ApprovalDrafts(choice =>
        {
            _choices.Add(choice);
            return Task.FromResult(CommandResult.Refused(RefusalCode.Conflict, "Again."));
        })
        {
            CanDecide = true,
            NeedsReason = true,
            Requester = "Ada",
            Agent = "Copilot",
            Describe = (_, _) => Task.FromResult(new CallDescription(null, null, []) { CanBeRemembered = true }),
        };
        var card = Render<ApprovalCard>(with => with
            .AddCascadingValue(desk)
            .Add(one => one.Approval, new WaitingApproval("call_1", "orders_place", Arguments, null, DateTimeOffset.UnixEpoch, TimeSpan.FromMinutes(30))));
        Assert.Equal(SupervisionText.WhyFor("Ada"), card.Find(".why-field label").TextContent);

        foreach (var press in new Func<Task>[]
        {
            () => Button(card, CardText.Approve).ClickAsync(new()),
            () => Button(card, CardText.Deny).ClickAsync(new()),
            async () =>
            {
                await Button(card, CardText.EditAndApprove).ClickAsync(new());
                await card.Find("form").SubmitAsync();
            },
            async () =>
            {
                await Button(card, ChatText.Cancel).ClickAsync(new());
                await Button(card, CardText.FromNowOn).ClickAsync(new());
                await card.Find("form").SubmitAsync();
            },
        })
        {
            await card.Find(".why-field input").InputAsync("");
            await press();
            Assert.Empty(_choices);
            Assert.Equal(RunCommandText.ReasonMissing, card.Find(".why-field [role=alert]").TextContent);
        }

        await card.Find(".why-field input").InputAsync("we need both");
        Assert.Empty(card.FindAll(".why-field [role=alert]"));
        await card.Find("form").SubmitAsync();
        await Button(card, ChatText.Cancel).ClickAsync(new());
        await Button(card, CardText.Approve).ClickAsync(new());
        await Button(card, CardText.Deny).ClickAsync(new());

        Assert.Equal([true, true, false], _choices.Select(choice => choice.Approve));
        Assert.All(_choices, choice => Assert.Equal("we need both", choice.Reason));
        Assert.NotNull(_choices[0].Remember);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Render_NeedsASecondPerson_SaysWhoMayApprove(bool hasAsked)
    {
        _drafts.HasAsked = hasAsked;
        var card = Render<ApprovalCard>(with => with
            .AddCascadingValue(_drafts)
            .Add(one => one.Approval, new WaitingApproval("call_1", "orders_place", Arguments, null, DateTimeOffset.UnixEpoch, TimeSpan.FromMinutes(30)) { NeedsOther = true }));

        Assert.Contains(hasAsked ? CardText.OtherMustApprove : CardText.OtherApproves, card.FindAll("p.fine").Select(line => line.TextContent));
        Assert.Equal(
            hasAsked ? [CardText.DenyWithReason] : [CardText.Approve, CardText.EditAndApprove, CardText.DenyWithReason],
            Buttons(card));
    }

    [Fact]
    public void Render_LongTextWithLineBreaks_StandsLastOnOneLineAndMustBeShownFirst()
    {
        var card = Card(arguments: $$"""{"part_name":"Seal kit{{string.Concat(Enumerable.Repeat("\\n", 60))}}quantity: 1 {{new string('x', 300)}}","quantity":50}""");

        Assert.Equal(["Quantity", "Part name"], card.FindAll("dt").Select(name => name.TextContent));
        Assert.StartsWith("Seal kit⏎×60quantity: 1", card.FindAll("dd")[1].TextContent.Trim(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', card.Find("dd bdi").TextContent);
        Assert.True(Button(card, CardText.Approve).HasAttribute("disabled"));

        card.Find("dd .link-button").Click();

        Assert.EndsWith("xxx", card.FindAll("dd .argument-value")[1].TextContent, StringComparison.Ordinal);
        Assert.False(Button(card, CardText.Approve).HasAttribute("disabled"));
    }

    [Theory]
    [InlineData("""{"part_name":"Seal \u202e)decalper( yreves 2\u202c kit\u200b\u2066"}""", "Seal ⟨U+202E⟩)decalper( yreves 2⟨U+202C⟩ kit⟨U+200B⟩⟨U+2066⟩")]
    [InlineData("""{"part_name":"Seal kit\udb40\udc41 \u2028 \u00ad\ufeff"}""", "Seal kit⟨U+E0041⟩ ⟨U+2028⟩ ⟨U+00AD⟩⟨U+FEFF⟩")]
    public void Render_CharactersThatAreNotSeen_AreNamed(string arguments, string shown)
    {
        var card = Card(arguments: arguments);

        Assert.Equal(shown, card.Find("dd bdi").TextContent);
        Assert.Contains(CardText.HiddenCharacters, card.Markup, StringComparison.Ordinal);
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
        var inChat = Render<ToolCard>(with => with.AddCascadingValue(_drafts).Add(one => one.Item, state.ToolCalls.First()));
        var onTheWall = Render<ToolCard>(with => with.Add(one => one.Item, state.ToolCalls.First()));

        Assert.Equal(ToolCallText.ToolLabel("Orders place", ToolCallText.NeedsApproval), inChat.Find("article").GetAttribute("aria-label"));
        Assert.Single(inChat.FindAll("section.approval"));
        Assert.Empty(onTheWall.FindAll("section.approval"));
        Assert.Equal(ToolCallText.NeedsApproval, onTheWall.Find(".word").TextContent);
    }

    [Fact]
    public void ToolCard_ApprovedWithOtherArguments_ShowsBothAndWho()
    {
        var state = Copilot.Tests.Timeline.Recordings.Approvals().Events.Aggregate(TimelineState.Empty, TimelineReducer.Apply);
        var card = Render<ToolCard>(with => with.Add(one => one.Item, state.ToolCalls.First()));
        card.Find("button.head").Click();

        Assert.Equal(
            [ToolCallText.Edited(ToolCallText.Arguments), ToolCallText.Original(ToolCallText.Arguments), ToolCallText.Result],
            card.FindAll("figcaption > span:first-child").Select(label => label.TextContent));
        Assert.Contains($"{ToolCallText.ApprovedWithChanges} by staff", card.Find(".approval-facts").TextContent, StringComparison.Ordinal);
    }
}
