using System.Globalization;
using Copilot.Bench.Reporting;

namespace Copilot.Bench.Live;

/// <summary>
/// How late supervisors see what runs say: many runs at 50 events a second, real circuits on the wall and inside runs, and the server,
/// the upstream and the pages in processes of their own.
/// </summary>
internal sealed class LiveBench : IBench
{
    private const double Megabyte = 1024 * 1024;

    /// <inheritdoc/>
    public string Name => "live";

    /// <inheritdoc/>
    public bool IsAsserted => true;

    /// <inheritdoc/>
    public async Task<BenchReport> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var first = await FirstWords.MeasureAsync(run, cancellationToken);
        // No fewer words where it is quick: with half of them, what the compiler does at the beginning is most of what is measured.
        LiveLoad full = new(Runs: 200, OnTheWall: 20, Inside: 5, Words: 1_000);
        LiveLoad[] loads = run.Quick ? [full] : [full with { Runs = 20 }, full with { Runs = 100 }, full];
        var outcomes = new List<(LiveLoad Load, LiveOutcome Outcome)>();
        foreach (var load in loads)
        {
            outcomes.Add((load, await load.CarryAsync(run.NewFolder(), cancellationToken)));
        }

        var most = outcomes[^1].Outcome;
        var (idle, streaming) = await LiveFrames.MeasureAsync(run, cancellationToken);
        return new BenchReport
        {
            Name = Name,
            Conditions = Conditions.With(
                $"{LiveUpstream.WordsPerSecond} words a second of each run, over WebSockets, from an upstream in a process of its own; the server in another; the pages are circuits that a third process holds, each render batch acknowledged at once",
                "from the upstream's sending of a word until the render batch that first holds it has been received, all on one machine's clock; a wall shows the last words of each run, five times a second",
                "the runs start all at once, with the pages on the wall open; lateness counts from when each page inside a run has drawn it",
                FrameCost.Condition),
            Figures =
            [
                new Figure("200 runs, 20 pages on the wall: inside a run, p95", "ms", Spread.Of([LiveOutcome.At(most.Inside, 0.95)]), Bound.AtMost, 150, "0"),
                new Figure("200 runs, 20 pages on the wall: on the wall, p95", "ms", Spread.Of([LiveOutcome.At(most.OnTheWall, 0.95)]), Bound.AtMost, 400, "0"),
                new Figure("200 runs, 20 pages on the wall: resident memory", "MB", Spread.Of([most.Resident / Megabyte]), Bound.AtMost, 1024, "0"),
                new Figure("200 runs, 20 pages on the wall: failed runs and pages without the last word", "", Spread.Of([most.FailedRuns + most.WordsMissing]), Bound.AtMost, 0, "0"),
                new Figure("one run, one page: first word, p50", "ms", Spread.Of([LiveOutcome.At(first, 0.5)]), Bound.AtMost, 15, "0.0"),
                new Figure("one run, one page: first word, p99", "ms", Spread.Of([LiveOutcome.At(first, 0.99)]), Bound.AtMost, 50, "0.0"),
                new Figure("one run in a real browser: script and style of a frame, p99", "ms", Spread.Of([streaming.ScriptAndStyle]), Bound.AtMost, 8, "0.0"),
                new Figure("one run in a real browser: tasks over 50 ms beyond an idle page's", "", Spread.Of([Math.Max(0, streaming.LongTasks - idle.LongTasks)]), Bound.AtMost, 0, "0"),
            ],
            Tables =
            [
                new Table(
                    "Live supervision",
                    [
                        "runs", "pages inside stand after, s", "inside p50, ms", "p95", "p99", "wall p50, ms", "p95", "p99", "events/s", "server CPU, cores", "upstream CPU", "pages' CPU",
                        "resident, MB", "KB held per wall page", "KB sent per wall page", "KB sent per run page", "B sent per word inside",
                    ],
                    [.. outcomes.Select(one => Row(one.Load, one.Outcome))]),
                new Table(
                    "One run in a real browser",
                    ["page", "script and style, p99, ms", "with layout and paint", "by the clock on the wall", "tasks over 50 ms"],
                    [FrameRow("once the run has ended", idle), FrameRow("while it streams", streaming)]),
            ],
        };
    }

    private static IReadOnlyList<string> Row(LiveLoad load, LiveOutcome outcome)
    {
        var seconds = outcome.Elapsed.TotalSeconds;
        return
        [
            load.Runs.ToString(CultureInfo.InvariantCulture), outcome.Opened.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture),
            Show(LiveOutcome.At(outcome.Inside, 0.5)), Show(LiveOutcome.At(outcome.Inside, 0.95)), Show(LiveOutcome.At(outcome.Inside, 0.99)),
            Show(LiveOutcome.At(outcome.OnTheWall, 0.5)), Show(LiveOutcome.At(outcome.OnTheWall, 0.95)), Show(LiveOutcome.At(outcome.OnTheWall, 0.99)),
            Show(outcome.Events / seconds),
            (outcome.ServerCpu.TotalSeconds / seconds).ToString("0.00", CultureInfo.InvariantCulture),
            (outcome.UpstreamCpu.TotalSeconds / seconds).ToString("0.00", CultureInfo.InvariantCulture),
            (outcome.LoadCpu.TotalSeconds / seconds).ToString("0.00", CultureInfo.InvariantCulture),
            Show(outcome.Resident / Megabyte), Show(outcome.BytesPerWallPage / 1024), Show(outcome.SentToWallPage / 1024), Show(outcome.SentToRunPage / 1024), Show(outcome.SentToRunPage / load.Words),
        ];
    }

    private static IReadOnlyList<string> FrameRow(string page, FrameCost cost) =>
    [
        page,
        cost.ScriptAndStyle.ToString("0.0", CultureInfo.InvariantCulture),
        cost.WithPaint.ToString("0.0", CultureInfo.InvariantCulture),
        cost.OnTheWall.ToString("0.0", CultureInfo.InvariantCulture),
        cost.LongTasks.ToString(CultureInfo.InvariantCulture),
    ];

    private static string Show(double value) => value.ToString("0", CultureInfo.InvariantCulture);
}
