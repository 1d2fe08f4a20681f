using System.Diagnostics;
using System.Globalization;
using Copilot.Bench.Recording;
using Copilot.Bench.Reporting;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Log;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Bench.Append;

/// <summary>The writer and the store against bare ADO.NET that commits the same rows in the same transactions.</summary>
internal sealed class AppendBench : IBench
{
    private static readonly (int Runs, int Window, int EventsPerRun)[] s_loads = [(1, 64, 6_000), (8, 64, 2_500), (200, 8, 250)];

    /// <inheritdoc/>
    public string Name => "append";

    /// <inheritdoc/>
    public bool IsAsserted => true;

    /// <inheritdoc/>
    public async Task<BenchReport> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var frames = await RecordAsync(cancellationToken);
        await using var database = await NewDatabaseAsync(run);
        await using var copy = await NewDatabaseAsync(run);
        using var bare = new BareBatches(copy.File);
        var repetitions = run.Repetitions(9);

        var loads = new List<(string Name, List<Repetition> Repetitions)>();
        foreach (var (runs, window, events) in s_loads)
        {
            var done = new List<Repetition>();
            for (var i = -2; i < repetitions; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var written = Enumerable.Range(0, runs).Select(number => new WrittenRun($"{runs}_{i}_{number}", frames, events)).ToArray();
                var repetition = await RepeatAsync(database, bare, written, window);
                if (i >= 0)
                {
                    done.Add(repetition);
                }
            }

            loads.Add((runs == 1 ? "1 run" : $"{runs} runs", done));
        }

        var first = await FirstEventAsync(database, bare, frames, repetitions);
        var many = loads[^1].Repetitions;
        return new BenchReport
        {
            Name = Name,
            Conditions = Conditions.With(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{repetitions} interleaved repetitions; one append per event, delta frames of the demo upstream (mean {frames.Average(frame => frame.Json.Length):0} bytes), numbered and chained beforehand; each run keeps at most {string.Join(", ", s_loads.Select(load => $"{load.Window} appends ({load.Runs} runs)"))} uncommitted"),
                "the bare writer gets the product's transactions one by one: one open connection, statements prepared once, summaries serialised beforehand, nothing checked",
                "SQLite on the machine's own disk: WAL, synchronous=FULL, secure_delete=ON; latency is from the append until the run knows that it is committed and visible"),
            Figures =
            [
                .. loads.Select(load => new Figure(
                    $"events/s against bare batches, {load.Name}", "×", Spread.Of(load.Repetitions.Select(r => r.Ratio)), Bound.AtLeast, 0.8, "0.00")),
                new Figure("durable events/s, 200 runs", "/s", Spread.Of(many.Select(r => r.EventsPerSecond)), Bound.AtLeast, 50_000, "#,0"),
                new Figure("commit latency p99, 200 runs", "ms", Spread.Of(many.Select(r => r.P99)), Bound.AtMost, 50, "0.0"),
                new Figure("a single run's event durable after", "ms", first.Ours, Bound.AtMost, 5, "0.00"),
            ],
            Tables =
            [
                new Table(
                    "Appending",
                    ["writing", "events/s", "bare, events/s", "ratio", "latency p50, ms", "latency p99, ms", "events per transaction", "CPU, µs/event", "bare CPU, µs/event"],
                    [.. loads.Select(load => Row(load.Name, load.Repetitions))]),
                new Table(
                    "Single events and size",
                    ["figure", "ours", "bare"],
                    [
                        ["one event on an idle writer, ms", first.Ours.Show("0.00"), first.Bare.Show("0.00")],
                        ["file bytes per event row", BytesPerRow(database.File), BytesPerRow(copy.File)],
                    ]),
            ],
        };
    }

    private static async Task<IReadOnlyList<ResponseEvent>> RecordAsync(CancellationToken cancellationToken)
    {
        await using var upstream = await DemoUpstream.StartAsync();
        await using var client = new UpstreamClient(upstream.BaseUrl, TransportKind.WebSocket);
        var responses = await Recordings.ScriptedAsync(client, toolRounds: 0, answerTokens: 500, cancellationToken);
        return [.. responses.SelectMany(response => response).OfType<TextDeltaEvent>()];
    }

    private static Task<BenchDatabase> NewDatabaseAsync(BenchRun run) => BenchDatabase.CreateAsync(run.NewFolder(), services =>
    {
        services.AddSingleton<RunLogs>();
        services.AddSingleton<RunDirectory>();
        services.AddSingleton<StoreAvailability>();
        services.AddSingleton<RunEventWriter>();
    });

    private static async Task<Repetition> RepeatAsync(BenchDatabase database, BareBatches bare, WrittenRun[] runs, int window)
    {
        var writer = database.Services.GetRequiredService<RunEventWriter>();
        var logs = database.Services.GetRequiredService<RunLogs>();
        var holders = runs.Select(run => logs.Hold(run.Created.Summary.RunId)).ToArray();
        await Task.WhenAll(runs.Select(run => writer.AppendAsync(run.Created)));
        foreach (var transaction in database.Transactions.TakeRecorded())
        {
            bare.Commit(BareBatches.Prepare(transaction.Appends));
        }

        GC.Collect();
        var busy = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        var latencies = await Task.WhenAll(runs.Select(run => Task.Run(() => WriteAsync(writer, run.Appends, window))));
        var ours = Stopwatch.GetElapsedTime(started);
        var ourBusy = Environment.CpuUsage.TotalTime - busy;
        foreach (var holder in holders)
        {
            holder.Dispose();
        }

        var transactions = database.Transactions.TakeRecorded();
        var prepared = transactions.Select(transaction => BareBatches.Prepare(transaction.Appends)).ToArray();
        GC.Collect();
        busy = Environment.CpuUsage.TotalTime;
        started = Stopwatch.GetTimestamp();
        foreach (var transaction in prepared)
        {
            bare.Commit(transaction);
        }

        var theirs = Stopwatch.GetElapsedTime(started);
        var bareBusy = Environment.CpuUsage.TotalTime - busy;
        var sorted = latencies.SelectMany(own => own).Order().ToArray();
        return new Repetition(
            sorted.Length / ours.TotalSeconds,
            sorted.Length / theirs.TotalSeconds,
            Spread.Quantile(sorted, 0.5),
            Spread.Quantile(sorted, 0.99),
            (double)sorted.Length / transactions.Count,
            ourBusy.TotalMicroseconds / sorted.Length,
            bareBusy.TotalMicroseconds / sorted.Length);
    }

    /// <summary>Appends without waiting, until the window is full. Latencies in milliseconds.</summary>
    private static async Task<double[]> WriteAsync(RunEventWriter writer, IReadOnlyList<RunAppend> appends, int window)
    {
        var latencies = new Task<double>[appends.Count];
        for (var i = 0; i < appends.Count; i++)
        {
            if (i >= window)
            {
                await latencies[i - window];
            }

            latencies[i] = TimeAsync(writer, appends[i]);
        }

        return await Task.WhenAll(latencies);
    }

    private static async Task<double> TimeAsync(RunEventWriter writer, RunAppend append)
    {
        var started = Stopwatch.GetTimestamp();
        await writer.AppendAsync(append);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static async Task<(Spread Ours, Spread Bare)> FirstEventAsync(
        BenchDatabase database, BareBatches bare, IReadOnlyList<ResponseEvent> frames, int repetitions)
    {
        var writer = database.Services.GetRequiredService<RunEventWriter>();
        var ours = new List<double>();
        var theirs = new List<double>();
        for (var i = 0; i < repetitions; i++)
        {
            var run = new WrittenRun($"first_{i}", frames, 40);
            await writer.AppendAsync(run.Created);
            bare.Commit(BareBatches.Prepare([run.Created]));
            var mine = new List<double>();
            var bares = new List<double>();
            foreach (var append in run.Appends)
            {
                mine.Add(await TimeAsync(writer, append));
                var prepared = BareBatches.Prepare([append]);
                var started = Stopwatch.GetTimestamp();
                bare.Commit(prepared);
                bares.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            ours.Add(Spread.Of(mine).Median);
            theirs.Add(Spread.Of(bares).Median);
        }

        return (Spread.Of(ours), Spread.Of(theirs));
    }

    private static string BytesPerRow(string file)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE); SELECT (SELECT page_count * page_size FROM pragma_page_count, pragma_page_size) / count(*) FROM run_events;";
        using var reader = command.ExecuteReader();
        reader.NextResult();
        reader.Read();
        return reader.GetInt64(0).ToString(CultureInfo.InvariantCulture);
    }

    private static string[] Row(string name, List<Repetition> repetitions) =>
    [
        name,
        Spread.Of(repetitions.Select(r => r.EventsPerSecond)).Show("#,0"),
        Spread.Of(repetitions.Select(r => r.BarePerSecond)).Show("#,0"),
        Spread.Of(repetitions.Select(r => r.Ratio)).Show("0.00"),
        Spread.Of(repetitions.Select(r => r.P50)).Show("0.0"),
        Spread.Of(repetitions.Select(r => r.P99)).Show("0.0"),
        Spread.Of(repetitions.Select(r => r.EventsPerTransaction)).Show("0"),
        Spread.Of(repetitions.Select(r => r.Cpu)).Show("0.0"),
        Spread.Of(repetitions.Select(r => r.BareCpu)).Show("0.0"),
    ];

    private sealed record Repetition(double EventsPerSecond, double BarePerSecond, double P50, double P99, double EventsPerTransaction, double Cpu, double BareCpu)
    {
        public double Ratio => EventsPerSecond / BarePerSecond;
    }
}
