using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.Layout;
using Copilot.Web.Components.RunScreen;
using Copilot.Web.Identity;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser.RunScreens;

/// <summary>The screen of one run: who comes in the middle of it sees the whole, who may not see it sees nothing.</summary>
[Collection(BrowserCollection.Name)]
public sealed class RunScreenUseTests(BrowserFixture fixture) : IAsyncLifetime
{
    private const string Booking = "Contoso's cooling pump is broken. Book a technician and reserve the spare part.";

    private AppProcess _app = null!;

    public async ValueTask InitializeAsync() => _app = await AppProcess.StartAsync("Demo:TokensPerSecond=60", "DemoTools:Latency=00:00:01");

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

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
        await owner.SeeAsync("Find a customer");
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

        // Every event has its row, and its link leads to it.
        var all = await supervisor.Page.Locator(".raw-count").InnerTextAsync();
        await Expect(supervisor.Page.Locator("tr[data-seq='1'] .raw-type")).ToHaveTextAsync("run.created");
        await supervisor.Page.GetByLabel(RunScreenText.NewestFirst).CheckAsync();
        await Expect(supervisor.Page.Locator("tr[data-seq]").First.Locator(".raw-type")).ToHaveTextAsync("run.completed");
        Assert.Equal($"{await supervisor.Page.Locator("tr[data-seq]").First.GetAttributeAsync("data-seq")} events", all.Replace(",", "", StringComparison.Ordinal));
        await supervisor.Page.GetByLabel(RunScreenText.Filter, new() { Exact = true }).Last.FillAsync("tool.started");
        await Expect(supervisor.Page.Locator(".raw-count")).ToContainTextAsync("of");
        await ShootAsync(supervisor, "run-ended");
        await supervisor.Page.GotoAsync(new Uri(_app.Address, $"/runs/{run}?seq=40").ToString());
        await Expect(supervisor.Page.Locator("tr[data-seq='40']")).ToBeInViewportAsync(new() { Timeout = ChatDriver.Timeout });
        await Expect(supervisor.Page.GetByRole(AriaRole.Region, new() { Name = RunScreenText.Event(40) })).ToBeVisibleAsync();
        await ShootAsync(supervisor, "run-event");
        Assert.Empty((await supervisor.Page.RunAxe()).Violations.Select(rule => $"{rule.Id}: {rule.Nodes[0].Html}"));
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

    // COPILOT_STATES names the folder that the pictures go to, at both widths and in both themes.
    private static async Task ShootAsync(ChatDriver chat, string state)
    {
        if (Environment.GetEnvironmentVariable("COPILOT_STATES") is not { } folder)
        {
            return;
        }

        foreach (var (width, height) in ((int, int)[])[(390, 844), (1440, 900)])
        {
            await chat.Page.SetViewportSizeAsync(width, height);
            foreach (var scheme in (ColorScheme[])[ColorScheme.Dark, ColorScheme.Light])
            {
                await chat.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                await chat.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{state}-{width}-{scheme}.png"), Animations = ScreenshotAnimations.Disabled });
            }
        }
    }
}
