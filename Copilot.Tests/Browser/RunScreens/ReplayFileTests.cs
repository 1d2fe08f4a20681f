using Copilot.Domain.Replay;
using Copilot.Domain.Replay.Export;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Browser.Driving;
using Copilot.Tests.Golden;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Components.RunScreen.Export;
using Copilot.Web.Components.Timeline.Shared;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser.RunScreens;

/// <summary>An exported file, opened from the disk: it plays, and asks nobody for anything.</summary>
[Collection(BrowserCollection.Name)]
public sealed class ReplayFileTests(BrowserFixture fixture) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("replay-").FullName;
    private readonly List<string> _requests = [];
    private IBrowserContext _context = null!;
    private ChatDriver _driver = null!;

    public async ValueTask InitializeAsync()
    {
        _context = await fixture.Browser.NewContextAsync(new() { Offline = true });
        _driver = await ChatDriver.OpenAsync(_context);
        _driver.Page.Request += (_, request) => _requests.Add(request.Url);
    }

    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task File_OfRunsWithRetriesApprovalsAndInterventions_ShowsTheClippedStateAtEveryEvent()
    {
        var runs = ((string[])["completed-supervised", "completed-attempt-superseded-run-resumed-1008", "completed-follow-up-approval-approved-transport-queued", "completed-hosted-approval-approved-run-resumed"])
            .Select(name => GoldenLog.Read(name).Runs[^1]).ToList();
        foreach (var run in runs)
        {
            await OpenAsync(Make(run, clip: null));
            var whole = TimelineReducer.Apply(TimelineState.Empty, run);
            for (var seq = 1; seq <= run.Count; seq++)
            {
                Assert.Equal(Expected(TimelineClip.At(whole, seq)), await _driver.Page.EvaluateAsync<string[]>("seq => replay.at(seq)", seq));
            }
        }

        AssertQuiet();
    }

    [Fact]
    public async Task File_Played_ComesToItsEnd()
    {
        var run = GoldenLog.Read("completed-supervised").Runs[^1];
        await OpenAsync(Make(run, clip: null));
        var page = _driver.Page;

        await page.GetByRole(AriaRole.Combobox, new() { Name = "Speed" }).SelectOptionAsync("64");
        await page.GetByRole(AriaRole.Button, new() { Name = "Play" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Play" })).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        var whole = TimelineReducer.Apply(TimelineState.Empty, run);
        await Expect(page.GetByRole(AriaRole.Slider, new() { Name = "Position" })).ToHaveAttributeAsync("aria-valuetext", new System.Text.RegularExpressions.Regex("Completed$"));
        Assert.Equal(Expected(whole), await page.EvaluateAsync<string[]>("seq => replay.at(seq)", run.Count));

        await page.GetByRole(AriaRole.Slider, new() { Name = "Position" }).PressAsync("0");
        await Expect(page.GetByRole(AriaRole.Slider, new() { Name = "Position" })).ToHaveValueAsync("0");
        Assert.Empty(await page.ViolationsAsync("a file that plays"));
        AssertQuiet();
    }

    [Fact]
    public async Task File_OfHostileWords_RunsAndLoadsNothingOfThem()
    {
        const string Hostile = """</script><script>window.hacked = 1</script><img src="https://evil.example/x.png" onerror="window.hacked = 1"><!-- ]]> & '""" + "\u202Egpj.exe";
        var log = new RunLogBuilder().Begin(Hostile).Connect().Send(1, "resp_1").Message(0, "msg_1", null, Hostile).Complete("resp_1").End();

        await OpenAsync(Make(log.Events, clip: null));

        await Expect(_driver.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(Hostile.Replace("\u202E", "⟨U+202E⟩", StringComparison.Ordinal));
        Assert.Contains(Hostile, string.Join('\n', await _driver.Page.EvaluateAsync<string[]>("() => replay.at(1000)")), StringComparison.Ordinal);
        Assert.True(await _driver.Page.EvaluateAsync<bool>("() => window.hacked === undefined"));
        AssertQuiet();
    }

    [Fact]
    public async Task File_OfMarkdown_GrowsAsPlainTextAndIsShownAsOnTheScreensOnceItIsWhole()
    {
        const string Code = "```sql\nselect 1 -- one\n```\n";
        var log = new RunLogBuilder().Begin().Connect().Send(1, "resp_1")
            .Message(0, "msg_1", null, "# Stock\n\n| Part | Stock |\n|---|--:|\n", "| Pump | 2 |\n\n- **two** [docs](https://example.com/docs) ![x](https://evil.example/x.png)\n\n", Code, "<b onclick=\"hacked=1\">bold</b> <img src=x onerror=\"hacked=1\">")
            .Complete("resp_1").End();
        var first = log.Events.First(one => one.Type == "response.output_text.delta").Seq;
        await OpenAsync(Make(log.Events, clip: null));
        var page = _driver.Page;
        var answer = page.Locator("[data-kind=answer]");

        await page.EvaluateAsync("seq => replay.at(seq)", first);
        await Expect(answer.Locator(".plain")).ToContainTextAsync("| Part | Stock |");
        await Expect(answer.Locator("table")).ToHaveCountAsync(0);
        await page.EvaluateAsync("seq => replay.at(seq)", first + 3);

        await Expect(answer.Locator(".md-table table td").Last).ToHaveTextAsync("2");
        await Expect(answer.Locator("h3.md-h1")).ToHaveTextAsync("Stock");
        await Expect(answer.Locator("li strong")).ToHaveTextAsync("two");
        await Expect(answer.Locator("pre .tok-keyword").First).ToHaveTextAsync("select");
        await Expect(answer.Locator("pre .tok-comment")).ToHaveCSSAsync("font-style", "italic");
        await Expect(answer.Locator("img, button, [style], [onclick]")).ToHaveCountAsync(0);
        Assert.Equal("auto", await answer.Locator(".md-table").EvaluateAsync<string>("one => getComputedStyle(one).overflowX"));
        Assert.True(await page.EvaluateAsync<bool>("() => window.hacked === undefined"));
        Assert.Empty(await page.ViolationsAsync("an answer in a file"));

        // Back in time it is plain again.
        await page.EvaluateAsync("seq => replay.at(seq)", first + 1);
        await Expect(answer.Locator("table")).ToHaveCountAsync(0);
        AssertQuiet();
    }

    [Fact]
    public async Task File_OfCoveredMarkdown_IsCoveredInItsMarkup()
    {
        var log = new RunLogBuilder().Begin().Connect().Send(1, "resp_1").Message(0, "msg_1", null, "Ask **Cont", "oso** for `Contoso`").Complete("resp_1").End();

        var file = ExportedFile.Make(
            [log.Events], null, new ExportChoice(ExportScope.Run, ExportFormat.Html, new Redaction { Patterns = [Redaction.PatternOf("contoso")!] }), TimelineNames.None, TimeZoneInfo.Utc).Bytes;

        Assert.DoesNotContain("ontoso", System.Text.Encoding.UTF8.GetString(file), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("**Cont", System.Text.Encoding.UTF8.GetString(file), StringComparison.Ordinal);
        await OpenAsync(file);
        await _driver.Page.EvaluateAsync("() => replay.at(1000)");
        await Expect(_driver.Page.Locator("[data-kind=answer] strong")).ToHaveTextAsync("███████");
        AssertQuiet();
    }

    [Fact]
    public async Task File_OfAClip_HoldsNothingThatWasOverBefore()
    {
        var log = new RunLogBuilder().Begin().Connect()
            .Send(1, "resp_1").Reasoning(0, "rs_1", "A secret thought").Call(1, "fc_1", "call_1", "stock_search", "{}").Complete("resp_1").Tool("call_1", "stock_search", "{}", "none");
        var first = log.Events.Count + 1;
        log.Send(2, "resp_2").Message(0, "msg_1", null, "There is ", "none.").Complete("resp_2").End();

        var file = Make(log.Events, new SeqRange(first, log.Events.Count));

        Assert.DoesNotContain("A secret thought", System.Text.Encoding.UTF8.GetString(file), StringComparison.Ordinal);
        await OpenAsync(file);
        await Expect(_driver.Page.GetByRole(AriaRole.List)).ToContainTextAsync("Where is the spare?");
        AssertQuiet();
    }

    private static byte[] Make(IReadOnlyList<RunEvent> run, SeqRange? clip) => ExportedFile.Make(
        [run], clip, new ExportChoice(clip is null ? ExportScope.Run : ExportScope.Clip, ExportFormat.Html, Redaction.None), TimelineNames.None, TimeZoneInfo.Utc).Bytes;

    // What the domain's own clip says, in the words of the file.
    private static string[] Expected(TimelineState state) =>
    [
        .. state.Items.Select(item => string.Join('|', (string[])
        [
            item.Superseded is null ? "+" : "-",
            ReplayLine.Of(item, TimelineNames.None),
            .. ReplayText.Of(item).Select(text => text.L.Length > 0 ? $"{text.L}: {text.G[^1].S}" : text.G[^1].S),
        ])),
    ];

    private async Task OpenAsync(byte[] file)
    {
        var path = Path.Combine(_folder, $"{Guid.NewGuid():N}.html");
        await File.WriteAllBytesAsync(path, file);
        await _driver.Page.GotoAsync(new Uri(path).ToString());
    }

    private void AssertQuiet()
    {
        Assert.Empty(_driver.Complaints);
        Assert.All(_requests, address => Assert.StartsWith("file://", address, StringComparison.Ordinal));
    }
}
