using System.Text.RegularExpressions;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.RunScreen;
using Copilot.Web.Components.RunScreen.Fork;
using Copilot.Web.Runs.Forking;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser.RunScreens;

/// <summary>A supervisor runs again what somebody asked, and compares.</summary>
[Collection(BrowserCollection.Name)]
public sealed class ForkUseTests(BrowserFixture fixture, QuickApp server)
{
    private readonly AppProcess _app = server.App;

    [Fact]
    public async Task RunAgain_FromACall_SaysWhatItMeansRunsAndIsCompared()
    {
        await using var first = await fixture.Browser.NewContextAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        await using var second = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 }, ReducedMotion = ReducedMotion.Reduce });
        await using var third = await fixture.Browser.NewContextAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        var owner = await ChatDriver.OpenAsync(first);
        await owner.SignInAsync(_app.Address, "staff");
        await owner.AskAsync("Contoso's cooling pump is broken. Book a technician and reserve the spare part.");
        await owner.SeeStatusAsync("completed");
        var run = (await owner.Page.Locator("article.turn").Last.GetAttributeAsync("data-run"))!;
        var supervisor = await ChatDriver.OpenAsync(second);
        await supervisor.SignInAsync(_app.Address, "supervisor");
        var page = supervisor.Page;
        await page.GotoAsync(new Uri(_app.Address, $"/runs/{run}").ToString());

        // What it would mean, before anything starts.
        await page.GetByRole(AriaRole.Button, new() { Name = ForkText.Menu }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        var from = dialog.GetByRole(AriaRole.Combobox, new() { Name = ForkText.From });
        await Expect(from).ToBeFocusedAsync(new() { Timeout = ChatDriver.Timeout });
        var (again, taken) = (dialog.GetByRole(AriaRole.Region, new() { Name = ForkText.Again }), dialog.GetByRole(AriaRole.Region, new() { Name = ForkText.Taken }));
        await Expect(again.Locator("[data-effect=Reads]").First).ToContainTextAsync(ForkText.Effect(ForkEffect.Reads));
        await Expect(again.Locator("[data-effect=Writes]").First).ToContainTextAsync(ForkText.Effect(ForkEffect.Writes));
        await Expect(taken).ToContainTextAsync(ForkText.NothingTaken);
        await from.SelectOptionAsync(new SelectOptionValue { Index = 3 });
        await Expect(taken.GetByRole(AriaRole.Listitem).First).ToBeVisibleAsync();
        await from.SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await Expect(taken).ToContainTextAsync(ForkText.NothingTaken);
        var change = dialog.GetByRole(AriaRole.Combobox, new() { Name = ForkText.Change });
        await change.SelectOptionAsync(new SelectOptionValue { Index = 1 });
        var arguments = dialog.GetByRole(AriaRole.Textbox, new() { Name = ForkText.Arguments });
        var whole = await arguments.InputValueAsync();
        Assert.StartsWith("{", whole, StringComparison.Ordinal);
        await arguments.FillAsync("{");
        await dialog.GetByRole(AriaRole.Button, new() { Name = ForkText.Start, Exact = true }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        foreach (var (width, scheme) in ((int, ColorScheme)[])[(1440, ColorScheme.Dark), (1440, ColorScheme.Light), (390, ColorScheme.Light)])
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.CheckLookAsync("fork");
        }

        await page.SetViewportSizeAsync(1440, 900);
        await arguments.FillAsync(whole.Replace("Contoso", "Fabrikam", StringComparison.Ordinal));
        await dialog.GetByRole(AriaRole.Button, new() { Name = ForkText.Start, Exact = true }).ClickAsync();
        await Expect(page).Not.ToHaveURLAsync(new Regex(run), new() { Timeout = ChatDriver.Timeout });
        await Expect(page).ToHaveURLAsync(new Regex(@"/runs/run_\w+$"));
        var fork = new Uri(page.Url).AbsolutePath["/runs/".Length..];
        await Expect(page.Locator(".run-status")).ToHaveTextAsync(RunScreenText.Status(RunStatus.Completed), new() { Timeout = ChatDriver.Timeout });
        await Expect(page.Locator(".run-family")).ToContainTextAsync(ForkText.ForkedFrom);
        await page.CheckLookAsync("fork-run");

        // Beside what it was forked from.
        await page.GetByRole(AriaRole.Link, new() { Name = ForkText.Compare }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex($@"/runs/compare\?a={run}&b={fork}$"), new() { Timeout = ChatDriver.Timeout });
        await Expect(page.Locator(".compare-step").First).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await Expect(page.Locator(".compare-step del").First).ToBeVisibleAsync();
        await page.CheckLookAsync("fork-compare");

        // The other knows its forks, for who may see them: they are the supervisor's.
        await page.GotoAsync(new Uri(_app.Address, $"/runs/{run}").ToString());
        await Expect(page.GetByRole(AriaRole.Navigation, new() { Name = ForkText.Family }).GetByRole(AriaRole.Link)).ToHaveAttributeAsync("href", "/runs/" + fork, new() { Timeout = ChatDriver.Timeout });
        await owner.Page.GotoAsync(new Uri(_app.Address, $"/runs/{run}").ToString());
        await Expect(owner.Page.GetByRole(AriaRole.Button, new() { Name = ForkText.Menu })).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await Expect(owner.Page.Locator(".run-family")).ToHaveCountAsync(0);
        Assert.Equal(404, (await owner.Page.APIRequest.GetAsync(new Uri(_app.Address, $"/runs/{fork}").ToString())).Status);
        Assert.Equal(404, (await owner.Page.APIRequest.GetAsync(new Uri(_app.Address, $"/runs/compare?a={run}&b={fork}").ToString())).Status);

        // The access log has it.
        var admin = await ChatDriver.OpenAsync(third);
        await admin.SignInAsync(_app.Address, "admin");
        await admin.Page.GotoAsync(new Uri(_app.Address, "/admin/audit").ToString());
        await admin.SeeAsync("Forked a run");
        Assert.Empty(owner.Complaints);
        Assert.Empty(supervisor.Complaints);
        Assert.Empty(admin.Complaints);
    }
}
