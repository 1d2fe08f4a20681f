using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using Copilot.Bench.Recording;
using Copilot.Bench.Reporting;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Registry;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Bench.Overhead;

/// <summary>A whole run of the product, with nothing to wait for, against a minimal loop.</summary>
internal sealed class OverheadBench : IBench
{
    private const int ToolRounds = 10;
    private const int AnswerTokens = 200;
    private const int Group = 8;

    // Until the compiler has nothing left to do beside it: the product has far more of it than the bare loop. How long that takes is
    // the machine's affair.
    private const int FewestWarmUps = 250;
    private const int MostWarmUps = 1_000;
    private const int CompilerRests = 50; // repetitions
    private const int FewMethods = 50;
    private const int Groups = 10;

    /// <inheritdoc/>
    public string Name => "overhead";

    /// <inheritdoc/>
    public bool IsAsserted => true;

    /// <inheritdoc/>
    public async Task<BenchReport> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var recording = Path.Combine(run.NewFolder(), "frames.jsonl");
        await RecordAsync(recording, cancellationToken);
        var framesPerResponse = FrameFile.Read(recording).Select(frames => frames.Count).ToArray();
        using var upstream = await UpstreamProcess.StartAsync(ReplayUpstream.Command, recording);
        var requests = await CaptureRequestsAsync(run, recording, cancellationToken);

        await using var database = await BenchDatabase.CreateAsync(run.NewFolder(), services => ProductRuns.Add(services, upstream.BaseUrl));
        await using var copy = await BenchDatabase.CreateAsync(run.NewFolder(), _ => { });
        using var batches = new BareBatches(copy.File);
        var loop = new BareLoop(upstream.BaseUrl, requests);
        var done = new List<Repetition>();
        var events = 0;
        var (warmUps, compiled, isWarm) = (0, JitInfo.GetCompiledMethodCount(), false);
        while (done.Count < Groups * Group)
        {
            var product = await MeasureAsync(async () => events = (await ProductRuns.RunAsync(database, cancellationToken)).Count);
            await database.Services.GetRequiredService<RunRegistry>().WhenIdleAsync();
            var transactions = database.Transactions.TakeRecorded().Select(transaction => BareBatches.Prepare(transaction.Appends)).ToArray();
            var committing = await MeasureAsync(() => loop.RunAsync(batches, transactions, cancellationToken));
            var reading = await MeasureAsync(() => loop.RunAsync(framesPerResponse, cancellationToken));
            if (isWarm)
            {
                done.Add(new Repetition(product, committing, reading, transactions.Length));
            }
            else if (++warmUps % CompilerRests == 0)
            {
                var now = JitInfo.GetCompiledMethodCount();
                isWarm = warmUps >= FewestWarmUps && (now - compiled < FewMethods || warmUps >= MostWarmUps);
                compiled = now;
            }
        }

        return Report(done, framesPerResponse, events, warmUps);
    }

    private BenchReport Report(List<Repetition> done, int[] framesPerResponse, int events, int warmUps)
    {
        var responses = framesPerResponse.Length;
        return new BenchReport
        {
            Name = Name,
            Conditions = Conditions.With(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"one run at a time of {ToolRounds} tool rounds and an answer of {AnswerTokens} deltas: {responses} responses, {framesPerResponse.Sum()} frames, {events} events, {Spread.Of(done.Select(d => (double)d.Transactions)).Show("0")} transactions; {done.Count} interleaved repetitions after {warmUps} to warm up, in groups of {Group} whose medians are compared"),
                "the upstream is a process of its own that answers each request at once, with all frames of its response in one write; the tool answers at once",
                "product: from the start of the run until a follower has its last event (registry, actor, session, transport, chain, commit, publish, feed); allocations are those of the whole process"),
            Figures =
            [
                new Figure("time against the bare loop with the same commits", "×", Of(done, d => d.Product.Time / d.Committing.Time), Bound.AtMost, 1.6, "0.00"),
                new Figure("allocations against the bare loop with the same commits", "×", Of(done, d => d.Product.Bytes / d.Committing.Bytes), Bound.AtMost, 2, "0.00"),
            ],
            Tables =
            [
                new Table(
                    "One round (a response, its tool call and their commits)",
                    ["loop", "time, ms", "CPU, ms", "allocated, KB", "our time ×", "our CPU ×", "our allocations ×"],
                    [
                        ["the product", .. PerRound(done, d => d.Product, responses), "", "", ""],
                        ["bare socket, same commits", .. PerRound(done, d => d.Committing, responses), .. Ratios(done, d => d.Committing)],
                        ["bare socket, no commits", .. PerRound(done, d => d.Reading, responses), .. Ratios(done, d => d.Reading)],
                    ]),
            ],
        };
    }

    private static async Task RecordAsync(string file, CancellationToken cancellationToken)
    {
        await using var upstream = await DemoUpstream.StartAsync();
        await using var client = new UpstreamClient(upstream.BaseUrl, TransportKind.WebSocket);
        var responses = await Recordings.ScriptedAsync(client, ToolRounds, AnswerTokens, cancellationToken);
        FrameFile.Write(file, responses.Select(response => response.Select(received => received.Json)));
    }

    /// <summary>What the product sends in such a run, so that the bare loop can send the same.</summary>
    private static async Task<IReadOnlyList<byte[]>> CaptureRequestsAsync(BenchRun run, string recording, CancellationToken cancellationToken)
    {
        var requests = new List<byte[]>();
        await using var upstream = await ReplayUpstream.StartAsync(recording, requests.Add);
        await using var database = await BenchDatabase.CreateAsync(
            run.NewFolder(), services => ProductRuns.Add(services, new Uri(ReplayUpstream.AddressOf(upstream) + "/v1")));
        var events = await ProductRuns.RunAsync(database, cancellationToken);
        await database.Services.GetRequiredService<RunRegistry>().WhenIdleAsync();
        await upstream.StopAsync(cancellationToken);
        return events[^1].Type is RunEventTypes.RunCompleted
            ? requests
            : throw new InvalidOperationException($"The recorded run ended with {events[^1].Type}: {System.Text.Encoding.UTF8.GetString(events[^1].Data.Span)}");
    }

    private static async Task<Cost> MeasureAsync(Func<Task> work)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var busy = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        await work();
        var elapsed = Stopwatch.GetElapsedTime(started);
        return new Cost(elapsed.TotalMilliseconds, (Environment.CpuUsage.TotalTime - busy).TotalMilliseconds, GC.GetTotalAllocatedBytes(precise: true) - before);
    }

    private static Spread Of(List<Repetition> done, Func<Repetition, double> ratio) => Spread.OfGroups(done.Select(ratio), Group);

    private static string[] PerRound(List<Repetition> done, Func<Repetition, Cost> cost, int responses) =>
    [
        Of(done, d => cost(d).Time / responses).Show("0.00"),
        Of(done, d => cost(d).Cpu / responses).Show("0.00"),
        Of(done, d => cost(d).Bytes / responses / 1024).Show("0.0"),
    ];

    private static string[] Ratios(List<Repetition> done, Func<Repetition, Cost> other) =>
    [
        Of(done, d => d.Product.Time / other(d).Time).Show("0.00"),
        Of(done, d => d.Product.Cpu / other(d).Cpu).Show("0.00"),
        Of(done, d => d.Product.Bytes / other(d).Bytes).Show("0.00"),
    ];

    /// <summary>Milliseconds, processor milliseconds and bytes of a whole run.</summary>
    private sealed record Cost(double Time, double Cpu, double Bytes);

    private sealed record Repetition(Cost Product, Cost Committing, Cost Reading, int Transactions);
}
