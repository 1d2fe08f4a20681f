using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.Access;
using Copilot.Web.Components.Layout;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser.Supervision;

/// <summary>A page that looks at the server all the time gives its connection up while it is hidden, and is there again when it is looked at.</summary>
[Collection(BrowserCollection.Name)]
public sealed class PausedPageTests(BrowserFixture fixture, PausedPageTests.Server server) : IClassFixture<PausedPageTests.Server>
{
    // The browser under test shows all its pages: what a hidden one says is put in its place.
    private const string Hide = "Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' }); document.dispatchEvent(new Event('visibilitychange'));";
    private const string Show = "delete document.visibilityState; document.dispatchEvent(new Event('visibilitychange'));";

    private readonly AppProcess _app = server.App;

    [Fact]
    public async Task Hidden_IsPausedAndComesBackOnTheSameUrl()
    {
        await using var context = await fixture.Browser.NewContextAsync();
        var admin = await ChatDriver.OpenAsync(context);
        await admin.SignInAsync(_app.Address, "admin");
        await admin.Page.GotoAsync(new Uri(_app.Address, "/admin/people").ToString());
        await Expect(admin.Page.GetByRole(AriaRole.Button, new() { Name = AccessText.Invite })).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        var url = admin.Page.Url;

        await admin.Page.EvaluateAsync(Hide);
        await Expect(admin.Page.Locator("html[data-connection=paused]")).ToBeAttachedAsync(new() { Timeout = ChatDriver.Timeout });
        await Expect(admin.Page.GetByText(ShellText.Paused)).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });

        await admin.Page.EvaluateAsync(Show);
        await Expect(admin.Page.Locator("html[data-connection=up]")).ToBeAttachedAsync(new() { Timeout = ChatDriver.Timeout });
        await admin.Page.GetByRole(AriaRole.Button, new() { Name = AccessText.Invite }).ClickAsync(new() { Timeout = ChatDriver.Timeout });
        await Expect(admin.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        Assert.Equal(url, admin.Page.Url);
        Assert.Empty(admin.Complaints);
    }

    [Fact]
    public async Task Hidden_AChatStaysConnected()
    {
        await using var context = await fixture.Browser.NewContextAsync();
        var staff = await ChatDriver.OpenAsync(context);
        await staff.SignInAsync(_app.Address, "staff");

        await staff.Page.EvaluateAsync(Hide);
        await staff.AskAsync("How many cooling pumps are in stock?");
        await staff.SeeStatusAsync("completed");

        Assert.Equal("up", await staff.Page.Locator("html").GetAttributeAsync("data-connection"));
        Assert.Empty(staff.Complaints);
    }

    /// <summary>A page is paused soon after it is hidden.</summary>
    public sealed class Server() : SharedApp("Demo:TokensPerSecond=0", "Display:PauseHiddenAfter=00:00:00.2");
}
