using System.Text.RegularExpressions;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.Find;
using Copilot.Web.Components.Live;
using Copilot.Web.Components.RunScreen;
using Copilot.Web.Components.RunScreen.Compare;
using Copilot.Web.Identity;
using Copilot.Web.Storage.Search;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser.Find;

/// <summary>The page of runs as staff and supervisors meet it.</summary>
[Collection(BrowserCollection.Name)]
public sealed class FindUseTests(BrowserFixture fixture, QuickApp server) : IClassFixture<QuickApp>
{
    private readonly AppProcess _app = server.App;

    [Fact]
    public async Task Runs_OfATeam_AreSearchedFilteredOpenedAndComeBackTo()
    {
        await using var first = await fixture.Browser.NewContextAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        await using var second = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 }, ReducedMotion = ReducedMotion.Reduce });
        var staff = await ChatDriver.OpenAsync(first);
        await staff.SignInAsync(_app.Address, "staff");
        await staff.AskAsync("How many cooling pumps are in stock?");
        await staff.SeeStatusAsync("completed");
        await staff.AskAsync("Find the customer Contoso 東京都支店");
        await staff.SeeStatusAsync("completed");
        var supervisor = await ChatDriver.OpenAsync(second);
        await supervisor.SignInAsync(_app.Address, "supervisor");
        await GoToRunsAsync(supervisor);
        var (page, table) = (supervisor.Page, Table(supervisor));
        var rows = table.Locator("tbody tr");
        await Expect(rows.Filter(new() { HasText = "Contoso" })).ToHaveCountAsync(1, new() { Timeout = ChatDriver.Timeout });
        await page.CheckLookAsync("runs");

        // Found inside a sentence without spaces, and shown there.
        var box = page.GetByRole(AriaRole.Textbox, new() { Name = FindText.Search });
        await page.Keyboard.PressAsync("/");
        await Expect(box).ToBeFocusedAsync();
        await box.PressSequentiallyAsync("支店");
        await Expect(rows).ToHaveCountAsync(1, new() { Timeout = ChatDriver.Timeout });
        await Expect(rows.Locator("mark").First).ToHaveTextAsync("支店");
        await Expect(page).ToHaveURLAsync(new Regex(@"/runs\?q="));
        await page.CheckLookAsync("runs-found");
        await rows.Locator(".runs-hit").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"/runs/run_\w+\?seq=\d+&from="), new() { Timeout = ChatDriver.Timeout });
        await Expect(page.Locator(".run-page")).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await page.GoBackAsync();
        await Expect(box).ToHaveValueAsync("支店", new() { Timeout = ChatDriver.Timeout });
        await Expect(rows).ToHaveCountAsync(1, new() { Timeout = ChatDriver.Timeout });

        // A filter by keyboard alone; it stands in the address.
        await page.GetByRole(AriaRole.Button, new() { Name = FindText.ClearAll }).ClickAsync();
        await Expect(rows).Not.ToHaveCountAsync(1, new() { Timeout = ChatDriver.Timeout });
        await page.GetByRole(AriaRole.Button, new() { Name = LiveText.AddFilter, Exact = true }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        var field = page.GetByRole(AriaRole.Combobox, new() { Name = LiveText.Field });
        await Expect(field).ToBeFocusedAsync(new() { Timeout = ChatDriver.Timeout });
        await field.SelectOptionAsync(nameof(RunField.State));
        await page.GetByRole(AriaRole.Combobox, new() { Name = LiveText.Value }).SelectOptionAsync(RunStatus.Completed.ToWire());
        await page.GetByRole(AriaRole.Button, new() { Name = LiveText.Add, Exact = true }).PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex(@"/runs\?state=completed$"), new() { Timeout = ChatDriver.Timeout });

        // Back returns to the same row.
        await Expect(rows.First.Locator(".runs-state")).ToHaveTextAsync(FindText.Status(RunStatus.Completed), new() { Timeout = ChatDriver.Timeout });
        await page.Locator("body").ClickAsync(new() { Position = new() { X = 1, Y = 1 } });
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        await Expect(rows.Nth(1).Locator("[data-run-link]")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex(@"/runs/run_\w+\?from="), new() { Timeout = ChatDriver.Timeout });
        await Expect(page.Locator(".run-page")).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await page.GoBackAsync();
        await Expect(rows.Nth(1).Locator("[data-run-link]")).ToBeFocusedAsync(new() { Timeout = ChatDriver.Timeout });

        // A view is saved, and leads back.
        await page.GetByText(FindText.Views, new() { Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = FindText.ViewName }).FillAsync("Done");
        await page.GetByRole(AriaRole.Button, new() { Name = FindText.SaveView }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Done", Exact = true })).ToHaveAttributeAsync("href", "/runs?state=completed", new() { Timeout = ChatDriver.Timeout });
        await page.CheckLookAsync("runs-views");

        // By conversation; and columns that stay chosen.
        await page.GotoAsync(new Uri(_app.Address, "/runs?view=sessions").ToString());
        await Expect(page.GetByRole(AriaRole.Table, new() { Name = FindText.ByConversation })).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await page.CheckLookAsync("runs-conversations");
        await page.GotoAsync(new Uri(_app.Address, "/runs?sort=duration").ToString());
        await Expect(table.GetByRole(AriaRole.Columnheader, new() { Name = FindText.Name(FindColumn.Duration) })).ToHaveAttributeAsync("aria-sort", "descending", new() { Timeout = ChatDriver.Timeout });
        await page.GetByText(FindText.Columns, new() { Exact = true }).ClickAsync();
        await page.GetByLabel(FindText.Name(FindColumn.Tools), new() { Exact = true }).CheckAsync();
        await Expect(table.GetByRole(AriaRole.Columnheader, new() { Name = FindText.Name(FindColumn.Tools) })).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Expect(table.GetByRole(AriaRole.Columnheader, new() { Name = FindText.Name(FindColumn.Tools) })).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });

        await CompareAsync(supervisor);

        // On a phone the rows are cards.
        await GoToRunsAsync(supervisor);
        await Expect(rows.First).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await page.SetViewportSizeAsync(390, 844);
        await page.CheckLookAsync("runs-phone");
        Assert.Empty(supervisor.Complaints);
    }

    [Fact]
    public async Task Runs_OfAnotherDesk_AreNotThere()
    {
        await using var first = await fixture.Browser.NewContextAsync();
        await using var second = await fixture.Browser.NewContextAsync();
        var staff = await ChatDriver.OpenAsync(first);
        await staff.SignInAsync(_app.Address, "staff");
        await staff.AskAsync("How many cooling pumps are in stock? zqsecret");
        await staff.SeeStatusAsync("completed");
        var other = await ChatDriver.OpenAsync(second);
        await other.Page.GotoAsync(new Uri(_app.Address, "/signin").ToString());
        await other.Page.GetByText(AccountText.OtherAccounts).ClickAsync();
        await other.Page.GetByRole(AriaRole.Button, new() { Name = "Staff 2" }).ClickAsync();
        await Expect(other.Message).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });

        await staff.Page.GotoAsync(new Uri(_app.Address, "/runs?q=zqsecret").ToString());
        await Expect(Table(staff).Locator("tbody tr")).ToHaveCountAsync(1, new() { Timeout = ChatDriver.Timeout });
        var run = await Table(staff).Locator("tbody tr").GetAttributeAsync("data-run-row");
        Assert.Equal(200, (await staff.Page.APIRequest.GetAsync(new Uri(_app.Address, $"/runs/compare?a={run}&b={run}&aSeq=3").ToString())).Status);
        foreach (var address in (string[])[$"/runs/compare?a={run}&b={run}", $"/runs/compare?a={run}", "/runs/compare"])
        {
            Assert.Equal(404, (await other.Page.APIRequest.GetAsync(new Uri(_app.Address, address).ToString())).Status);
        }

        await other.Page.GotoAsync(new Uri(_app.Address, "/runs?q=zqsecret").ToString());
        await other.SeeAsync(FindText.NothingFound);

        // Office words only.
        await Expect(Table(staff).GetByRole(AriaRole.Columnheader, new() { Name = FindText.Name(FindColumn.Cost) })).ToHaveCountAsync(0);
        await staff.Page.GotoAsync(new Uri(_app.Address, "/runs").ToString());
        await Expect(Table(staff).Locator("tbody tr").First).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        Assert.Empty(staff.Complaints);
        Assert.Empty(other.Complaints);
    }

    // Two rows side by side: what they took, their steps, and what differs.
    private static async Task CompareAsync(ChatDriver supervisor)
    {
        var (page, rows) = (supervisor.Page, Table(supervisor).Locator("tbody tr"));
        await rows.Filter(new() { HasText = "Contoso" }).First.GetByRole(AriaRole.Checkbox).CheckAsync();
        await supervisor.SeeAsync(CompareText.ChooseTwo);
        await rows.Filter(new() { HasText = "cooling pumps" }).First.GetByRole(AriaRole.Checkbox).PressAsync("Space");
        await page.GetByRole(AriaRole.Link, new() { Name = CompareText.Compare, Exact = true }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"/runs/compare\?a=run_\w+&b=run_\w+$"), new() { Timeout = ChatDriver.Timeout });
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = CompareText.Status })).ToContainTextAsync(CompareText.Equal, new() { Timeout = ChatDriver.Timeout });
        await Expect(page.Locator(".compare-step[data-state=differs] del").First).ToBeVisibleAsync();
        await Expect(page.Locator(".compare-step[data-state=differs] ins").First).ToBeVisibleAsync();
        var steps = await page.Locator(".compare-step").CountAsync();
        foreach (var (width, scheme) in ((int, ColorScheme)[])[(1440, ColorScheme.Dark), (1440, ColorScheme.Light), (390, ColorScheme.Light)])
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.CheckLookAsync("compare");
        }

        // On a phone one side is under the other.
        var (a, b) = ((await page.Locator(".compare-side").Nth(0).BoundingBoxAsync())!, (await page.Locator(".compare-side").Nth(1).BoundingBoxAsync())!);
        Assert.True(b.Y >= a.Y + a.Height - 1);
        await page.SetViewportSizeAsync(1440, 900);

        // Two moments of one run.
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^" + RunScreenText.Event(0)[..^1]) }).First.ClickAsync();
        await Expect(page.Locator(".run-page")).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await page.GetByRole(AriaRole.Button, new() { Name = CompareText.Menu }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        var with = dialog.GetByRole(AriaRole.Combobox, new() { Name = CompareText.With });
        await Expect(with).ToBeFocusedAsync(new() { Timeout = ChatDriver.Timeout });
        await with.SelectOptionAsync(CompareText.OtherLink);
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = CompareText.Link }).FillAsync("nothing");
        await dialog.GetByRole(AriaRole.Button, new() { Name = CompareText.Compare, Exact = true }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToHaveTextAsync(CompareText.NoLink);
        await page.CheckLookAsync("compare-dialog");
        await with.SelectOptionAsync(CompareText.ThisAtItsEnd);
        await dialog.GetByRole(AriaRole.Button, new() { Name = CompareText.Compare, Exact = true }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"&aSeq=\d+$"), new() { Timeout = ChatDriver.Timeout });
        await Expect(page.Locator(".compare-step[data-state=alone]").First).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        Assert.True(steps > 2);
    }

    private static ILocator Table(ChatDriver driver) => driver.Page.GetByRole(AriaRole.Table, new() { Name = FindText.Runs, Exact = true });

    private static async Task GoToRunsAsync(ChatDriver driver)
    {
        await driver.Page.GetByRole(AriaRole.Link, new() { Name = FindText.Runs, Exact = true }).First.ClickAsync();
        await Expect(driver.Page).ToHaveURLAsync(new Regex("/runs$"));
    }
}
