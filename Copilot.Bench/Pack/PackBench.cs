using System.Diagnostics;
using System.Globalization;
using Copilot.Bench.Append;
using Copilot.Bench.Recording;
using Copilot.Bench.Reporting;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Web.Storage.Packing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Bench.Pack;

/// <summary>What a long run needs at rest, with a row per event and packed; what it takes to read; and what packing costs those who write.</summary>
internal sealed class PackBench : IBench
{
    private const int Events = 5_000;
    private const int Runs = 4;
    private const double Kilobyte = 1_000;

    /// <inheritdoc/>
    public string Name => "pack";

    /// <inheritdoc/>
    public bool IsAsserted => true;

    /// <inheritdoc/>
    public async Task<BenchReport> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var frames = await RecordAsync(cancellationToken);
        await using var database = await BenchDatabase.CreateAsync(run.NewFolder(), _ => { }, records: false);
        var store = database.Services.GetRequiredService<IRunEventStore>();
        var empty = Used(database.File);
        await WriteRunsAsync(store, frames, cancellationToken);
        var before = (Used(database.File) - empty) / Runs / Kilobyte;
        var rows = await ReadAsync(store, cancellationToken);
        await PackAsync(database, TimeSpan.Zero, cancellationToken);
        var after = (Used(database.File) - empty) / Runs / Kilobyte;
        var packed = await ReadAsync(store, cancellationToken);

        await using var busy = await BenchDatabase.CreateAsync(run.NewFolder(), _ => { }, records: false);
        var writing = busy.Services.GetRequiredService<IRunEventStore>();
        await WriteRunsAsync(writing, frames, cancellationToken);
        var alone = await WriteAsync(writing, frames, "alone", Task.CompletedTask, cancellationToken);
        var packing = Task.Run(() => PackAsync(busy, new PackingOptions().Pause, cancellationToken), cancellationToken);
        var beside = await WriteAsync(writing, frames, "beside", packing, cancellationToken);
        var transactions = await packing;
        return new BenchReport
        {
            Name = Name,
            Conditions = Conditions.With(
                string.Create(CultureInfo.InvariantCulture, $"{Runs} runs of {Events + 1} events: an answer of the demo upstream (mean {frames.Average(frame => frame.Json.Length):0} bytes an event), event by event, 10 to 40 ms apart; segments of {new PackingOptions().SegmentEvents} events"),
                "sizes are pages in use of the database file, of a run's share; reading is of a whole run in pages of 1,000 events; writing is of single events, one after another"),
            Figures =
            [
                new Figure("a run of 5,000 events at rest, packed", "KB", Spread.Of([after]), Bound.AtMost, 100, "0"),
            ],
            Tables =
            [
                new Table(
                    "A run of 5,000 events",
                    ["", "a row per event", "packed"],
                    [
                        ["size, KB", before.ToString("#,0", CultureInfo.InvariantCulture), after.ToString("#,0", CultureInfo.InvariantCulture)],
                        ["bytes per event", (before * Kilobyte / Events).ToString("0", CultureInfo.InvariantCulture), (after * Kilobyte / Events).ToString("0", CultureInfo.InvariantCulture)],
                        ["reading it, ms", rows.Show("0.0"), packed.Show("0.0")],
                    ]),
                new Table(
                    "Writing while runs are packed",
                    ["", "p50, ms", "p99, ms"],
                    [
                        ["an event, nothing is packed", alone.P50.ToString("0.00", CultureInfo.InvariantCulture), alone.P99.ToString("0.0", CultureInfo.InvariantCulture)],
                        ["an event, while runs are packed", beside.P50.ToString("0.00", CultureInfo.InvariantCulture), beside.P99.ToString("0.0", CultureInfo.InvariantCulture)],
                        ["packing 1,000 events", Spread.Quantile(transactions, 0.5).ToString("0.0", CultureInfo.InvariantCulture), Spread.Quantile(transactions, 0.99).ToString("0.0", CultureInfo.InvariantCulture)],
                    ]),
            ],
        };
    }

    private static async Task WriteRunsAsync(IRunEventStore store, IReadOnlyList<ResponseEvent> frames, CancellationToken cancellationToken)
    {
        for (var i = 0; i < Runs; i++)
        {
            var written = new WrittenRun($"packed_{i}", frames, Events);
            await store.AppendAsync([written.Created], cancellationToken);
            foreach (var append in written.Appends)
            {
                await store.AppendAsync([append], cancellationToken);
            }
        }
    }

    /// <summary>Packs all runs.</summary>
    /// <returns>What each transaction took with all that is done for it, in milliseconds, in order.</returns>
    private static async Task<IReadOnlyList<double>> PackAsync(BenchDatabase database, TimeSpan pause, CancellationToken cancellationToken)
    {
        var packer = database.Services.GetRequiredService<RunPacker>();
        var times = new List<double>();
        for (var i = 0; i < Runs; i++)
        {
            var started = Stopwatch.GetTimestamp();
            while (await packer.PackNextAsync($"run_packed_{i}", TimeProvider.System.GetUtcNow(), cancellationToken))
            {
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                await Task.Delay(pause, cancellationToken);
                started = Stopwatch.GetTimestamp();
            }
        }

        return [.. times.Order()];
    }

    private static async Task<Spread> ReadAsync(IRunEventStore store, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        for (var i = 0; i < Runs * 3; i++)
        {
            var started = Stopwatch.GetTimestamp();
            for (var after = 0L; await store.ReadAsync($"run_packed_{i % Runs}", after, 1_000, cancellationToken) is { Count: > 0 } page; after = page[^1].Seq)
            {
            }

            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return Spread.Of(times);
    }

    private static async Task<(double P50, double P99)> WriteAsync(
        IRunEventStore store, IReadOnlyList<ResponseEvent> frames, string name, Task meanwhile, CancellationToken cancellationToken)
    {
        var run = new WrittenRun(name, frames, 20_000);
        await store.AppendAsync([run.Created], cancellationToken);
        var times = new List<double>();
        foreach (var append in run.Appends)
        {
            var started = Stopwatch.GetTimestamp();
            await store.AppendAsync([append], cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            if (times.Count >= 1_000 && meanwhile.IsCompleted)
            {
                break;
            }
        }

        times.Sort();
        return (Spread.Quantile(times, 0.5), Spread.Quantile(times, 0.99));
    }

    private static async Task<IReadOnlyList<ResponseEvent>> RecordAsync(CancellationToken cancellationToken)
    {
        await using var upstream = await DemoUpstream.StartAsync();
        await using var client = new UpstreamClient(upstream.BaseUrl, TransportKind.WebSocket);
        var responses = await Recordings.ScriptedAsync(client, toolRounds: 0, answerTokens: Events, cancellationToken);
        return [.. responses.SelectMany(response => response).OfType<TextDeltaEvent>()];
    }

    /// <summary>Bytes of the pages in use.</summary>
    private static double Used(string file)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size";
        return Convert.ToDouble(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
