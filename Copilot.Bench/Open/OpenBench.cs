using System.Diagnostics;
using System.Globalization;
using Copilot.Bench.Recording;
using Copilot.Bench.Reporting;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.State;
using Copilot.Web.Sessions.Timelines;
using Copilot.Web.Storage.Packing;
using Copilot.Web.Storage.Snapshots;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Bench.Open;

/// <summary>What it takes to have the timelines of runs that have ended: folded from their events, and from snapshots.</summary>
internal sealed class OpenBench : IBench
{
    private const int Runs = 100;
    private const double Kilobyte = 1_000;

    /// <inheritdoc/>
    public string Name => "open";

    /// <inheritdoc/>
    public bool IsAsserted => true;

    /// <inheritdoc/>
    public async Task<BenchReport> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        Case[] cases =
        [
            new("100 runs of 30 events", Runs, 30, IsPacked: false, IsCut: false),
            new("100 runs of 300 events", Runs, 300, IsPacked: false, IsCut: false),
            new("100 runs of 300 events, packed", Runs, 300, IsPacked: true, IsCut: false),
            new("100 runs of 300 events, packed, each with a response that was cut", Runs, 300, IsPacked: true, IsCut: true),
            new("a run of 5,000 events, packed", 1, 5_000, IsPacked: true, IsCut: false),
        ];
        var rows = new List<(Case Case, Spread Folded, Spread Restored, Spread Ratio, double Size)>();
        foreach (var one in cases)
        {
            rows.Add(await MeasureAsync(run, one));
        }

        return new BenchReport
        {
            Name = Name,
            Conditions = Conditions.With(
                "runs with rounds of reasoning and a call of a tool, and an answer; all timelines of a conversation held one after another until they have ended, as a page holds them, beside one another in turns; what is drawn of them is not in it"),
            Figures =
            [
                new Figure("100 ended runs of 300 events: from snapshots against folded", "×", rows[1].Ratio, Bound.AtMost, 0.6, "0.00"),
                new Figure("100 ended runs of 300 events, packed: from snapshots against folded", "×", rows[2].Ratio, Bound.AtMost, 0.4, "0.00"),
                new Figure("an ended run of 5,000 events, packed: from its snapshot against folded", "×", rows[4].Ratio, Bound.AtMost, 0.2, "0.00"),
            ],
            Tables =
            [
                new Table(
                    "Having the timelines of ended runs",
                    ["", "folded, ms", "from snapshots, ms", "ratio", "a snapshot, KB"],
                    [
                        .. rows.Select(row => (string[])
                        [
                            row.Case.Name, row.Folded.Show("0.0"), row.Restored.Show("0.0"), row.Ratio.Show("0.00"), row.Size.ToString("0.0", CultureInfo.InvariantCulture),
                        ]),
                    ]),
            ],
        };
    }

    private static async Task<(Case Case, Spread Folded, Spread Restored, Spread Ratio, double Size)> MeasureAsync(BenchRun run, Case one)
    {
        await using var database = await BenchDatabase.CreateAsync(
            run.NewFolder(), services => services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider()), records: false);
        var store = database.Services.GetRequiredService<IRunEventStore>();
        var runs = await EndedRuns.WriteAsync(store, one.IsPacked ? database.Services.GetRequiredService<RunPacker>() : null, one.Runs, one.Events, one.IsCut);
        var feed = new RunFeed(new RunLogs(), store);
        var snapshots = new TimelineSnapshots(
            database.Services.GetRequiredService<RunSnapshots>(), database.Services.GetRequiredService<IDataProtectionProvider>(), NullLogger<TimelineSnapshots>.Instance);
        var folding = new RunTimelines(feed, snapshots: null, TimeProvider.System, NullLogger<RunTimelines>.Instance);
        var restoring = new RunTimelines(feed, snapshots, TimeProvider.System, NullLogger<RunTimelines>.Instance);
        foreach (var ended in runs)
        {
            await snapshots.SaveAsync(await OpenAsync(folding, ended), CancellationToken.None);
        }

        // Compiles both.
        for (var i = 0; i < 30; i++)
        {
            await OpenAllAsync(folding, runs.Take(5));
            await OpenAllAsync(restoring, runs.Take(5));
        }

        var times = new List<(double Folded, double Restored)>();
        for (var i = 0; i < run.Repetitions(15); i++)
        {
            times.Add((await OpenAllAsync(folding, runs), await OpenAllAsync(restoring, runs)));
        }

        return (
            one,
            Spread.Of(times.Select(pair => pair.Folded)),
            Spread.Of(times.Select(pair => pair.Restored)),
            Spread.Of(times.Select(pair => pair.Restored / pair.Folded)),
            SizeOf(database.File) / Kilobyte);
    }

    private static async Task<double> OpenAllAsync(RunTimelines timelines, IEnumerable<RunSummary> runs)
    {
        var started = Stopwatch.GetTimestamp();
        foreach (var run in runs)
        {
            await OpenAsync(timelines, run);
        }

        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static async Task<TimelineState> OpenAsync(RunTimelines timelines, RunSummary run)
    {
        await using var holder = timelines.Hold(run);
        while (true)
        {
            var changed = holder.Timeline.Changed;
            if (holder.Timeline.Current is { HasEnded: true } step)
            {
                return step.State;
            }

            await changed;
        }
    }

    private static double SizeOf(string file)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT avg(length(content)) FROM run_snapshots";
        return Convert.ToDouble(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private sealed record Case(string Name, int Runs, int Events, bool IsPacked, bool IsCut);
}
