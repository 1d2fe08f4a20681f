using System.Globalization;
using Copilot.Bench.Recording;
using Copilot.Bench.Reporting;
using Copilot.Domain.Responses;

namespace Copilot.Bench.Storm;

/// <summary>Many runs whose sockets are cut at once in mid-response, and how they reconnect, with and without the product's rate limiter.</summary>
internal sealed class StormBench : IBench
{
    private const int AnswerTokens = 40;

    /// <summary>One at each edge of the one-second window: a start is recorded just after the limiter's own record.</summary>
    private const int Edges = 2;

    /// <inheritdoc/>
    public string Name => "storm";

    /// <inheritdoc/>
    public bool IsAsserted => true;

    /// <inheritdoc/>
    public async Task<BenchReport> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var runs = run.Quick ? 120 : 500;
        var limit = new UpstreamOptions().MaxConnectsPerSecond;
        await using var upstream = await CuttingUpstream.StartAsync(await RecordAsync(cancellationToken));
        await using var gated = await StormRuns.CreateAsync(upstream, run.NewFolder(), runs, static _ => { });
        await using var open = await StormRuns.CreateAsync(upstream, run.NewFolder(), runs, options =>
        {
            options.MaxConnectsPerSecond = int.MaxValue;
            options.MaxConcurrentConnects = int.MaxValue;
        });
        var repetitions = run.Repetitions(5);
        var behind = new List<StormOutcome>();
        var without = new List<StormOutcome>();
        for (var i = 0; i < repetitions; i++)
        {
            behind.Add(await gated.CutAsync(runs, cancellationToken));
            without.Add(await open.CutAsync(runs, cancellationToken));
        }

        return new BenchReport
        {
            Name = Name,
            Conditions = Conditions.With(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{runs} runs, each in its own conversation and with a follower, whose sockets are cut at once without a close frame in the middle of an answer of {AnswerTokens} deltas, {repetitions} interleaved repetitions; with the product's registry, log, database, back-off and connector, as configured ({limit} connects a second) and without a limit"),
                "connects are counted when they begin, just after the rate limiter, and when they arrive at the upstream, which is later by what the machine needs to get to each; a second is any second, wherever it begins",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the rate limiter itself lets no more than {limit} begin in any second; the target is {Edges} more, one at each edge of the second, because the bench notes a begin a moment after the limiter did"),
                "the time until all runs have completed is that of the rate limiter: 5 together, then 46 a second; a part of the first quarter of a second is the back-off before a response is asked for again"),
            Figures =
            [
                new Figure("connects begun in the busiest second, with the rate limiter", "/s", Spread.Of(behind.Select(s => (double)StormOutcome.Busiest(s.Begun))), Bound.AtMost, limit + Edges, "0"),
                new Figure("runs that lost their socket and completed, fewest of all storms", "runs", Spread.Of([behind.Concat(without).Min(s => s.Completed)]), Bound.AtLeast, runs, "0"),
            ],
            Tables =
            [
                new Table(
                    "Coming back",
                    ["connects", "busiest second, begun", "busiest second, arrived", "all runs completed after, s"],
                    [Row("with the rate limiter", behind), Row("without a limit", without)]),
            ],
            Plots =
            [
                new Plot("storm.svg", "Connects per second after all sockets were cut", LinePlot.Draw(
                    "Connects per second after the cut",
                    "seconds",
                    [("limited", behind[^1].Rate()), ("no limit", without[^1].Rate())])),
            ],
        };
    }

    private static async Task<IReadOnlyList<ReadOnlyMemory<byte>>> RecordAsync(CancellationToken cancellationToken)
    {
        await using var upstream = await DemoUpstream.StartAsync();
        await using var client = new UpstreamClient(upstream.BaseUrl, TransportKind.WebSocket);
        var responses = await Recordings.ScriptedAsync(client, toolRounds: 0, AnswerTokens, cancellationToken);
        return [.. responses.Single().Select(received => received.Json)];
    }

    private static string[] Row(string name, List<StormOutcome> storms) =>
    [
        name,
        Spread.Of(storms.Select(s => (double)StormOutcome.Busiest(s.Begun))).Show("0"),
        Spread.Of(storms.Select(s => (double)StormOutcome.Busiest(s.Arrived))).Show("0"),
        Spread.Of(storms.Select(s => s.Seconds)).Show("0.0"),
    ];
}
