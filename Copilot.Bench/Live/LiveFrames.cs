using System.Globalization;
using Copilot.Bench.Product;
using Microsoft.Playwright;

namespace Copilot.Bench.Live;

/// <summary>The screen of a run in a real browser: what a frame costs while its answer streams, and on the same page once it has ended.</summary>
internal static class LiveFrames
{
    private static readonly TimeSpan s_length = TimeSpan.FromSeconds(8);

    /// <summary>Measures both in one browser.</summary>
    public static async Task<(FrameCost Idle, FrameCost Streaming)> MeasureAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var words = (int)(LiveUpstream.WordsPerSecond * (s_length.TotalSeconds + 6));
        using var upstream = await LiveProcess.StartAsync(LiveUpstream.Command, words.ToString(CultureInfo.InvariantCulture));
        using var server = await LiveProcess.StartAsync(LiveServer.Command, run.NewFolder(), new Uri(upstream.Address, "/v1").ToString());
        await using var browser = await BenchBrowser.StartAsync();
        await using var context = await browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(server.Address, "/signin").ToString());
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Continue as supervisor", System.Text.RegularExpressions.RegexOptions.IgnoreCase) }).First.ClickAsync();
        await page.Locator("main").WaitForAsync();
        var id = await server.AskAsync("start 1");
        await page.GotoAsync(new Uri(server.Address, $"/runs/{id}").ToString());
        await page.GetByText("~t").First.WaitForAsync();
        var streaming = await FrameCost.MeasureAsync(browser, s_length, cancellationToken);
        await server.AskAsync("wait");
        await page.WaitForTimeoutAsync(1_000);
        return (await FrameCost.MeasureAsync(browser, s_length, cancellationToken), streaming);
    }
}
