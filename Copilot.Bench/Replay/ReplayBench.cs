using System.Globalization;
using Copilot.Bench.Live;
using Copilot.Bench.Product;
using Copilot.Bench.Reporting;

namespace Copilot.Bench.Replay;

/// <summary>The replay of a long run in a real browser: how soon it is there, and what a frame costs while it is scrubbed and played.</summary>
internal sealed class ReplayBench : IBench
{
    private const int Events = 50_000;
    private const string Nowhere = "http://127.0.0.1:9/v1";

    /// <inheritdoc/>
    public string Name => "replay";

    /// <inheritdoc/>
    public bool IsAsserted => true;

    /// <inheritdoc/>
    public async Task<BenchReport> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var length = TimeSpan.FromSeconds(run.Quick ? 6 : 12);
        using var server = await LiveProcess.StartAsync(LiveServer.Command, run.NewFolder(), Nowhere);
        var id = await server.AskAsync(string.Create(CultureInfo.InvariantCulture, $"record {Events}"));
        await using var browser = await BenchBrowser.StartAsync();
        await using var context = await browser.NewContextAsync();
        var page = await ReplayPage.SignInAsync(context, server.Address);
        var opened = new List<IReadOnlyDictionary<string, double>>();
        for (var i = -1; i < run.Repetitions(10); i++)
        {
            // The first time compiles code, on both sides.
            var painted = await page.OpenAsync(server.Address, id);
            await page.RestAsync();
            if (i >= 0)
            {
                opened.Add(painted);
            }
        }

        var idle = await MeasureAsync(() => Task.Delay(length, cancellationToken));
        var scrubbed = await MeasureAsync(() => page.ScrubAsync(length, cancellationToken));
        var slow = await PlayAsync(1);
        var fast = await PlayAsync(64);
        return new BenchReport
        {
            Name = Name,
            Conditions = Conditions.With(
                string.Create(CultureInfo.InvariantCulture, $"one run of about {Events:N0} events, packed: rounds of reasoning, a remark, a tool call and its result, and an answer of 6,000 pieces in Markdown"),
                "the server in a process of its own; headless Chromium 1440 × 900 without a GPU, signed in as supervisor; opening is a navigation of the whole page, from its beginning to the first paint of each part",
                "scrubbing draws the playhead over the whole bar and back, with sixty movements of the mouse a second; playing begins at a tenth of the run",
                FrameCost.Condition + "; the same page at rest beside it"),
            Figures =
            [
                new Figure("a run of 50,000 events: first paint", "ms", Of("head"), Bound.AtMost, 1_000, "0"),
                new Figure("scrubbing: script and style of a frame, p99", "ms", Spread.Of([scrubbed.Cost.ScriptAndStyle]), Bound.AtMost, 8, "0.0"),
                new Figure("scrubbing: tasks over 50 ms beyond an idle page's", "", Spread.Of([Math.Max(0, scrubbed.Cost.LongTasks - idle.Cost.LongTasks)]), Bound.AtMost, 0, "0"),
                new Figure("updates of the page per second at 64× against 1×", "×", Spread.Of([fast.Updates / slow.Updates]), Bound.AtMost, 1.1, "0.00"),
                new Figure("playing at 64×: script and style of a frame, p99", "ms", Spread.Of([fast.Cost.ScriptAndStyle]), Bound.AtMost, 8, "0.0"),
            ],
            Tables =
            [
                new Table("Opening", ["part", "first paint, ms"], [.. ReplayPage.Parts.Select(part => (IReadOnlyList<string>)[part, Of(part).Show("0")])]),
                new Table(
                    "Using the player",
                    ["", "script and style, p99, ms", "with layout and paint", "by the clock on the wall", "tasks over 50 ms", "updates/s", "KB/s", "server CPU, cores"],
                    [Row("at rest", idle), Row("scrubbing", scrubbed), Row("playing at 1×", slow), Row("playing at 64×", fast)]),
            ],
        };

        Spread Of(string part) => Spread.Of(opened.Select(one => one[part]));

        async Task<Use> PlayAsync(double speed)
        {
            var use = await MeasureAsync(() => page.PlayAsync(speed, length, cancellationToken));
            await page.PauseAsync();
            return use;
        }

        async Task<Use> MeasureAsync(Func<Task> work)
        {
            await page.RestAsync();
            var (before, cpu, began) = (page.Sent, server.Cpu, TimeProvider.System.GetTimestamp());
            (long Bytes, long Updates) after = default;
            var spent = TimeSpan.Zero;
            var seconds = 0.0;
            var cost = await FrameCost.MeasureAsync(browser, async () =>
            {
                await work();
                (after, spent, seconds) = (page.Sent, server.Cpu - cpu, TimeProvider.System.GetElapsedTime(began).TotalSeconds);
            });
            return new Use(cost, (after.Updates - before.Updates) / seconds, (after.Bytes - before.Bytes) / seconds / 1_000, spent.TotalSeconds / seconds);
        }
    }

    private static IReadOnlyList<string> Row(string name, Use use) =>
    [
        name,
        use.Cost.ScriptAndStyle.ToString("0.0", CultureInfo.InvariantCulture),
        use.Cost.WithPaint.ToString("0.0", CultureInfo.InvariantCulture),
        use.Cost.OnTheWall.ToString("0.0", CultureInfo.InvariantCulture),
        use.Cost.LongTasks.ToString(CultureInfo.InvariantCulture),
        use.Updates.ToString("0.0", CultureInfo.InvariantCulture),
        use.Kilobytes.ToString("0.0", CultureInfo.InvariantCulture),
        use.Cores.ToString("0.00", CultureInfo.InvariantCulture),
    ];

    /// <param name="Cost">What it cost the browser.</param>
    /// <param name="Updates">Messages to the page per second.</param>
    /// <param name="Kilobytes">Kilobytes to the page per second.</param>
    /// <param name="Cores">Processors of the server.</param>
    private sealed record Use(FrameCost Cost, double Updates, double Kilobytes, double Cores);
}
