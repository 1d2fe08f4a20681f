using System.Text.RegularExpressions;
using Copilot.Domain.Replay.Lanes;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.Chat;
using Copilot.Web.Components.Chat.Approvals;
using Copilot.Web.Components.Layout;
using Copilot.Web.Components.RunScreen;
using Copilot.Web.Components.RunScreen.Lanes;
using Copilot.Web.Components.Supervision;
using Copilot.Web.Identity;
using Copilot.Web.Runs;
using Copilot.Web.Runs.Supervising;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser.RunScreens;

/// <summary>The screen of one run: who comes in the middle of it sees the whole, who may not see it sees nothing.</summary>
[Collection(BrowserCollection.Name)]
public sealed class RunScreenUseTests(BrowserFixture fixture, RunScreenUseTests.Server server) : IClassFixture<RunScreenUseTests.Server>
{
    private const string Booking = "Contoso's cooling pump is broken. Book a technician and reserve the spare part.";

    private readonly AppProcess _app = server.App;

    [Fact]
    public async Task Question_OfTheAgent_IsAnsweredByASupervisorOnTheRunsPage()
    {
        await using var first = await fixture.Browser.NewContextAsync();
        await using var second = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 }, ReducedMotion = ReducedMotion.Reduce });
        var owner = await ChatDriver.OpenAsync(first);
        await owner.SignInAsync(_app.Address, "staff");
        await owner.AskAsync("Book a technician and reserve a cooling pump.");
        var question = owner.Page.Locator("[data-question]");
        await Expect(question).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        var supervisor = await ChatDriver.OpenAsync(second);
        await supervisor.SignInAsync(_app.Address, "supervisor");
        await supervisor.Page.GotoAsync(new Uri(_app.Address, $"/runs/{await RunAsync(owner)}").ToString());
        var card = supervisor.Page.Locator(".run-conversation [data-question]");
        await Expect(card).ToBeInViewportAsync(new() { Timeout = ChatDriver.Timeout });
        await ShootAsync(supervisor, "run-question");

        // Nothing is sent without a reason.
        await card.GetByRole(AriaRole.Textbox, new() { Name = CardText.YourAnswer }).FillAsync("Contoso");
        await card.GetByRole(AriaRole.Button, new() { Name = CardText.SendAnswer }).ClickAsync();
        await Expect(card.GetByRole(AriaRole.Alert).Filter(new() { HasText = RunCommandText.ReasonMissing })).ToBeVisibleAsync();
        await card.GetByLabel(SupervisionText.WhyFor("Staff 1")).FillAsync("They called");
        await card.GetByRole(AriaRole.Button, new() { Name = CardText.SendAnswer }).ClickAsync();

        await Expect(card).ToHaveCountAsync(0, new() { Timeout = ChatDriver.Timeout });
        await Expect(question).ToHaveCountAsync(0, new() { Timeout = ChatDriver.Timeout });
        await owner.SeeAsync("They called");
        await owner.SeeStatusAsync("completed");
        await Expect(supervisor.Page.Locator(".run-conversation [data-answer=answered]")).ToContainTextAsync("Contoso");
        Assert.Empty(owner.Complaints);
        Assert.Empty(supervisor.Complaints);
    }

    [Fact]
    public async Task Supervisor_ComesInTheMiddle_SeesTheWholeAndItsEnd()
    {
        await using var first = await fixture.Browser.NewContextAsync();
        await using var second = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 }, ReducedMotion = ReducedMotion.Reduce });
        var owner = await ChatDriver.OpenAsync(first);
        await owner.SignInAsync(_app.Address, "staff");
        var supervisor = await ChatDriver.OpenAsync(second);
        await supervisor.SignInAsync(_app.Address, "supervisor");
        await owner.AskAsync(Booking);
        await owner.SeeAsync("Looking up");
        var run = await RunAsync(owner);

        await supervisor.Page.GotoAsync(new Uri(_app.Address, $"/runs/{run}").ToString());
        await Expect(supervisor.Page.Locator(".run-status")).ToHaveTextAsync(RunScreenText.Status(RunStatus.Running), new() { Timeout = ChatDriver.Timeout });
        await Expect(supervisor.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(Booking);
        await ShootAsync(supervisor, "run-live");
        await Expect(supervisor.Page.Locator(".run-status")).ToHaveTextAsync(RunScreenText.Status(RunStatus.Completed), new() { Timeout = ChatDriver.Timeout });
        await owner.SeeStatusAsync("completed");
        Assert.Equal(
            await owner.Page.Locator("article.turn .answer").Last.InnerTextAsync(),
            await supervisor.Page.Locator(".run-conversation .answer").Last.InnerTextAsync());

        await Expect(supervisor.Page.Locator(".run-trace code")).ToHaveTextAsync(new Regex("^[0-9a-f]{32}$"));
        await Expect(supervisor.Page.GetByRole(AriaRole.Button, new() { Name = RunScreenText.CopyTrace })).ToBeVisibleAsync();

        // Every event has its row, and its link leads to it.
        await Expect(supervisor.Page.Locator("tr[data-seq='1'] .raw-type")).ToHaveTextAsync("run.created");
        await supervisor.Page.GetByLabel(RunScreenText.NewestFirst).CheckAsync();
        await Expect(supervisor.Page.Locator("tr[data-seq]").First.Locator(".raw-type")).ToHaveTextAsync("run.completed");
        await Expect(supervisor.Page.Locator(".raw-count")).ToHaveTextAsync($"{await supervisor.Page.Locator("tr[data-seq]").First.GetAttributeAsync("data-seq")} events");
        await supervisor.Page.GetByLabel(RunScreenText.Filter, new() { Exact = true }).Last.FillAsync("tool.started");
        await Expect(supervisor.Page.Locator(".raw-count")).ToContainTextAsync("of");
        await ShootAsync(supervisor, "run-ended");
        await supervisor.Page.GotoAsync(new Uri(_app.Address, $"/runs/{run}?seq=40").ToString());
        await Expect(supervisor.Page.Locator("tr[data-seq='40']")).ToBeInViewportAsync(new() { Timeout = ChatDriver.Timeout });
        await Expect(supervisor.Page.GetByRole(AriaRole.Region, new() { Name = RunScreenText.Event(40) })).ToBeVisibleAsync();
        await ShootAsync(supervisor, "run-event");

        // The whole screen is at that event, and comes back.
        await Expect(supervisor.Page.Locator(".run-status")).ToHaveTextAsync(RunScreenText.Status(RunStatus.Running));
        await Expect(supervisor.Page.Locator(".run-conversation .answer")).ToHaveCountAsync(0);
        // Time stands still there.
        await Expect(supervisor.Page.Locator(".run-conversation .tick").First).ToHaveTextAsync(new Regex(@"\d m?s$"));
        await Expect(supervisor.Page.Locator(".run-page [data-since]")).ToHaveCountAsync(0);
        await supervisor.Page.GetByRole(AriaRole.Button, new() { Name = RunScreenText.NextStep }).ClickAsync();
        await Expect(supervisor.Page).ToHaveURLAsync(new Regex(@"\?seq=41$"));
        await supervisor.Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex(RunScreenText.AtTheEnd) }).ClickAsync();
        await Expect(supervisor.Page.Locator(".run-status")).ToHaveTextAsync(RunScreenText.Status(RunStatus.Completed));
        await Expect(supervisor.Page).ToHaveURLAsync(new Regex(@"/runs/run_\w+$"));

        // The lanes by keyboard, and in words.
        await supervisor.Page.GetByRole(AriaRole.Application, new() { Name = RunScreenText.Lanes }).FocusAsync();
        await supervisor.Page.Keyboard.PressAsync("Home");
        await supervisor.Page.Keyboard.PressAsync("ArrowDown");
        await supervisor.Page.Keyboard.PressAsync("Enter");
        await Expect(supervisor.Page.GetByRole(AriaRole.Region, new() { NameRegex = new Regex("Contoso") })).ToContainTextAsync(LaneText.Of(LanePhase.Executing));
        await ShootAsync(supervisor, "run-bar");
        await supervisor.Page.GetByRole(AriaRole.Button, new() { Name = LaneText.CloseBar }).ClickAsync();
        await supervisor.Page.GetByRole(AriaRole.Button, new() { Name = LaneText.ShowTable }).ClickAsync();
        await Expect(supervisor.Page.Locator(".lane-table tbody tr").First).ToBeVisibleAsync();
        await supervisor.Page.CheckLookAsync("lanes as a table");
        await supervisor.Page.SetViewportSizeAsync(390, 844);
        foreach (var part in (string[])[RunScreenText.Steps, RunScreenText.Lanes, RunScreenText.Events, RunScreenText.Conversation])
        {
            await supervisor.Page.GetByRole(AriaRole.Tab, new() { Name = part }).ClickAsync();
            await Expect(supervisor.Page.GetByRole(AriaRole.Tabpanel, new() { Name = part })).ToBeVisibleAsync();
            await ShootAsync(supervisor, "run-" + part.ToLowerInvariant());
            await supervisor.Page.SetViewportSizeAsync(390, 844);
            await supervisor.Page.CheckLookAsync("run " + part);
        }

        Assert.Empty(supervisor.Complaints);
    }

    [Fact]
    public async Task Viewer_BehindALiveRun_SeesItAsItWasAndCatchesUp()
    {
        await using var first = await fixture.Browser.NewContextAsync();
        await using var second = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 } });
        var owner = await ChatDriver.OpenAsync(first);
        await owner.SignInAsync(_app.Address, "staff");
        await owner.AskAsync("Order two cooling pumps");
        await owner.SeeStatusAsync("waiting");
        var supervisor = await ChatDriver.OpenAsync(second);
        await supervisor.SignInAsync(_app.Address, "supervisor");
        await supervisor.Page.GotoAsync(new Uri(_app.Address, $"/runs/{await RunAsync(owner)}?seq=9").ToString());

        await Expect(supervisor.Page.Locator(".live-button")).ToHaveTextAsync(new Regex(@"LIVE −\d\d:\d\d"), new() { Timeout = ChatDriver.Timeout });
        await Expect(supervisor.Page.Locator(".run-status")).ToHaveTextAsync(RunScreenText.Status(RunStatus.Running));
        await supervisor.Page.GetByRole(AriaRole.Button, new() { Name = RunScreenText.CatchUp }).ClickAsync();
        await Expect(supervisor.Page).ToHaveURLAsync(new Regex(@"/runs/run_\w+$"));
        // A run that waits for a person is reached at its newest event; the clock goes on behind it.
        await Expect(supervisor.Page.Locator(".run-status")).ToHaveTextAsync(RunScreenText.Status(RunStatus.Waiting), new() { Timeout = ChatDriver.Timeout });
        await supervisor.Page.Locator(".live-button").ClickAsync();
        await Expect(supervisor.Page.Locator(".live-button")).ToHaveTextAsync(RunScreenText.Live);
        await Expect(supervisor.Page.Locator(".chapters")).ToContainTextAsync(LaneText.Decision(null, Web.Components.Timeline.Shared.TimelineNames.None));

        // The wait goes on, and can be folded.
        await supervisor.Page.GetByLabel(LaneText.FoldIdle).CheckAsync();

        // The playhead's line is drawn back in the strip; what is shown follows it.
        var strip = (await supervisor.Page.Locator("[data-lanes-strip]").BoundingBoxAsync())!;
        await supervisor.Page.Mouse.ClickAsync(strip.X + (strip.Width / 20), strip.Y + 5);
        await Expect(supervisor.Page).ToHaveURLAsync(new Regex(@"\?seq=\d+$"));

        // What can be done is done to the run as it is now.
        await supervisor.Page.GetByRole(AriaRole.Button, new() { Name = SupervisionText.Name(RunVerb.Approve), Exact = true }).ClickAsync();
        var dialog = supervisor.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = SupervisionText.Reason }).FillAsync("The shelf is empty.");
        await supervisor.Page.CheckLookAsync("run behind");
        await dialog.GetByRole(AriaRole.Button, new() { Name = SupervisionText.Name(RunVerb.Approve), Exact = true }).ClickAsync();
        await supervisor.Page.Locator(".live-button").ClickAsync();
        await Expect(supervisor.Page.Locator(".run-status")).ToHaveTextAsync(RunScreenText.Status(RunStatus.Completed), new() { Timeout = ChatDriver.Timeout });
        await owner.SeeStatusAsync("completed");
        await ShootAsync(supervisor, "run-approved");

        // A run that rests costs the browser no frame, once what was drawn last is over.
        await Expect(supervisor.Page.Locator(".raw-count")).ToHaveTextAsync(new Regex(@"^\d+ events$"));
        await supervisor.Page.WaitForFunctionAsync(
            """
            () => new Promise(resolve => {
              const own = window.requestAnimationFrame;
              let asked = 0;
              own(() => own(() => {
                window.requestAnimationFrame = work => { asked++; return own(work); };
                own(() => own(() => own(() => { window.requestAnimationFrame = own; resolve(asked === 0); })));
              }));
            })
            """,
            options: new() { PollingInterval = 100, Timeout = ChatDriver.Timeout });
        Assert.Empty(supervisor.Complaints);
    }

    [Fact]
    public async Task Somebody_OfAnotherTeamOrAnotherDesk_SeesTheNotFoundPage()
    {
        await using var first = await fixture.Browser.NewContextAsync();
        await using var second = await fixture.Browser.NewContextAsync();
        var owner = await ChatDriver.OpenAsync(first);
        await owner.SignInAsync(_app.Address, "staff");
        await owner.AskAsync("How many cooling pumps are in stock?");
        await owner.SeeStatusAsync("completed");
        var run = await RunAsync(owner);
        var other = await ChatDriver.OpenAsync(second);
        await other.Page.GotoAsync(new Uri(_app.Address, "/signin").ToString());
        await other.Page.GetByText(AccountText.OtherAccounts).ClickAsync();
        await other.Page.GetByRole(AriaRole.Button, new() { Name = "Staff 2" }).ClickAsync();
        await Expect(other.Message).ToBeVisibleAsync();

        var foreign = await other.Page.GotoAsync(new Uri(_app.Address, $"/runs/{run}").ToString());
        await other.SeeAsync(ShellText.NotFoundTitle);
        var unknown = await other.Page.GotoAsync(new Uri(_app.Address, "/runs/run_guessed").ToString());
        await other.SeeAsync(ShellText.NotFoundTitle);
        var own = await owner.Page.GotoAsync(new Uri(_app.Address, $"/runs/{run}").ToString());
        await Expect(owner.Page.Locator(".run-status")).ToHaveTextAsync(RunScreenText.Status(RunStatus.Completed), new() { Timeout = ChatDriver.Timeout });

        Assert.Equal(404, foreign!.Status);
        Assert.Equal(404, unknown!.Status);
        Assert.Equal(200, own!.Status);
        // Office words only: nothing of how it works.
        Assert.Equal(0, await owner.Page.Locator(".raw-events").CountAsync());
        Assert.Equal(0, await owner.Page.GetByText(RunScreenText.Tokens, new() { Exact = true }).CountAsync());
    }

    private static async Task<string> RunAsync(ChatDriver chat) => (await chat.Page.Locator("article.turn").Last.GetAttributeAsync("data-run"))!;

    // At both widths and in both themes.
    private static async Task ShootAsync(ChatDriver chat, string state)
    {
        if (!LookCheck.TakesPictures)
        {
            return;
        }

        foreach (var (width, height) in ((int, int)[])[(390, 844), (1440, 900)])
        {
            await chat.Page.SetViewportSizeAsync(width, height);
            foreach (var scheme in (ColorScheme[])[ColorScheme.Dark, ColorScheme.Light])
            {
                await chat.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                await chat.Page.TakePictureAsync(state);
            }
        }
    }

    /// <summary>A model and tools that take long enough to be looked at.</summary>
    public sealed class Server() : SharedApp("Demo:TokensPerSecond=60", "DemoTools:Latency=00:00:01");
}
