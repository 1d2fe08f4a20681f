using System.Collections.Concurrent;
using System.Globalization;
using Copilot.Bench.Reporting;
using Copilot.Demo.Upstream.Faults;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
namespace Copilot.Bench.Faults;

/// <summary>Every fault of the demo upstream, met by a whole run with default settings: how it ended and what it cost.</summary>
internal sealed class FaultsBench : IBench
{
    private const int AtOnce = 6;
    private const string Healthy = "none";

    /// <summary>The promises, the faults they apply to, and how they are read from a run.</summary>
    private static readonly Asserted[] s_asserted =
    [
        new("swallowed upgrade: seconds from the run's beginning to the first event over HTTP", ["upgrade_hang"], run => run.FirstEvent, 3),
        new(
            "refused upgrade: seconds from the refusal to the first event over HTTP, worst kind",
            ["upgrade_426", "upgrade_403_html", "upgrade_500", "upgrade_503", "upgrade_200_html", "upgrade_redirect", "upgrade_reset"],
            run => run.ToEventAfter(RunEventTypes.TransportFellBack),
            0.5),
        new(
            "accepted and then closed: seconds from the run's beginning to the first event, worst kind",
            ["open_close_1000", "open_close_1008", "open_close_1006"],
            run => run.FirstEvent,
            1),
        new("parent not found: seconds from the error to the whole input on the same socket", ["previous_response_not_found"], run => run.ToRequestAfter("error"), 0.2),
        new("connection limit in flight: seconds from the error to the next socket's request", ["limit_in_flight", "limit_in_flight_close"], run => run.ToRequestAfter("error"), 0.53),
        new("half-open socket: seconds from its last event until it counts as lost", ["half_open"], run => run.ToNotice(RunEventTypes.TransportLost), 25),
    ];

    /// <inheritdoc/>
    public string Name => "faults";

    /// <inheritdoc/>
    public bool IsAsserted => true;

    /// <inheritdoc/>
    public async Task<BenchReport> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var repetitions = run.Repetitions(5);
        var names = run.Quick ? s_asserted.SelectMany(asserted => asserted.Faults) : DemoFaultCatalog.All.Select(kind => kind.Name);
        var work = from repetition in Enumerable.Range(0, repetitions)
                   from name in names.Prepend(Healthy).Distinct()
                   select name;
        var measured = new ConcurrentDictionary<string, ConcurrentBag<FaultyRun>>();

        // Nearly all of it is waiting, so several at once do not disturb each other much.
        await Parallel.ForEachAsync(
            work,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (name, stop) => measured.GetOrAdd(name, _ => []).Add(await FaultyRun.RunAsync(Inject(name), run.NewFolder(), stop)));
        var healthy = Spread.Of(measured[Healthy].Select(one => one.Seconds)).Median;
        var all = measured.Values.SelectMany(runs => runs).ToArray();
        return new BenchReport
        {
            Name = Name,
            Conditions = Conditions.With(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{repetitions} interleaved repetitions, {AtOnce} runs at once; each run has an upstream, a breaker and a database of its own, asks for one call of a tool with an effect and then answers; Upstream:Transport=Auto and every other setting as it comes"),
                "faults of the upgrade last for the whole run, the others strike once, those of HTTP with Upstream:Transport=Http; a refusal by status is told by the demo upstream without delay, so the times are the client's own and its waits",
                string.Create(CultureInfo.InvariantCulture, $"a run without a fault takes {healthy:0.00} s; 'added' is what a fault costs on top, waits that the upstream asked for included")),
            Figures =
            [
                .. s_asserted.Select(asserted => new Figure(asserted.Name, "s", Worst(asserted, measured), Bound.AtMost, asserted.Target, "0.00")),
                new Figure("runs in which the tool ran more often than it was called", "runs", Spread.Of([all.Count(one => one.ToolRuns > one.ToolStarts)]), Bound.AtMost, 0, "0"),
                new Figure("most times the tool ran in one run", "times", Spread.Of([all.Max(one => one.ToolRuns)]), Bound.AtMost, 1, "0"),
            ],
            Tables =
            [
                new Table(
                    "What each fault did",
                    ["fault", "the run", "requests", "rules of the policy", "time-outs", "added, s"],
                    [
                        .. DemoFaultCatalog.All.Where(kind => measured.ContainsKey(kind.Name)).Select(kind =>
                        {
                            var runs = measured[kind.Name];
                            return (IReadOnlyList<string>)
                            [
                                kind.Name,
                                Each(runs, one => one.End),
                                Each(runs, one => one.Attempts.ToString(CultureInfo.InvariantCulture)),
                                Each(runs, one => one.Rules),
                                Each(runs, one => one.Timeouts),
                                Added(runs, healthy),
                            ];
                        }),
                    ]),
            ],
            Cells = measured.Where(pair => pair.Key != Healthy).ToDictionary(pair => pair.Key, pair => Added(pair.Value, healthy) + " s"),
        };
    }

    private static DemoFault? Inject(string name) => name switch
    {
        Healthy => null,
        // In mid-response a pause is legitimate for as long as the run may last; after a request it is not.
        "silence" => new DemoFault { Fault = name, Times = 1, Skip = 1, At = 0 },
        _ => new DemoFault { Fault = name, Times = DemoFaultCatalog.Find(name)!.Place is DemoFaultStage.Upgrade ? null : 1 },
    };

    /// <summary>The kind with the highest median.</summary>
    private static Spread Worst(Asserted asserted, ConcurrentDictionary<string, ConcurrentBag<FaultyRun>> measured) =>
        asserted.Faults.Select(name => Spread.Of(measured[name].Select(asserted.Value))).MaxBy(spread => spread.Median)!;

    private static string Added(IEnumerable<FaultyRun> runs, double healthy) =>
        Spread.Of(runs.Select(one => Math.Max(0, one.Seconds - healthy))).Show("0.0");

    /// <summary>What the repetitions have in common, or all that they have.</summary>
    private static string Each(IEnumerable<FaultyRun> runs, Func<FaultyRun, string> value) =>
        string.Join(" or ", runs.Select(value).Distinct().Order(StringComparer.Ordinal).Select(one => one.Length == 0 ? "–" : one));

    private sealed record Asserted(string Name, string[] Faults, Func<FaultyRun, double> Value, double Target);
}
