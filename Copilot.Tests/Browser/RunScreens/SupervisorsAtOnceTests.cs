using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.Access;
using Copilot.Web.Components.Supervision;
using Copilot.Web.Identity;
using Copilot.Web.Runs.Supervising;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser.RunScreens;

/// <summary>Two supervisors inside the same run, and one of them who may no longer be there.</summary>
[Collection(BrowserCollection.Name)]
public sealed class SupervisorsAtOnceTests(BrowserFixture fixture) : IAsyncLifetime
{
    private AppProcess _app = null!;

    public async ValueTask InitializeAsync() => _app = await AppProcess.StartAsync("Demo:TokensPerSecond=10", "DemoTools:Latency=00:00:20");

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task TwoPressAtOnce_OneWinsAndTheOtherIsToldWhoWasFirst_AndWhoseRoleIsTakenIsOut()
    {
        await using var ownersBrowser = await fixture.Browser.NewContextAsync();
        await using var firstBrowser = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 } });
        await using var secondBrowser = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 } });
        await using var adminsBrowser = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 } });
        var owner = await ChatDriver.OpenAsync(ownersBrowser);
        await owner.SignInAsync(_app.Address, "staff");
        var first = await ChatDriver.OpenAsync(firstBrowser);
        await first.SignInAsync(_app.Address, "supervisor");
        var second = await ChatDriver.OpenAsync(secondBrowser);
        await second.Page.GotoAsync(new Uri(_app.Address, "/signin").ToString());
        await second.Page.GetByText(AccountText.OtherAccounts).ClickAsync();
        await second.Page.GetByRole(AriaRole.Button, new() { Name = "Supervisor 2" }).ClickAsync();
        await Expect(second.Message).ToBeVisibleAsync();
        // The change of the role is one press away.
        var admin = await ChatDriver.OpenAsync(adminsBrowser);
        await admin.SignInAsync(_app.Address, "admin");
        await admin.Page.GetByRole(AriaRole.Link, new() { Name = AccessText.People, Exact = true }).ClickAsync();
        await admin.Page.GetByRole(AriaRole.Link, new() { Name = "Supervisor 1", Exact = true }).ClickAsync();
        await admin.Page.GetByRole(AriaRole.Button, new() { Name = AccessText.Change, Exact = true }).ClickAsync();
        var change = admin.Page.GetByRole(AriaRole.Dialog);
        await change.GetByRole(AriaRole.Combobox, new() { Name = AccessText.Role }).SelectOptionAsync(Roles.Staff);

        await owner.AskAsync("Contoso's cooling pump is broken. Book a technician and reserve the spare part.");
        var run = await owner.Page.Locator("article.turn").Last.GetAttributeAsync("data-run");
        foreach (var supervisor in (ChatDriver[])[first, second])
        {
            await supervisor.Page.GotoAsync(new Uri(_app.Address, $"/runs/{run}").ToString());
            await supervisor.Page.Locator(".run-verbs-row").GetByRole(AriaRole.Button, new() { Name = SupervisionText.Name(RunVerb.Pause), Exact = true }).ClickAsync();
            await Dialog(supervisor).GetByRole(AriaRole.Textbox, new() { Name = SupervisionText.Reason, Exact = true }).FillAsync("wrong customer");
        }

        await Task.WhenAll(PauseAsync(first), PauseAsync(second));

        // One of the two is told; the other's dialog is gone.
        await await Task.WhenAny(Told(first), Told(second));
        var isFirst = await Dialog(second).GetByRole(AriaRole.Alert).CountAsync() == 1;
        var (winner, loser, name) = isFirst ? (first, second, "Supervisor 1") : (second, first, "Supervisor 2");
        await Expect(Dialog(winner)).ToHaveCountAsync(0, new() { Timeout = ChatDriver.Timeout });
        await Expect(Dialog(loser).GetByRole(AriaRole.Alert)).ToHaveTextAsync(InterveneText.First(name, RunVerb.Pause.ToWire()));
        await owner.SeeAsync(SupervisionText.PausedBy(name));
        // Nothing typed is lost by it.
        await Expect(Dialog(loser).GetByRole(AriaRole.Textbox, new() { Name = SupervisionText.Reason, Exact = true })).ToHaveValueAsync("wrong customer");
        await Dialog(loser).GetByRole(AriaRole.Button, new() { Name = SupervisionText.Cancel, Exact = true }).ClickAsync();

        // It goes on before their eyes.
        await winner.Page.Locator(".run-verbs-row").GetByRole(AriaRole.Button, new() { Name = SupervisionText.Name(RunVerb.Resume), Exact = true }).ClickAsync();
        await Dialog(winner).GetByRole(AriaRole.Textbox, new() { Name = SupervisionText.Reason, Exact = true }).FillAsync("it was right");
        await Dialog(winner).GetByRole(AriaRole.Button, new() { Name = SupervisionText.Name(RunVerb.Resume), Exact = true }).ClickAsync();
        await owner.SeeStatusAsync("running");
        await change.GetByRole(AriaRole.Button, new() { Name = AccessText.Save, Exact = true }).ClickAsync();

        await Expect(first.Page.Locator(".run-page")).ToHaveCountAsync(0, new() { Timeout = ChatDriver.Timeout });
        await Expect(second.Page.Locator(".run-page")).ToHaveCountAsync(1);
        await owner.SeeStatusAsync("running");
        Assert.Empty(owner.Complaints.Concat(second.Complaints));
    }

    private static Task Told(ChatDriver chat) => Dialog(chat).GetByRole(AriaRole.Alert).WaitForAsync(new() { Timeout = ChatDriver.Timeout });

    private static ILocator Dialog(ChatDriver chat) => chat.Page.GetByRole(AriaRole.Dialog);

    private static Task PauseAsync(ChatDriver chat) =>
        Dialog(chat).GetByRole(AriaRole.Button, new() { Name = SupervisionText.Name(RunVerb.Pause), Exact = true }).ClickAsync();
}
