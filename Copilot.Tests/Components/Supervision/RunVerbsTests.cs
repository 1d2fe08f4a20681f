using AngleSharp.Dom;
using Bunit;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Runs.Summaries.Supervision;
using Copilot.Domain.Tools;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Components.Supervision;
using Copilot.Web.Identity;
using Copilot.Web.Runs;
using Copilot.Web.Runs.Supervising;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.Supervising;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;

namespace Copilot.Tests.Components.Supervision;

/// <summary>The buttons and dialogs of verbs, in front of the product's own use case with real people.</summary>
public sealed class RunVerbsTests : BunitContext, IAsyncLifetime
{
    private static readonly TimeSpan s_soon = Waiting.Limit;
    private readonly List<RunCommand> _sent = [];
    private PeopleHost _host = null!;
    private UserInfo _boss = null!;
    private IRenderedComponent<MudDialogProvider> _dialogs = null!;
    private RunSummary _run = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await PeopleHost.StartAsync(new HostSettings { IsDemo = true });
        _boss = User(await _host.CreatePersonAsync("boss", Roles.Supervisor, "team_default"), Roles.Supervisor);
        _host.Runs.OnAsk = command =>
        {
            _sent.Add(command);
            return new CommandOutcome.Accepted();
        };
        using var program = _host.Program("demo-key");
        using var started = await program.PostAsync("/api/runs", new StringContent("""{"input":"a"}""", System.Text.Encoding.UTF8, "application/json"));
        _run = _host.Runs.Newest() with { Status = RunStatus.Running, HeadSeq = 9 };

        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices(kit => kit.PopoverOptions.CheckForPopoverProvider = false);
        Services.AddOptions();
        Services.AddLogging();
        Services.AddSingleton(TimeProvider.System);
        Services.AddTools();
        Services.AddSingleton(all => ActivatorUtilities.CreateInstance<DescribeCall>(all));
        Services.AddSingleton(all => ActivatorUtilities.CreateInstance<ToolTitles>(all));
        Services.AddSingleton(_ => _host.Services.GetRequiredService<Intervene>());
        Services.AddScoped<SupervisionCommands>();
        _dialogs = Render<MudDialogProvider>();
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public void Verbs_OfEachState_AreThoseThatFit()
    {
        var owner = User(_run.UserId, Roles.Staff);
        var paused = _run with { Status = RunStatus.Waiting, Pause = By(_boss.Id, RunEventTypes.SupervisorPaused) };
        var taken = _run with { TakeOver = By(_boss.Id, RunEventTypes.SupervisorTookOver) };
        var asked = _run with
        {
            Status = RunStatus.Waiting,
            PendingApprovals = [new PendingApproval("c", "t", "{}", null, _run.CreatedAt, TimeSpan.FromMinutes(1)) { NeedsOther = true }],
        };

        Assert.Equal(["Pause", "Say", "Take over", "Stop"], Names(_run, _boss));
        Assert.Equal(["Pause", "Say", "Stop"], Names(_run, owner));
        Assert.Equal(["Resume", "Say", "Take over", "Stop"], Names(paused, _boss));
        Assert.Equal(["Pause", "Say", "Hand back", "Stop"], Names(taken, _boss));
        Assert.Equal(["Pause", "Say", "Stop"], Names(taken, User("usr_other", Roles.Supervisor)));
        Assert.Equal(["Approve", "Deny", "Pause", "Say", "Take over", "Cancel call", "Stop"], Names(asked, _boss));
        Assert.Equal(["Deny", "Pause", "Say", "Cancel call", "Stop"], Names(asked, owner));
        Assert.Equal(["Stop"], Names(_run with { Status = RunStatus.Queued }, _boss));
        Assert.Equal(["Resume", "Stop"], Names(_run with { Status = RunStatus.Interrupted }, _boss));
        Assert.Equal(["Retry"], Names(_run with { Status = RunStatus.Failed }, _boss));
        Assert.Empty(Names(_run with { Status = RunStatus.Completed }, _boss));
    }

    [Fact]
    public void Verbs_RunChangesItsState_EachKeepsItsPlace()
    {
        string[] places = ["Approve", "Deny", "Pause", "Say", "Take over", "Cancel call", "Stop", "Retry"];
        var verbs = Verbs(_run);
        Assert.Equal(places, Shown(verbs));
        Assert.Equal(["Approve", "Deny", "Cancel call", "Retry"], Dimmed(verbs));

        verbs.Render(with => with.Add(one => one.Run, _run with
        {
            Status = RunStatus.Waiting,
            PendingApprovals = [new PendingApproval("c", "t", "{}", null, _run.CreatedAt, TimeSpan.FromMinutes(1))],
        }));
        Assert.Equal(places, Shown(verbs));
        Assert.Equal(["Retry"], Dimmed(verbs));

        verbs.Render(with => with.Add(one => one.Run, _run with { Status = RunStatus.Waiting, Pause = By(_boss.Id, RunEventTypes.SupervisorPaused), TakeOver = By(_boss.Id, RunEventTypes.SupervisorTookOver) }));
        Assert.Equal(["Approve", "Deny", "Resume", "Say", "Hand back", "Cancel call", "Stop", "Retry"], Shown(verbs));

        verbs.Render(with => with.Add(one => one.Run, _run with { Status = RunStatus.Failed }));
        Assert.Equal(["Retry"], Shown(verbs));
    }

    [Fact]
    public void Verb_DoesNotFitNow_SaysWhyAndDoesNothing()
    {
        var cancel = Button(Verbs(_run), "Cancel call");
        Assert.Equal("true", cancel.GetAttribute("aria-disabled"));
        Assert.Equal(SupervisionText.NotNow(RunVerb.CancelCall), cancel.GetAttribute("title"));

        cancel.Click();
        Assert.Empty(_dialogs.FindAll("[role=dialog]"));
    }

    [Fact]
    public void Dialog_ReasonIsMissing_SaysSoAndDoesItOnceItIsThere()
    {
        var verbs = Verbs(_run);
        Button(verbs, "Pause").Click();
        var reason = Reason();
        Confirm("Pause");
        WaitForProblem(InterveneText.ReasonMissing);
        Assert.Empty(_sent);

        reason.Change("wrong warehouse");
        Confirm("Pause");
        _dialogs.WaitForAssertion(() => Assert.Empty(_dialogs.FindAll("[role=dialog]")), s_soon);

        var pause = Assert.IsType<RunCommand.Pause>(Assert.Single(_sent));
        Assert.Equal("wrong warehouse", pause.Reason);
        Assert.Equal(9, pause.ExpectedSeq);
        Assert.Equal(new EventActor(_boss.Id, Roles.Supervisor), pause.Actor);
    }

    [Fact]
    public async Task Dialog_SomebodyWasFirst_NamesThemAndLosesNothing()
    {
        var other = await _host.CreatePersonAsync("Olga", Roles.Supervisor, "team_default");
        var accept = _host.Runs.OnAsk!;
        _host.Runs.OnAsk = _ => new CommandOutcome.Superseded(By(other, RunEventTypes.SupervisorPaused));
        Button(Verbs(_run), "Say").Click();
        _dialogs.WaitForElement("[role=dialog] form", s_soon);
        _dialogs.FindAll("textarea")[0].Change("Only in Leeds.");
        Reason().Change("too wide");
        Confirm("Say");
        WaitForProblem(InterveneText.First("Olga", "pause"));

        _host.Runs.OnAsk = accept;
        Confirm("Say");
        _dialogs.WaitForAssertion(() => Assert.Empty(_dialogs.FindAll("[role=dialog]")), s_soon);
        var said = Assert.IsType<RunCommand.Steer>(Assert.Single(_sent));
        Assert.Equal("Only in Leeds.", said.Text);
        Assert.Equal("too wide", said.Reason);
        Assert.Null(said.ExpectedSeq);
    }

    [Theory]
    [InlineData("2", null)]
    [InlineData("3", """{"part_name":"Cooling pump","quantity":3}""")]
    public void Approve_CallIsShown_ItsArgumentsMayBeChanged(string quantity, string? edited)
    {
        var asked = _run with
        {
            Status = RunStatus.Waiting,
            PendingApprovals = [new PendingApproval("call_1", "orders_place", """{"part_name":"Cooling pump","quantity":2}""", null, _run.CreatedAt, TimeSpan.FromMinutes(1))],
        };
        Button(Verbs(asked), "Approve").Click();
        Reason().Change("fine");
        _dialogs.FindAll("input.input").Single(input => input.GetAttribute("value") == "2").Change(quantity);
        Confirm("Approve");
        _dialogs.WaitForAssertion(() => Assert.Empty(_dialogs.FindAll("[role=dialog]")), s_soon);

        var approved = Assert.IsType<RunCommand.Approve>(Assert.Single(_sent));
        Assert.Equal("call_1", approved.CallId);
        Assert.Equal("fine", approved.Reason);
        Assert.Equal(edited, approved.EditedArguments);
    }

    [Fact]
    public void TakeOver_IsThereOnlyForWhoHasTakenOver_AndKeepsWhatWasNotSent()
    {
        var taken = _run with { TakeOver = By(_boss.Id, RunEventTypes.SupervisorTookOver) };
        Assert.Empty(Composer(_run, _boss).Markup);
        Assert.Empty(Composer(taken, User("usr_other", Roles.Supervisor)).Markup);

        var accept = _host.Runs.OnAsk!;
        _host.Runs.OnAsk = _ => new CommandOutcome.NotPossible();
        var composer = Composer(taken, _boss);
        composer.Find("textarea").Input("It is in Leeds.");
        composer.Find("form").Submit();
        composer.WaitForAssertion(() => Assert.Equal(RunCommandText.RunMovedOn, composer.Find("[role=alert]").TextContent), s_soon);
        Assert.Equal("It is in Leeds.", composer.Find("textarea").GetAttribute("value"));

        _host.Runs.OnAsk = accept;
        composer.Find("form").Submit();
        composer.WaitForAssertion(() => Assert.Equal("It is in Leeds.", Assert.IsType<RunCommand.Write>(Assert.Single(_sent)).Text), s_soon);
        composer.WaitForAssertion(() => Assert.Equal("", composer.Find("textarea").GetAttribute("value")), s_soon);
    }

    private static UserInfo User(string id, string role) => new(id, id, "team_default", role, TimeZoneInfo.Utc);

    private Intervention By(string userId, string type) => new(type, new EventActor(userId, Roles.Supervisor), _run.CreatedAt, 7, "mine");

    private static IEnumerable<string> Names(RunSummary run, UserInfo user) => RunVerbOffers.For(run, user).Select(SupervisionText.Name);

    private static IEnumerable<string> Shown(IRenderedComponent<RunVerbs> verbs) => verbs.FindAll(".run-verbs-row button").Select(button => button.TextContent);

    private static IEnumerable<string> Dimmed(IRenderedComponent<RunVerbs> verbs) =>
        verbs.FindAll(".run-verbs-row button[aria-disabled=true]").Select(button => button.TextContent);

    private IRenderedComponent<RunVerbs> Verbs(RunSummary run) => Render<RunVerbs>(with => with.Add(one => one.Run, run).Add(one => one.User, _boss));

    private IRenderedComponent<TakeOverComposer> Composer(RunSummary run, UserInfo user) =>
        Render<TakeOverComposer>(with => with.Add(one => one.Run, run).Add(one => one.User, user));

    private static IElement Button(IRenderedComponent<RunVerbs> verbs, string name) =>
        verbs.FindAll(".run-verbs-row button").Single(button => button.TextContent == name);

    private IElement Reason()
    {
        _dialogs.WaitForElement("[role=dialog] form", s_soon);
        var label = _dialogs.FindAll("label").Single(one => one.TextContent == SupervisionText.Reason);
        return _dialogs.Find("#" + label.GetAttribute("for"));
    }

    private void Confirm(string verb)
    {
        Assert.Equal(verb, _dialogs.Find("button[type=submit]").TextContent);
        _dialogs.Find("[role=dialog] form").Submit();
    }

    private void WaitForProblem(string text) =>
        _dialogs.WaitForAssertion(() => Assert.Equal(text, _dialogs.Find("[role=alert]").TextContent), s_soon);
}
