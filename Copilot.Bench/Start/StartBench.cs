using System.Diagnostics;
using System.Globalization;
using Copilot.Bench.Product;
using Copilot.Bench.Reporting;
using Copilot.Domain.Runs.Log;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Bench.Start;

/// <summary>From the start until the server is ready, with a long past and with none.</summary>
internal sealed class StartBench : IBench
{
    private const int Sessions = 100_000;
    private const int WarmUps = 3;
    private const int Starts = 15;

    /// <inheritdoc/>
    public string Name => "start";

    /// <inheritdoc/>
    public bool IsAsserted => true;

    /// <inheritdoc/>
    public async Task<BenchReport> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var empty = run.NewFolder();
        var full = run.NewFolder();
        await using (await ProductHost.StartAsync(empty))
        {
        }

        await using (var product = await ProductHost.StartAsync(full))
        {
            await PastRuns.WriteAsync(product.Services.GetRequiredService<IRunEventStore>(), Sessions, cancellationToken);
        }

        // The first start resumes what was interrupted. It is let do so: what is measured is the past, not work that goes on.
        await using (var product = await ProductHost.StartAsync(full))
        {
            var store = product.Services.GetRequiredService<IRunEventStore>();
            while ((await store.ReadInterruptedAsync(cancellationToken)).Count + (await store.ReadUnfinishedAsync(cancellationToken)).Count > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            }
        }

        var (without, with) = (new List<double>(), new List<double>());
        for (var i = -WarmUps; i < Starts; i++)
        {
            // Neither is always the second of a pair.
            var isFullFirst = i % 2 == 0;
            var one = await ReadyAfterAsync(isFullFirst ? full : empty, cancellationToken);
            var other = await ReadyAfterAsync(isFullFirst ? empty : full, cancellationToken);
            if (i >= 0)
            {
                without.Add(isFullFirst ? other : one);
                with.Add(isFullFirst ? one : other);
            }
        }

        return new BenchReport
        {
            Name = Name,
            Conditions = Conditions.With(
                string.Create(CultureInfo.InvariantCulture, $"{Sessions} conversations with a run each, every ten-thousandth interrupted and resumed at an earlier start, against an empty database; {with.Count} starts of each in turns, in one process"),
                "from composing the application until /health/ready answers 200"),
            Figures =
            [
                new Figure("time to ready with 100,000 conversations against none", "×", Spread.Of(with.Zip(without, (one, other) => one / other)), Bound.AtMost, 1.1, "0.00"),
            ],
            Tables =
            [
                new Table(
                    "Time to ready, ms",
                    ["database", "ms"],
                    [["empty", Spread.Of(without).Show("0")], ["100,000 conversations", Spread.Of(with).Show("0")]]),
            ],
        };
    }

    private static async Task<double> ReadyAfterAsync(string folder, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await using var product = await ProductHost.StartAsync(folder);
        using var client = new HttpClient { BaseAddress = product.Address };
        while (true)
        {
            using var answer = await client.GetAsync(new Uri("health/ready", UriKind.Relative), cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), cancellationToken);
        }
    }
}
