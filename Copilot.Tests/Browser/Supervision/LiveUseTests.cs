using System.Text.RegularExpressions;
using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.Access;
using Copilot.Web.Components.Layout;
using Copilot.Web.Components.Live;
using Copilot.Web.Components.Supervision;
using Copilot.Web.Runs.Supervising;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser.Supervision;

/// <summary>The live wall as a supervisor meets it, while staff ask.</summary>
[Collection(BrowserCollection.Name)]
public sealed class LiveUseTests(BrowserFixture fixture) : IAsyncLifetime
{
    private AppProcess _app = null!;

    // A circuit that has lost its page is given up at once, with its state: what comes back then finds nothing of it.
    public async ValueTask InitializeAsync() => _app = await AppProcess.StartAsync(
        "Demo:TokensPerSecond=20", "DemoTools:Latency=00:00:02", "Circuits:DisconnectedCircuitMaxRetained=0", "Circuits:PersistedCircuitInMemoryMaxRetained=0");

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData(1440, 900, ColorScheme.Light)]
    [InlineData(390, 844, ColorScheme.Dark)]
    public async Task Wall_StaffAsks_TheSupervisorSeesIt_ByItsGroup(int width, int height, ColorScheme scheme)
    {
        await using var first = await fixture.Browser.NewContextAsync();
        await using var second = await fixture.Browser.NewContextAsync(width, height, scheme);
        var supervisor = await ChatDriver.OpenAsync(second);
        await supervisor.SignInAsync(_app.Address, "supervisor");
        await GoToLiveAsync(supervisor);
        await supervisor.SeeAsync(LiveText.EmptyTitle);
        await supervisor.Page.CheckLookAsync("live empty");

        var staff = await ChatDriver.OpenAsync(first);
        await staff.SignInAsync(_app.Address, "staff");
        await staff.AskAsync("Order two cooling pumps");

        var row = Rows(supervisor).Filter(new() { HasText = "Staff 1" });
        await Expect(row.GetByRole(AriaRole.Link)).ToHaveAttributeAsync("href", new Regex("^/runs/run_"), new() { Timeout = ChatDriver.Timeout });
        await Expect(row).ToContainTextAsync("Waits for approval", new() { Timeout = ChatDriver.Timeout });
        await Expect(supervisor.Page.GetByRole(AriaRole.Heading, new() { Name = LiveText.Heading(Domain.Supervision.AttentionGroup.NeedsPerson) })).ToContainTextAsync("1");
        await Expect(supervisor.Page).ToHaveTitleAsync(new Regex(@"^\(1\) Live"));
        await supervisor.Page.CheckLookAsync("live needs a person");

        await Expect(supervisor.Page.Locator("[role=status]").Filter(new() { HasText = "Staff 1: Waits for approval" })).ToHaveCountAsync(1);

        // By keyboard alone: to the row, its panel, into the viewer's care.
        await supervisor.Page.Keyboard.PressAsync("j");
        await Expect(row.GetByRole(AriaRole.Link)).ToBeFocusedAsync();
        await supervisor.Page.Keyboard.PressAsync(" ");
        var panel = supervisor.Page.GetByRole(AriaRole.Complementary, new() { Name = "Run of Staff 1" });
        await Expect(panel.Locator("pre")).ToContainTextAsync("quantity", new() { Timeout = ChatDriver.Timeout });
        await supervisor.Page.Keyboard.PressAsync("c");
        await Expect(row).ToContainTextAsync(LiveText.Claimed("Supervisor 1"));
        await supervisor.Page.CheckLookAsync("live peek");

        // What it waits for is decided from here.
        await supervisor.Page.Keyboard.PressAsync("a");
        var dialog = supervisor.Page.GetByRole(AriaRole.Dialog, new() { Name = SupervisionText.Name(RunVerb.Approve) });
        await dialog.GetByRole(AriaRole.Button, new() { Name = SupervisionText.Cancel, Exact = true }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0, new() { Timeout = ChatDriver.Timeout });
        await row.GetByRole(AriaRole.Link).FocusAsync();
        await supervisor.Page.Keyboard.PressAsync(" ");
        await Expect(panel).ToHaveCountAsync(0);

        // What is looked for stands in the address, and comes back with it.
        await supervisor.Page.GotoAsync(new Uri(_app.Address, "/live?person!=Staff%201").ToString());
        await supervisor.SeeAsync(LiveText.NothingFound);
        await supervisor.Page.CheckLookAsync("live filtered");
        await supervisor.Page.GetByRole(AriaRole.Button, new() { Name = "Person is not Staff 1", Exact = true }).ClickAsync();
        await Expect(row).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await Expect(supervisor.Page).ToHaveURLAsync(new Regex("/live\\?person=Staff%201$"));
        await supervisor.Page.GetByRole(AriaRole.Button, new() { Name = LiveText.ClearFilter }).ClickAsync();
        await Expect(supervisor.Page).ToHaveURLAsync(new Regex("/live$"));

        // Two keys decide: a reason can be written, and what stands there without one is said. The row goes to those that have just ended.
        await row.GetByRole(AriaRole.Link).FocusAsync();
        await supervisor.Page.Keyboard.PressAsync("d");
        await Expect(supervisor.Page.GetByRole(AriaRole.Textbox, new() { Name = SupervisionText.Reason, Exact = true })).ToBeFocusedAsync(new() { Timeout = ChatDriver.Timeout });
        await supervisor.Page.CheckLookAsync("live deny");
        await supervisor.Page.Keyboard.PressAsync("Enter");
        await staff.SeeAsync(SupervisionText.WhenEmpty(RunVerb.Deny)!);
        await Expect(row).ToContainTextAsync("Completed", new() { Timeout = ChatDriver.Timeout });

        // The focus is on it again, so it stays where it was until the order is renewed.
        await supervisor.Page.Keyboard.PressAsync("u");
        await Expect(supervisor.Page.GetByRole(AriaRole.Heading, new() { Name = LiveText.Heading(Domain.Supervision.AttentionGroup.JustEnded) })).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });

        // A key that cannot do anything says so.
        await row.GetByRole(AriaRole.Link).FocusAsync();
        await supervisor.Page.Keyboard.PressAsync("a");
        await Expect(supervisor.Page.GetByText(LiveText.NotNow(RunVerb.Approve))).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        Assert.Empty(supervisor.Complaints);
    }

    [Fact]
    public async Task Wall_RoleIsTaken_Closes_AndStaffNeverSeeIt()
    {
        await using var first = await fixture.Browser.NewContextAsync();
        await using var second = await fixture.Browser.NewContextAsync();
        var staff = await ChatDriver.OpenAsync(first);
        await staff.SignInAsync(_app.Address, "staff");
        Assert.Equal(0, await staff.Page.GetByRole(AriaRole.Link, new() { Name = LiveText.Live, Exact = true }).CountAsync());
        await staff.Page.GotoAsync(new Uri(_app.Address, "/live").ToString());
        await staff.SeeAsync(LiveText.DeniedTitle);
        Assert.Equal(0, await Rows(staff).CountAsync());

        // A television shows the same, with nothing to press.
        await using var proxy = new TcpProxy(_app.Port);
        var supervisor = await ChatDriver.OpenAsync(second);
        await supervisor.SignInAsync(proxy.Address, "supervisor");
        await supervisor.Page.GotoAsync(new Uri(proxy.Address, "/live?view=wallboard").ToString());
        await supervisor.SeeAsync(LiveText.EmptyTitle);
        await Expect(supervisor.Page.Locator("button:visible")).ToHaveCountAsync(0);
        await supervisor.Page.CheckLookAsync("live wallboard");

        // The network is gone for so long that the server has given its page up: it is rejected and comes back by itself.
        await supervisor.MarkAsync();
        proxy.Cut();
        await Expect(supervisor.Page.Locator("#components-reconnect-modal")).ToContainTextAsync(ShellText.ConnectionLost, new() { Timeout = ChatDriver.Timeout });
        proxy.Restore();
        await SeeReloadedAsync(supervisor);

        // So it does when the server is restarted in the night, and once in a while it loads itself anew.
        await supervisor.MarkAsync();
        await _app.KillAsync();
        await _app.StartAgainAsync();
        await SeeReloadedAsync(supervisor);
        await supervisor.MarkAsync();
        await supervisor.Page.Locator(".live").EvaluateAsync("wall => { wall.dataset.reloadAfter = 1; }");
        await SeeReloadedAsync(supervisor);

        await using var third = await fixture.Browser.NewContextAsync();
        var admin = await ChatDriver.OpenAsync(third);
        await admin.SignInAsync(_app.Address, "admin");
        await admin.Page.GotoAsync(new Uri(_app.Address, "/admin/people/usr_demo_supervisor1").ToString());
        await admin.Page.GetByRole(AriaRole.Button, new() { Name = AccessText.Lock, Exact = true }).ClickAsync();
        await admin.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = AccessText.Lock, Exact = true }).ClickAsync();
        await Expect(supervisor.Page.Locator(".live-list")).ToHaveCountAsync(0, new() { Timeout = ChatDriver.Timeout });
    }

    private static async Task SeeReloadedAsync(ChatDriver wallboard)
    {
        await wallboard.Page.WaitForFunctionAsync("() => window.copilotTestMark !== true", null, new() { Timeout = ChatDriver.Timeout });
        await wallboard.SeeAsync(LiveText.EmptyTitle);
        await Expect(wallboard.Page).ToHaveURLAsync(new Regex(@"/live\?view=wallboard$"));
        await Expect(wallboard.Page.Locator("html[data-connection=up]")).ToBeAttachedAsync(new() { Timeout = ChatDriver.Timeout });
        await Expect(wallboard.Page.Locator(".live[data-wallboard]")).ToBeAttachedAsync(new() { Timeout = ChatDriver.Timeout });
    }

    private static ILocator Rows(ChatDriver driver) =>
        driver.Page.GetByRole(AriaRole.List, new() { Name = LiveText.List }).Locator(".live-row");

    private static async Task GoToLiveAsync(ChatDriver driver)
    {
        var history = driver.Page.GetByRole(AriaRole.Button, new() { Name = ShellText.OpenHistory });
        if (await history.IsVisibleAsync())
        {
            await history.ClickAsync();
        }

        await driver.Page.GetByRole(AriaRole.Link, new() { Name = LiveText.Live, Exact = true }).ClickAsync();
        await Expect(driver.Page).ToHaveURLAsync(new Regex("/live$"), new() { Timeout = ChatDriver.Timeout });
    }
}
