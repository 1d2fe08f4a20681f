using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Copilot.Bench.Recording;
using Copilot.Bench.Reporting;
using Copilot.Domain.Responses;

namespace Copilot.Bench.Storm;

/// <summary>Many sockets that are cut at once, and how they come back: through the product's gate, and without it.</summary>
internal sealed class StormBench : IBench
{
    private static readonly TimeSpan s_bin = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    public string Name => "storm";

    /// <inheritdoc/>
    public bool IsAsserted => true;

    /// <inheritdoc/>
    public async Task<BenchReport> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var sockets = run.Quick ? 120 : 500;
        var limit = new UpstreamOptions().MaxConnectsPerSecond;
        await using var upstream = await CuttingUpstream.StartAsync();
        await using var gated = new UpstreamClient(upstream.BaseUrl, TransportKind.WebSocket);
        await using var open = new UpstreamClient(upstream.BaseUrl, TransportKind.WebSocket, options =>
        {
            options.MaxConnectsPerSecond = int.MaxValue;
            options.MaxConcurrentConnects = int.MaxValue;
        });
        var repetitions = run.Repetitions(5);
        var behind = new List<Storm>();
        var without = new List<Storm>();
        for (var i = 0; i < repetitions; i++)
        {
            behind.Add(await CutAsync(upstream, gated, open, sockets, cancellationToken));
            without.Add(await CutAsync(upstream, open, open, sockets, cancellationToken));
        }

        return new BenchReport
        {
            Name = Name,
            Conditions = Conditions.With(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{sockets} sockets cut at once without a close frame, {repetitions} interleaved repetitions; each comes back as soon as its transport has told its end, through the product's connector, as configured ({limit} connects a second) and with the gate wide open"),
                "connects are counted when they begin, just after the gate, and when they arrive at the upstream, which is later by what the machine needs to get to each; a second is any second, not one of the clock",
                "the gate itself is exact (a test holds it to that on a manual clock): it lets a whole second's connects go at once, and half as many again is what a busy machine may smear into the next",
                "the back-off between the attempts of a response comes before this and is not part of it"),
            Figures =
            [
                new Figure("connects begun in the busiest second, behind the gate", "/s", Spread.Of(behind.Select(s => (double)Busiest(s.Begun))), Bound.AtMost, 1.5 * limit, "0"),
            ],
            Tables =
            [
                new Table(
                    "Coming back",
                    ["connects", "busiest second, begun", "busiest second, arrived", "all back after, s"],
                    [Row("behind the gate", behind), Row("gate wide open", without)]),
            ],
            Plots =
            [
                new Plot("storm.svg", "Connects per second after all sockets were cut", LinePlot.Draw(
                    "Connects per second after the cut",
                    "seconds",
                    [("behind the gate", behind[^1].Rate()), ("wide open", without[^1].Rate())])),
            ],
        };
    }

    private static async Task<Storm> CutAsync(
        CuttingUpstream upstream, UpstreamClient client, UpstreamClient first, int sockets, CancellationToken cancellationToken)
    {
        // How they got there is not the question, so they come in through the open gate.
        var transports = await Task.WhenAll(Enumerable.Range(0, sockets).Select(_ => first.ConnectAsync(cancellationToken)));
        upstream.TakeArrivals();
        var begun = new ConcurrentBag<long>();
        var back = transports.Select(transport => ComeBackAsync(transport, client, begun, cancellationToken)).ToArray();
        var cut = Stopwatch.GetTimestamp();
        upstream.CutAll();
        var again = await Task.WhenAll(back);
        var elapsed = Stopwatch.GetElapsedTime(cut);
        foreach (var transport in again)
        {
            await transport.DisposeAsync();
        }

        return new Storm(Since(cut, begun), Since(cut, upstream.TakeArrivals()), elapsed.TotalSeconds);
    }

    private static async Task<IResponsesTransport> ComeBackAsync(
        IResponsesTransport transport, UpstreamClient client, ConcurrentBag<long> begun, CancellationToken cancellationToken)
    {
        await transport.Ended;
        await transport.DisposeAsync();
        return await client.ConnectAsync(
            notice =>
            {
                if (notice is ConnectNotice.Connected connected)
                {
                    begun.Add(Stopwatch.GetTimestamp() - (long)(connected.Elapsed.TotalSeconds * Stopwatch.Frequency));
                }
            },
            cancellationToken);
    }

    private static double[] Since(long start, IEnumerable<long> times) =>
        [.. times.Select(time => Stopwatch.GetElapsedTime(start, time).TotalSeconds).Order()];

    /// <summary>The most in any second.</summary>
    private static int Busiest(double[] times)
    {
        var most = 0;
        for (int from = 0, to = 0; to < times.Length; to++)
        {
            while (times[to] - times[from] >= 1)
            {
                from++;
            }

            most = Math.Max(most, to - from + 1);
        }

        return most;
    }

    private static string[] Row(string name, List<Storm> storms) =>
    [
        name,
        Spread.Of(storms.Select(s => (double)Busiest(s.Begun))).Show("0"),
        Spread.Of(storms.Select(s => (double)Busiest(s.Arrived))).Show("0"),
        Spread.Of(storms.Select(s => s.Seconds)).Show("0.0"),
    ];

    /// <param name="Begun">Seconds after the cut at which connects began, in order.</param>
    /// <param name="Arrived">Seconds after the cut at which they arrived, in order.</param>
    /// <param name="Seconds">Until the last was back.</param>
    private sealed record Storm(double[] Begun, double[] Arrived, double Seconds)
    {
        /// <summary>Connects per second over time.</summary>
        public IReadOnlyList<(double X, double Y)> Rate()
        {
            var counts = new double[(int)(Begun[^1] / s_bin.TotalSeconds) + 2];
            foreach (var time in Begun)
            {
                counts[(int)(time / s_bin.TotalSeconds)]++;
            }

            return [.. counts.Select((count, bin) => (bin * s_bin.TotalSeconds, count / s_bin.TotalSeconds))];
        }
    }
}
