using System.Globalization;
using System.Text.RegularExpressions;
using Copilot.Domain.Replay.Export;
using Copilot.Domain.Replay.Stops;
using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.FaultInjection;
using Copilot.Web.Components.Layout;
using Copilot.Web.Components.RunScreen;
using Copilot.Web.Components.RunScreen.Export;
using Copilot.Web.Components.RunScreen.Player;
using Copilot.Web.Components.Supervision;
using Copilot.Web.Runs.Supervising;
using Copilot.Web.Sessions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser.RunScreens;

/// <summary>A replay shows at every moment what who watched the run live saw then.</summary>
[Collection(BrowserCollection.Name)]
public sealed class ReplayUseTests(BrowserFixture fixture) : IAsyncLifetime
{
    // Notes what the conversation says at each event; times that tick are not what was said.
    private const string Sampler = """
        () => {
          window.copilotSeen = new Map();
          const look = () => {
            const place = document.querySelector('.live-place')?.textContent ?? '';
            const talk = document.querySelector('.run-talk');
            if (!talk || !place.includes('/')) {
              return;
            }

            const copy = talk.cloneNode(true);
            copy.querySelectorAll('.tick, [data-since], .step-time, time').forEach(one => one.remove());
            window.copilotSeen.set(Number(place.split('/')[0].replace(/\D/g, '')), copy.textContent.replace(/\s+/g, ' ').trim());
          };
          new MutationObserver(look).observe(document.querySelector('.run-page'), { childList: true, subtree: true, characterData: true, attributes: true });
          look();
        }
        """;

    private AppProcess _app = null!;

    public async ValueTask InitializeAsync() => _app = await AppProcess.StartAsync("Demo:TokensPerSecond=60", "DemoTools:Latency=00:00:01");

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Replay_OfARunWithRetriesAnApprovalAndAnIntervention_ShowsWhatTheLiveViewerSaw()
    {
        await using var first = await fixture.Browser.NewContextAsync();
        await using var second = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 } });
        await using var third = await fixture.Browser.NewContextAsync();
        await BreakTextAsync(await ChatDriver.OpenAsync(third));
        var owner = await ChatDriver.OpenAsync(first);
        await owner.SignInAsync(_app.Address, "staff");
        var supervisor = await ChatDriver.OpenAsync(second);
        await supervisor.SignInAsync(_app.Address, "supervisor");
        await owner.AskAsync("Order two cooling pumps");
        await Expect(owner.Page.Locator("article.turn").Last).ToBeVisibleAsync();
        var run = (await owner.Page.Locator("article.turn").Last.GetAttributeAsync("data-run"))!;
        var page = supervisor.Page;

        // Live.
        await page.GotoAsync(new Uri(_app.Address, $"/runs/{run}").ToString());
        await Expect(page.Locator(".run-talk")).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await UnfoldAsync(page);
        await page.EvaluateAsync(Sampler);
        await SeeStatusAsync(page, "waiting");
        await DoAsync(page, RunVerb.Say, "they are in a hurry", "Be quick, please.");
        await DoAsync(page, RunVerb.Approve, "The shelf is empty.", message: null);
        await SeeStatusAsync(page, "completed");
        var live = await SeenAsync(page);

        // From its beginning, event by event, with the keyboard.
        await page.GotoAsync(new Uri(_app.Address, $"/runs/{run}?seq=1").ToString());
        await Expect(page.Locator(".live-place")).ToHaveTextAsync(new Regex("^1 / "), new() { Timeout = ChatDriver.Timeout });
        var head = long.Parse((await page.Locator(".live-place").InnerTextAsync()).Split('/')[1].Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        await UnfoldAsync(page);
        await page.EvaluateAsync(Sampler);
        await page.Locator("body").ClickAsync(new() { Position = new() { X = 2, Y = 2 } });
        for (var seq = 2L; seq <= head; seq++)
        {
            await page.Keyboard.PressAsync(".");
            await Expect(page.Locator(".live-place")).ToHaveTextAsync(RunScreenText.Place(seq, head));
        }

        var stepped = await SeenAsync(page);
        Assert.True(live.Count > 15, $"Only {live.Count} moments were seen live.");
        Assert.Contains(live.Values, text => text.Contains("Be quick, please.", StringComparison.Ordinal));
        Assert.Contains(live.Values, text => text.Contains("The connection was lost", StringComparison.Ordinal));
        foreach (var (seq, text) in live)
        {
            Assert.Equal($"{seq}: {text}", $"{seq}: {stepped.GetValueOrDefault(seq)}");
        }

        // Played, as fast as it goes: every picture is one of those.
        await page.GetByRole(AriaRole.Combobox, new() { Name = PlayerText.Speed }).SelectOptionAsync(PlayerText.FitOf(10));
        await page.Keyboard.PressAsync("Home");
        await page.GetByRole(AriaRole.Button, new() { Name = PlayerText.Play, Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = PlayerText.Pause, Exact = true })).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"\?seq=\d+$"), new() { Timeout = ChatDriver.Timeout });
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = PlayerText.Play, Exact = true })).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await Expect(page).ToHaveURLAsync(new Regex(@"/runs/run_\w+$"));
        foreach (var (seq, text) in await SeenAsync(page))
        {
            Assert.Equal($"{seq}: {stepped[seq]}", $"{seq}: {text}");
        }

        await UseAsync(supervisor);
        await ExportAsync(supervisor);
        Assert.Empty(supervisor.Complaints);
    }

    // What the player does beside playing.
    private static async Task UseAsync(ChatDriver supervisor)
    {
        var page = supervisor.Page;
        var slider = page.GetByRole(AriaRole.Slider, new() { Name = PlayerText.Position });
        await slider.FocusAsync();
        await page.Keyboard.PressAsync("0");
        await Expect(page.Locator(".live-place")).ToHaveTextAsync(new Regex("^[12] / "));
        await page.Keyboard.PressAsync("5");
        await Expect(slider).ToHaveAttributeAsync("aria-valuetext", new Regex(@"^\d\d:\d\d:\d\d, step \d+, "));
        await page.GetByRole(AriaRole.Combobox, new() { Name = PlayerText.StepBy }).SelectOptionAsync(PlayerText.Of(StopKind.Approval));
        await slider.PressAsync("0");
        await page.GetByRole(AriaRole.Button, new() { Name = PlayerText.Next(StopKind.Approval) }).ClickAsync();
        await Expect(page.Locator("tr.raw-here .raw-type")).ToHaveTextAsync("approval.requested");
        await Expect(page.Locator("tr.raw-future").First).ToBeAttachedAsync();

        // A bracket that a keyboard writes with AltGr is one; a real command is not.
        var asked = await page.Locator(".live-place").InnerTextAsync();
        await page.EvaluateAsync("() => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '.', ctrlKey: true, altKey: true, bubbles: true }))");
        await Expect(page.Locator(".live-place")).ToHaveTextAsync(asked);
        await page.EvaluateAsync("() => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '[', ctrlKey: true, altKey: true, modifierAltGraph: true, bubbles: true }))");
        await Expect(page.Locator(".live-place")).Not.ToHaveTextAsync(asked);

        // The keys are the text box's while somebody writes.
        var here = await page.Locator(".live-place").InnerTextAsync();
        await page.GetByRole(AriaRole.Searchbox, new() { Name = RunScreenText.Filter }).FillAsync("a");
        await page.Keyboard.PressAsync(".");
        await page.GetByRole(AriaRole.Searchbox, new() { Name = RunScreenText.Filter }).FillAsync("");
        await Expect(page.Locator(".live-place")).ToHaveTextAsync(here);

        // A part that is moved by hand stays there until it is taken back.
        await page.Locator(".run-events").HoverAsync();
        await page.Mouse.WheelAsync(0, 40);
        var pill = page.Locator(".run-events").GetByRole(AriaRole.Button, new() { Name = PlayerText.Follow });
        await Expect(pill).ToBeVisibleAsync();
        await pill.ClickAsync();
        await Expect(pill).ToBeHiddenAsync();

        // A stretch is drawn with Shift, told in figures, and has its own link.
        var bar = (await slider.BoundingBoxAsync())!;
        await page.Keyboard.DownAsync("Shift");
        await page.Mouse.MoveAsync(bar.X + (bar.Width / 4), bar.Y + 16);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(bar.X + (bar.Width * 3 / 4), bar.Y + 16, new() { Steps = 4 });
        await page.Mouse.UpAsync();
        await page.Keyboard.UpAsync("Shift");
        var stretch = page.GetByRole(AriaRole.Region, new() { Name = StretchText.Stretch });
        await Expect(stretch).ToContainTextAsync(StretchText.ToolTime);
        await Expect(page).ToHaveURLAsync(new Regex(@"\?seq=\d+\.\.\d+$"));
        var figures = await stretch.Locator("dl").InnerTextAsync();
        await page.ReloadAsync();
        Assert.Equal(figures, await stretch.Locator("dl").InnerTextAsync());

        Assert.Empty(await page.ViolationsAsync("a measured stretch"));
    }

    private static async Task ExportAsync(ChatDriver supervisor)
    {
        var page = supervisor.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = ExportText.Export, Exact = true }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Combobox, new() { Name = ExportText.What, Exact = true }).SelectOptionAsync(ExportText.ThisRun);
        await dialog.GetByRole(AriaRole.Combobox, new() { Name = ExportText.As, Exact = true }).SelectOptionAsync(ExportText.Lines);
        await dialog.GetByLabel(ExportText.CoverArguments).CheckAsync();
        await dialog.GetByLabel(ExportText.CoverWords).FillAsync("pump");
        await dialog.GetByRole(AriaRole.Button, new() { Name = ExportText.Preview, Exact = true }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Region, new() { Name = ExportText.Preview })).ToContainTextAsync("Order two cooling ████s");
        Assert.Empty(await page.ViolationsAsync("the preview of an export"));
        var download = await page.RunAndWaitForDownloadAsync(() => dialog.GetByRole(AriaRole.Button, new() { Name = ExportText.Download, Exact = true }).ClickAsync());
        var file = await File.ReadAllBytesAsync(await download.PathAsync());
        var read = RunExport.Read(file);
        Assert.Equal(file, read.ToUtf8().ToArray());
        Assert.Equal(["arguments", "words"], read.Header.Redacted);
        Assert.EndsWith(".jsonl", download.SuggestedFilename, StringComparison.Ordinal);

        // Who closes a dialog goes on from where it was opened.
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToBeHiddenAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = ExportText.Export, Exact = true })).ToBeFocusedAsync();
    }

    private async Task BreakTextAsync(ChatDriver admin)
    {
        await admin.SignInAsync(_app.Address, "admin");
        await admin.Page.GetByLabel(ShellText.Account("")).ClickAsync();
        await admin.Page.GetByRole(AriaRole.Menuitem, new() { Name = FaultInjectionText.Title }).ClickAsync();
        var dialog = admin.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Searchbox, new() { Name = FaultInjectionText.Search }).FillAsync("cut text");
        await dialog.GetByRole(AriaRole.Button, new() { Name = FaultInjectionText.InjectNamed("cut_text"), Exact = true }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Region, new() { Name = FaultInjectionText.ActiveNow }))
            .ToContainTextAsync($"cut text {FaultInjectionText.Left(new InjectedFault("cut_text", 1))}", new() { Timeout = ChatDriver.Timeout });
    }

    private static async Task UnfoldAsync(IPage page)
    {
        await page.Locator(".run-talk").GetByRole(AriaRole.Button, new() { Expanded = false }).First.ClickAsync();
        await Expect(page.Locator(".run-talk [aria-expanded=true]").First).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
    }

    private static Task SeeStatusAsync(IPage page, string status) =>
        Expect(page.Locator(".run-talk article.turn")).ToHaveAttributeAsync("data-status", status, new() { Timeout = ChatDriver.Timeout });

    private static async Task<Dictionary<long, string>> SeenAsync(IPage page) =>
        (await page.EvaluateAsync<string[][]>("() => [...window.copilotSeen].map(([seq, text]) => [String(seq), text])"))
        .ToDictionary(one => long.Parse(one[0], CultureInfo.InvariantCulture), one => one[1]);

    private static async Task DoAsync(IPage page, RunVerb verb, string reason, string? message)
    {
        var name = SupervisionText.Name(verb);
        await page.Locator(".run-verbs-row").GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        if (message is not null)
        {
            await dialog.GetByRole(AriaRole.Textbox, new() { Name = SupervisionText.Message, Exact = true }).FillAsync(message);
        }

        await dialog.GetByRole(AriaRole.Textbox, new() { Name = SupervisionText.Reason, Exact = true }).FillAsync(reason);
        await dialog.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0, new() { Timeout = ChatDriver.Timeout });
    }
}
