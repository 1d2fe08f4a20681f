using Copilot.Bench.Product;
using Copilot.Bench.Recording;
using Copilot.Bench.Reporting;
using Copilot.Bench.Scripted;

namespace Copilot.Bench.Memory;

/// <summary>What runs, viewers and open pages hold in memory.</summary>
internal sealed class MemoryBench : IBench
{
    private const double Megabyte = 1024 * 1024;

    /// <inheritdoc/>
    public string Name => "memory";

    /// <inheritdoc/>
    public bool IsAsserted => true;

    /// <inheritdoc/>
    public async Task<BenchReport> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var product = new List<double>();
        var bare = new List<double>();
        await using (var browser = await BenchBrowser.StartAsync())
        {
            for (var i = 0; i < 3; i++)
            {
                product.Add(await IdleCircuits.OfTheProductAsync(run, browser) / 1024);
                bare.Add(await IdleCircuits.OfABarePageAsync(browser) / 1024);
            }
        }

        var peaks = new List<double>();
        var ends = new List<double>();
        for (var i = 0; i < (run.Quick ? 1 : 3); i++)
        {
            // A new one each time, because it counts its responses.
            using var upstream = await UpstreamProcess.StartAsync(ScriptedUpstream.Command, ScriptedUpstream.Images);
            var (peak, ended) = await ImageRun.MeasureAsync(run, upstream.BaseUrl, cancellationToken);
            peaks.Add(peak / Megabyte);
            ends.Add(ended / Megabyte);
        }

        return new BenchReport
        {
            Name = Name,
            Conditions = Conditions.With(
                "images: one run over HTTP that stores nothing upstream, ten responses with five images of 2 MB each, the whole conversation sent again each time; ten viewers from its beginning; live bytes after full collections, five a second, beyond the idle process",
                "pages: sixteen of one browser at the empty chat, the last eight counted; a bare page has one component and no product"),
            Figures =
            [
                new Figure("a run with 50 images of 2 MB and 10 viewers holds at most", "MB", Spread.Of(peaks), Bound.AtMost, 100, "0"),
                new Figure("an idle page holds more than a bare one", "KB", Spread.Of(product.Zip(bare, (one, other) => one - other)), Bound.AtMost, 300, "0"),
            ],
            Tables =
            [
                new Table(
                    "Memory of the server",
                    ["what", "held"],
                    [
                        ["the run with images, at most, MB", Spread.Of(peaks).Show("0.0")],
                        ["the run with images, ended, its viewers still there, MB", Spread.Of(ends).Show("0.0")],
                        ["an idle page of the product, KB", Spread.Of(product).Show("0")],
                        ["a bare idle page, KB", Spread.Of(bare).Show("0")],
                    ]),
            ],
        };
    }
}
