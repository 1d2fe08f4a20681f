using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components;
using Copilot.Web.Components.Admin;
using Copilot.Web.Components.Layout;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser;

/// <summary>Forgetting as people meet it: asked for from the menu, seen by who has the page open, proven on the admin's page.</summary>
[Collection(BrowserCollection.Name)]
public sealed class DataDeletionTests(BrowserFixture fixture) : IAsyncLifetime
{
    private const string Question = "How many cooling pumps are in stock?";

    private AppProcess _app = null!;

    public async ValueTask InitializeAsync() =>
        _app = await AppProcess.StartAsync("Demo:TokensPerSecond=0", "DemoTools:Latency=00:00:00", "Upstream:Store=true", "Retention:UndoPeriod=00:00:00.100");

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Forget_FromTheMenu_IsSeenInEveryOpenPageAndProvenToTheAdmin()
    {
        await using var first = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 } });
        await using var second = await fixture.Browser.NewContextAsync();
        var owner = await ChatDriver.OpenAsync(first);
        await owner.SignInAsync(_app.Address, "staff");
        await owner.AskAsync(Question);
        await owner.SeeStatusAsync("completed");
        var supervisor = await ChatDriver.OpenAsync(second);
        await supervisor.SignInAsync(_app.Address, "supervisor");
        await supervisor.Page.GotoAsync(owner.Page.Url);
        await supervisor.SeeStatusAsync("completed");

        await owner.Page.GetByLabel(ShellText.Options(Question)).ClickAsync();
        await owner.Page.GetByRole(AriaRole.Menuitem, new() { Name = ErasureText.DeleteItem }).ClickAsync();
        var dialog = owner.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync(ErasureText.Question(Question));
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = ErasureText.Cancel })).ToBeFocusedAsync();
        // A dialog that is left without an answer changes nothing, and can be asked for again.
        await owner.Page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(owner.Page.Locator("article.turn").First).ToContainTextAsync(Question);
        await owner.Page.GetByRole(AriaRole.Button, new() { Name = ShellText.Options(Question) }).ClickAsync();
        await owner.Page.GetByRole(AriaRole.Menuitem, new() { Name = ErasureText.DeleteItem }).ClickAsync();
        await dialog.GetByRole(AriaRole.Radio, new() { Name = ErasureText.ContentOnly }).CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = ErasureText.DeleteContent, Exact = true }).ClickAsync();

        await owner.SeeAsync(ErasureText.MessageDeleted);
        await Expect(owner.Page.Locator(".forgetting-notice")).ToHaveAttributeAsync("data-state", "forgotten", new() { Timeout = ChatDriver.Timeout });
        await Expect(owner.Page.Locator("body")).Not.ToContainTextAsync("cooling pumps");
        // Who only looks loses the words, too, and is not shown the proof.
        await supervisor.SeeAsync(ErasureText.MessageDeleted);
        await Expect(supervisor.Main).Not.ToContainTextAsync("cooling pumps");
        Assert.Equal(0, await supervisor.Page.Locator(".forgetting-notice").CountAsync());
        await supervisor.Page.GotoAsync(new Uri(_app.Address, "/admin/forgetting").ToString());
        await supervisor.SeeAsync(ErasureText.AdminsOnly);

        foreach (var (width, height) in ((int, int)[])[(1440, 900), (390, 844)])
        {
            await using var third = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height } });
            var admin = await ChatDriver.OpenAsync(third);
            await admin.SignInAsync(_app.Address, "admin");
            var history = admin.Page.GetByRole(AriaRole.Button, new() { Name = ShellText.OpenHistory });
            if (await history.IsVisibleAsync())
            {
                await history.ClickAsync();
            }

            await admin.Page.GetByRole(AriaRole.Link, new() { Name = ErasureText.Title }).ClickAsync();
            await admin.SeeAsync(ErasureText.Deleted);
            await admin.Page.GetByRole(AriaRole.Button, new() { Name = ErasureText.Details }).First.ClickAsync();
            await admin.SeeAsync(ErasureText.ChainHolds);
            await Expect(admin.Page.Locator(".proof-response").First).ToContainTextAsync("DELETE 200, GET 404");
            await admin.Page.CheckWidthAsync("data deletion");
            var proof = await admin.Page.Locator(".forgetting-grid a", new() { HasText = ErasureText.Record }).First.GetAttributeAsync("href");
            var file = await third.APIRequest.GetAsync(new Uri(_app.Address, proof).ToString());
            Assert.Equal("forgotten", (await file.JsonAsync())!.Value.GetProperty("state").GetString());
            await admin.Page.GotoAsync(new Uri(_app.Address, "/admin/retention").ToString());
            await admin.Page.GetByLabel(RetentionText.Days, new() { Exact = true }).FillAsync("3650");
            await admin.Page.GetByRole(AriaRole.Button, new() { Name = RetentionText.Set }).ClickAsync();
            await admin.SeeAsync("Deleted 3650 days after its last activity");
            await admin.Page.Locator("select").Last.SelectOptionAsync("usr_demo_staff2");
            await Expect(admin.Page.GetByLabel(RetentionText.ConversationId)).ToHaveCountAsync(0);
            await admin.Page.GetByLabel(RetentionText.Reason, new() { Exact = true }).FillAsync("Case 7");
            await admin.Page.GetByRole(AriaRole.Button, new() { Name = RetentionText.SetHold }).ClickAsync();
            await admin.SeeAsync("Case 7");
            await admin.Page.CheckWidthAsync("retention");
            var data = await third.APIRequest.GetAsync(new Uri(_app.Address, "/people/usr_demo_staff1/data.zip").ToString());
            Assert.Equal("application/zip", data.Headers["content-type"]);
            Assert.Empty(admin.Complaints);
        }

        Assert.Empty(owner.Complaints);
        Assert.Empty(supervisor.Complaints);
    }

    [Fact]
    public async Task Delete_FromTheMenu_LeavesTheListAndThePage()
    {
        await using var context = await fixture.Browser.NewContextAsync();
        var owner = await ChatDriver.OpenAsync(context);
        await owner.SignInAsync(_app.Address, "staff");
        await owner.AskAsync(Question);
        await owner.SeeStatusAsync("completed");
        var address = owner.Page.Url;

        await owner.Page.GetByLabel(ShellText.Options(Question)).ClickAsync();
        await owner.Page.GetByRole(AriaRole.Menuitem, new() { Name = ErasureText.DeleteItem }).ClickAsync();
        await owner.Page.GetByRole(AriaRole.Button, new() { Name = ErasureText.Delete, Exact = true }).ClickAsync();

        await Expect(owner.Page.Locator(".conversation")).ToHaveCountAsync(0, new() { Timeout = ChatDriver.Timeout });
        await Expect(owner.Page).ToHaveURLAsync(new Uri(_app.Address, "/").ToString());
        Assert.Equal(404, (await owner.Page.GotoAsync(address))!.Status);
    }
}
