using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.RunScreen;
using Copilot.Web.Components.RunScreen.Player;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser.RunScreens;

/// <summary>The first moments of a page: what is pressed at once reaches what it was meant for.</summary>
[Collection(BrowserCollection.Name)]
public sealed class OpeningTests(BrowserFixture fixture, QuickApp server) : BrowserScene(fixture, 1440, 900)
{
    // About three pixels of a window. Who is about to press what moves by more may miss it.
    private const double LargestShift = 0.004;

    private const string Watcher = """
        (() => {
          window.copilotShifts = [];
          new PerformanceObserver(list => {
            for (const entry of list.getEntries()) {
              window.copilotShifts.push({ value: entry.value, parts: entry.sources.map(source => source.node?.className ?? source.node?.nodeName ?? '').join(', ') });
            }
          }).observe({ type: 'layout-shift', buffered: true });
        })();
        """;

    private const string HeadHeights = """
        () => {
          window.copilotHeights = new Set();
          new ResizeObserver(entries => entries.forEach(entry => window.copilotHeights.add(entry.contentRect.height))).observe(document.querySelector('.run-head'));
        }
        """;

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(1024, 768)]
    [InlineData(390, 844)]
    public async Task Run_IsReadAfterItsPageIsThere_NothingMoves(int width, int height)
    {
        var (staff, run) = await AskTwiceAsync();
        var session = new Uri(staff.Page.Url).Segments[^1];
        await using var context = await OpenAsync(width, height);
        var supervisor = await ChatDriver.OpenAsync(context);
        await supervisor.SignInAsync(server.App.Address, "supervisor");
        var page = supervisor.Page;
        await page.AddInitScriptAsync(Watcher);

        foreach (var address in (string[])[$"/runs/{run}", $"/runs/{run}?seq=5", $"/runs/{run}?from={Uri.EscapeDataString($"session={session}")}"])
        {
            await page.GotoAsync(Address(address));
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = PlayerText.Play, Exact = true })).ToBeEnabledAsync(new() { Timeout = ChatDriver.Timeout });
            await Expect(page.GetByRole(AriaRole.Navigation, new() { Name = SessionStripText.Runs })).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
            if (address.Contains("from", StringComparison.Ordinal))
            {
                await Expect(page.Locator(".review-place")).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
            }

            await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))");
            var shifts = await page.EvaluateAsync<JsonElement>("window.copilotShifts");
            Assert.All(shifts.EnumerateArray(), shift => Assert.True(shift.GetProperty("value").GetDouble() < LargestShift, $"{address}: {shift}"));
        }
    }

    [Fact]
    public async Task Run_KeysBeforeTheScriptsAreThere_AreReadOnceTheyAre()
    {
        var (staff, run) = await AskTwiceAsync();
        var session = new Uri(staff.Page.Url).Segments[^1];
        var supervisor = await SignInAsync("supervisor");
        var page = supervisor.Page;
        var player = await HeldModule.RouteAsync(page, "PlayerBar");

        await page.GotoAsync(Address($"/runs/{run}?seq=1"));
        await player.Asked;
        await page.Keyboard.PressAsync(".");
        await page.Keyboard.PressAsync(".");
        player.Release();
        await Expect(page.Locator(".live-place")).ToHaveTextAsync(new Regex("^3 / "), new() { Timeout = ChatDriver.Timeout });

        // What stood in a text box was written there, and nowhere else.
        var screen = await HeldModule.RouteAsync(page, "RunPage");
        await page.GotoAsync(Address($"/runs/{run}?from={Uri.EscapeDataString($"session={session}")}"));
        await Expect(page.Locator(".review-place")).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await screen.Asked;
        await page.Keyboard.PressAsync("Alt+BracketRight");
        await page.GetByRole(AriaRole.Searchbox).First.FillAsync("stock");
        await page.Keyboard.PressAsync("n");
        screen.Release();
        await Expect(page).Not.ToHaveURLAsync(new Regex($"/runs/{run}"), new() { Timeout = ChatDriver.Timeout });
        Assert.Empty(supervisor.Complaints);
    }

    [Fact]
    public async Task Run_PlayheadMovesOnAPhone_TheHeadKeepsItsHeight()
    {
        var (_, run) = await AskTwiceAsync();
        await using var context = await OpenAsync(390, 844);
        var supervisor = await ChatDriver.OpenAsync(context);
        await supervisor.SignInAsync(server.App.Address, "supervisor");
        var page = supervisor.Page;
        await page.GotoAsync(Address($"/runs/{run}?seq=1"));
        var place = page.Locator(".live-place");
        await Expect(place).ToHaveTextAsync(new Regex("^1 / "), new() { Timeout = ChatDriver.Timeout });
        await page.EvaluateAsync(HeadHeights);

        var head = int.Parse((await place.InnerTextAsync()).Split('/')[1], CultureInfo.InvariantCulture);
        for (var seq = 2; seq <= head; seq++)
        {
            await page.Keyboard.PressAsync(".");
            await Expect(place).ToHaveTextAsync(RunScreenText.Place(seq, head), new() { Timeout = ChatDriver.Timeout });
        }

        await Expect(page.Locator(".run-figures")).ToContainTextAsync("EUR");
        Assert.Single(await page.EvaluateAsync<double[]>("[...window.copilotHeights]"));
    }

    [Fact]
    public async Task List_KeyAndEnterBeforeItsScriptIsThere_OpensTheRun()
    {
        await AskTwiceAsync();
        var supervisor = await SignInAsync("supervisor");
        var page = supervisor.Page;
        var held = await HeldModule.RouteAsync(page, "FindPage");

        await page.GotoAsync(Address("/runs"));
        await Expect(page.Locator("[data-run-link]").First).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await held.Asked;
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("Enter");
        held.Release();

        await Expect(page).ToHaveURLAsync(new Regex("/runs/run_"), new() { Timeout = ChatDriver.Timeout });
        Assert.Empty(supervisor.Complaints);
    }

    [Fact]
    public async Task Shell_KeyBeforeItsScriptIsThere_IsReadOnceItIs()
    {
        var staff = await SignInAsync("staff");
        var held = await HeldModule.RouteAsync(staff.Page, "MainLayout");

        await staff.Page.GotoAsync(Address("/account/keys"));
        await held.Asked;
        await staff.Page.Keyboard.PressAsync("?");
        held.Release();

        await Expect(staff.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        Assert.Empty(staff.Complaints);
    }

    [Theory]
    [InlineData("FindPage", "/runs", "j", "[data-run-link]")]
    [InlineData("LivePage", "/live", "/", ".live input[type=search]")]
    public async Task List_KeyBeforeItsScriptIsThere_IsReadOnceItIs(string module, string address, string key, string focused)
    {
        await AskTwiceAsync();
        var supervisor = await SignInAsync("supervisor");
        var page = supervisor.Page;
        var held = await HeldModule.RouteAsync(page, module);

        await page.GotoAsync(Address(address));
        await Expect(page.Locator(focused).First).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await held.Asked;
        await page.Keyboard.PressAsync(key);
        held.Release();

        await Expect(page.Locator(focused).First).ToBeFocusedAsync(new() { Timeout = ChatDriver.Timeout });
        Assert.Empty(supervisor.Complaints);
    }

    private async Task<ChatDriver> SignInAsync(string role)
    {
        var driver = await ChatDriver.OpenAsync(Own(await OpenAsync(1440, 900)));
        await driver.SignInAsync(server.App.Address, role);
        return driver;
    }

    private async Task<(ChatDriver Staff, string Run)> AskTwiceAsync()
    {
        var staff = await SignInAsync("staff");
        await staff.AskAsync("How many cooling pumps are in stock?");
        await staff.SeeStatusAsync("completed");
        await staff.AskAsync("And how many seal kits?");
        await staff.SeeStatusAsync("completed");
        return (staff, (await staff.Page.Locator("article.turn").Last.GetAttributeAsync("data-run"))!);
    }

    private string Address(string path) => new Uri(server.App.Address, path).ToString();
}
