using Bunit;
using Copilot.Domain.Costs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Components.Timeline;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Timeline;
using Copilot.Web.Components.Chat;
using Copilot.Web.Components.Chat.Approvals;
using Copilot.Web.Components.Chat.Composer;
using Copilot.Web.Components.Chat.Conversation;
using Copilot.Web.Components.Chat.Notices;
using Copilot.Web.Components.Supervision;
using Copilot.Web.Components.Timeline;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Runs;
using Copilot.Web.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Components.Chat;

public sealed class CostPiecesTests : TimelineContext
{
    private static readonly BudgetItem s_asked = new()
    {
        Ordinal = 3,
        FromSeq = 9,
        At = default,
        IsRaised = false,
        Asks = true,
        BudgetMicros = 500_000,
        AmountMicros = 512_300,
        Currency = "EUR",
        Timeout = TimeSpan.FromMinutes(30),
    };

    [Fact]
    public async Task BudgetCard_Controller_AllowsMoreOnceOrStops()
    {
        var raised = new List<long>();
        var stops = 0;
        var card = Render<BudgetCard>(with => with
            .Add(one => one.Asked, s_asked)
            .Add(one => one.Zone, TimeZoneInfo.Utc)
            .Add(one => one.Step, 500_000)
            .Add(one => one.Reason, "The run has cost 0.5123 EUR of its budget of 0.50 EUR.")
            .Add(one => one.CanControl, true)
            .Add(one => one.OnRaise, (micros, _) =>
            {
                raised.Add(micros);
                return Task.FromResult(true);
            })
            .Add(one => one.OnStop, () => stops++));

        Assert.Equal(CardText.BudgetLabel, card.Find("[role=group]").GetAttribute("aria-label"));
        Assert.Contains("The run has cost 0.5123 EUR", card.Markup, StringComparison.Ordinal);
        Assert.Equal(CardText.BudgetSafe("00:30"), card.Find("p.muted").TextContent);
        Assert.Equal([CardText.AllowMore("0.50 EUR"), ComposerText.Stop], card.FindAll("button").Select(button => button.TextContent));
        await card.FindAll("button")[1].ClickAsync(new());
        await card.FindAll("button")[0].ClickAsync(new());

        Assert.Equal([500_000], raised);
        Assert.Equal(1, stops);
        Assert.All(card.FindAll("button"), button => Assert.True(button.HasAttribute("disabled")));

        card.Render(with => with.Add(one => one.Asked, s_asked with { FromSeq = 20 }));

        Assert.All(card.FindAll("button"), button => Assert.False(button.HasAttribute("disabled")));
    }

    [Fact]
    public async Task BudgetCard_RaiseIsRefused_CanBeAskedAgain()
    {
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var card = Render<BudgetCard>(with => with
            .Add(one => one.Asked, s_asked)
            .Add(one => one.Zone, TimeZoneInfo.Utc)
            .Add(one => one.Step, 500_000)
            .Add(one => one.CanControl, true)
            .Add(one => one.OnRaise, (_, _) => answer.Task));

        var asking = card.FindAll("button")[0].ClickAsync(new());
        Assert.All(card.FindAll("button"), button => Assert.True(button.HasAttribute("disabled")));
        answer.SetResult(false);
        await asking.WaitAsync(Waiting.Limit);

        Assert.All(card.FindAll("button"), button => Assert.False(button.HasAttribute("disabled")));
    }

    [Fact]
    public async Task BudgetCard_OfAnother_AllowsMoreWithAReason()
    {
        string? given = null;
        JSInterop.Mode = JSRuntimeMode.Loose;
        var card = Render<BudgetCard>(with => with
            .Add(one => one.Asked, s_asked)
            .Add(one => one.Zone, TimeZoneInfo.Utc)
            .Add(one => one.Step, 500_000)
            .Add(one => one.CanControl, true)
            .Add(one => one.NeedsReason, true)
            .Add(one => one.Owner, "Ada")
            .Add(one => one.OnRaise, (_, reason) =>
            {
                given = reason;
                return Task.FromResult(true);
            }));
        Assert.Equal(SupervisionText.WhyFor("Ada"), card.Find("label").TextContent);

        await card.FindAll("button")[0].ClickAsync(new());
        Assert.Null(given);
        Assert.Equal(RunCommandText.ReasonMissing, card.Find("[role=alert]").TextContent);
        Assert.Equal("true", card.Find("input").GetAttribute("aria-invalid"));

        await card.Find("input").InputAsync("the order is urgent");
        Assert.Empty(card.FindAll("[role=alert]"));
        await card.FindAll("button")[0].ClickAsync(new());
        Assert.Equal("the order is urgent", given);
    }

    [Fact]
    public void BudgetCard_OnlyLooking_HasNoButtons()
    {
        var card = Render<BudgetCard>(with => with
            .Add(one => one.Asked, s_asked)
            .Add(one => one.Zone, TimeZoneInfo.Utc)
            .Add(one => one.Step, 500_000)
            .Add(one => one.CanControl, false)
            .Add(one => one.OnRaise, (_, _) => Task.FromResult(true)));

        Assert.Empty(card.FindAll("button"));
        Assert.Contains(CardText.BudgetOwner, card.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void RunCostLine_Known_SaysTheAmount() =>
        Assert.Equal("0.01 EUR", Line(new RunCost { Micros = 12_345, Priced = 1, Currency = "EUR" }));

    [Fact]
    public void RunCostLine_Partial_SaysAtLeast() =>
        Assert.Equal("at least 0.01 EUR", Line(new RunCost { Micros = 12_345, Priced = 1, Cut = 1, Currency = "EUR" }));

    [Fact]
    public void RunCostLine_LessThanACent_SaysSoAndHasTheRestInItsTip()
    {
        var line = Render<RunCostLine>(with => with.Add(one => one.Cost, new RunCost { Micros = 3580, Priced = 1, Currency = "EUR" })).Find(".turn-cost");

        Assert.Equal("< 0.01 EUR", line.TextContent);
        Assert.EndsWith(": 0.00358 EUR", line.GetAttribute("title"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Check Upstream:ApiKey.", true, "Check Upstream:ApiKey.")]
    [InlineData("Check Upstream:ApiKey.", false, TimelineText.AskAdmin)]
    [InlineData("Try again.", false, "Try again.")]
    public void Advice_NamesASetting_IsForAdmins(string advice, bool isAdmin, string shown) => Assert.Equal(shown, ErrorAdvice.For(advice, isAdmin));

    [Fact]
    public void RunCostLine_ModelWithoutAPrice_SaysUnknown() =>
        Assert.Equal(CostText.Unknown, Line(new RunCost { Unpriced = 1, Currency = "EUR" }));

    [Fact]
    public void RunCostLine_NoPricesOrNothingAsked_SaysNothing()
    {
        Assert.Null(Line(RunCost.Unrecorded));
        Assert.Null(Line(RunCost.Zero));
    }

    [Fact]
    public void SessionCost_Totals_AreSaidInOne()
    {
        Assert.Equal("0.50 EUR", Session(new CostTotal("EUR", 500_000, 0)));
        Assert.Equal("at least 0.50 EUR + 0.01 USD", Session(new CostTotal("EUR", 500_000, 1), new CostTotal("USD", 10_000, 1)));
        Assert.Equal(CostText.Unknown, Session(new CostTotal("EUR", 0, 2)));
        Assert.Null(Session(new CostTotal(null, 0, 2)));
        Assert.Null(Session());
    }

    [Fact]
    public void Timeline_Unfolded_SaysWhatEachStepCost()
    {
        var timeline = Render<RunTimeline>(with => with.Add(one => one.State, Fold(Recordings.Budget())).Add(one => one.Folded, false));
        var steps = timeline.FindAll("li").Select(step => string.Join(' ', step.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).ToArray();

        Assert.Contains(steps, step => step.StartsWith(TimelineText.Request(1), StringComparison.Ordinal) && step.Contains("· 0.0123 EUR", StringComparison.Ordinal));
        Assert.Contains(steps, step => step.StartsWith(TimelineText.Request(3), StringComparison.Ordinal) && step.Contains($"· {CostText.Unknown}", StringComparison.Ordinal));
        Assert.Contains(steps, step => step.StartsWith($"{TimelineText.BudgetUsedUp} · 0.0123 EUR of 0.01 EUR · {TimelineText.BudgetAsks}", StringComparison.Ordinal));
        Assert.Contains(steps, step => step.StartsWith($"{TimelineText.BudgetRaised} by 0.01 EUR to 0.0223 EUR · by supervisor: urgent", StringComparison.Ordinal));
        Assert.Contains("· at least 0.0123 EUR", steps[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Conversation_AnotherAllowedMore_SaysWhoAndWhy()
    {
        var boss = new EventActor("usr_2", "Supervisor");
        var names = new TimelineNames(new Dictionary<string, string>());
        names.Know(boss, "Sue");
        Services.AddSingleton(new PersonNames(null!));

        var line = Render<SteeringMessages>(with => with
            .Add(one => one.Timeline, Fold(Recordings.Budget())).Add(one => one.OwnerId, "usr_1").Add(one => one.Known, names)).Find("[data-intervention=budget]");

        Assert.Equal($"{SupervisionText.AllowedMore(ChatText.Person("Sue", boss.Role), "0.01 EUR")}: urgent", line.TextContent.Trim());
    }

    [Fact]
    public void Announcer_BudgetIsUsedUp_SaysThatItWaits()
    {
        var log = new RunEvents("run_1");
        log.Own(RunEventTypes.RunCreated, """{"session_id":"ses_1","agent":{"name":"Copilot","limits":{"budget_micros":10000,"budget_currency":"EUR","on_budget":"ask"}}}""");
        log.Own(RunEventTypes.RunStarted, "{}");
        var announcer = Render<RunAnnouncer>(with => with.Add(one => one.State, new ChatState { Active = log.Summary }));
        log.Own(RunEventTypes.BudgetReached, """{"spent_micros":12000,"budget_micros":10000,"then":"ask"}""");
        log.Own(RunEventTypes.RunWaiting, """{"reason":"It is used up."}""");

        announcer.Render(with => with.Add(one => one.State, new ChatState { Active = log.Summary }));

        Assert.Equal(ChatText.AnnounceBudget, announcer.Find("[role=status]").TextContent);
    }

    private string? Line(RunCost cost) =>
        Render<RunCostLine>(with => with.Add(one => one.Cost, cost)).FindAll(".turn-cost").SingleOrDefault()?.TextContent;

    private string? Session(params CostTotal[] totals) =>
        Render<SessionCost>(with => with.Add(one => one.Costs, totals)).FindAll(".session-cost").SingleOrDefault()?.TextContent;
}
