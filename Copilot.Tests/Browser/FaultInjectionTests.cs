using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.FaultInjection;
using Copilot.Web.Components.Layout;
using Copilot.Web.Sessions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser;

/// <summary>An admin rehearses an outage: breaks the demo upstream, and the run survives it.</summary>
[Collection(BrowserCollection.Name)]
public sealed class FaultInjectionTests(BrowserFixture fixture) : BrowserScene(fixture, 1000, 800)
{
    private AppProcess _app = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _app = Own(await AppProcess.StartAsync("Demo:TokensPerSecond=60", "DemoTools:Latency=00:00:00"));
    }

    [Fact]
    public async Task CutInTheTextOnce_TheAnswerCompletesAndTheTimelineShowsTheCutAttempt()
    {
        var admin = await ChatDriver.OpenAsync(Context);
        await admin.SignInAsync(_app.Address, "admin");
        await using var other = await Browser.NewContextAsync();
        var staff = await ChatDriver.OpenAsync(other);
        await staff.SignInAsync(_app.Address, "staff");

        await admin.Page.GetByLabel(ShellText.Account("")).ClickAsync();
        await admin.Page.GetByRole(AriaRole.Menuitem, new() { Name = FaultInjectionText.Title }).ClickAsync();
        var dialog = admin.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Searchbox, new() { Name = FaultInjectionText.Search }).FillAsync("cut text");
        await dialog.GetByRole(AriaRole.Button, new() { Name = FaultInjectionText.InjectNamed("cut_text"), Exact = true }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Region, new() { Name = FaultInjectionText.ActiveNow })).ToContainTextAsync($"cut text {FaultInjectionText.Left(new InjectedFault("cut_text", 1))}", new() { Timeout = ChatDriver.Timeout });
        await Expect(staff.Page.Locator(".badge-broken")).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await Expect(staff.Page.GetByRole(AriaRole.Menuitem, new() { Name = FaultInjectionText.Title })).ToHaveCountAsync(0);
        await admin.Page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);

        await admin.AskAsync("Which customers in Leeds have a boiler?");
        await admin.SeeStatusAsync("completed");
        await admin.UnfoldAsync();
        await Expect(admin.Timeline.Last).ToContainTextAsync("The connection was lost", new() { Timeout = ChatDriver.Timeout });

        await Expect(staff.Page.Locator(".badge-broken")).ToHaveCountAsync(0, new() { Timeout = ChatDriver.Timeout });
        Assert.Empty(admin.Complaints);
        Assert.Empty(staff.Complaints);
    }
}
