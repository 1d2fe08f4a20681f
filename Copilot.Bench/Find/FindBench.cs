using System.Diagnostics;
using System.Globalization;
using Copilot.Bench.Recording;
using Copilot.Bench.Reporting;
using Copilot.Domain.Runs.Log;
using Copilot.Web.Storage.Search;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Bench.Find;

/// <summary>The first page of a list of runs, by search, filter and order, among many events.</summary>
internal sealed class FindBench : IBench
{
    private const int Thorough = 1_000_000;
    private const int Small = 50_000;
    private const int Page = 50;

    private static readonly (string Name, string Query, RunSort Sort, bool IsStaff)[] s_lists =
    [
        ("all runs, newest first", "", RunSort.Date, false),
        ("all runs, longest first", "", RunSort.Duration, false),
        ("a word of every tenth result", "?q=w3", RunSort.Date, false),
        ("a word of nearly every run, and its beginning", "?q=cooling", RunSort.Date, false),
        ("three words in different places", "?q=cooling+pump+shelf", RunSort.Date, false),
        ("a phrase", "?q=%22cooling+pump%22", RunSort.Date, false),
        ("a word inside a Japanese sentence", "?q=%E5%9C%A8%E5%BA%AB", RunSort.Date, false),
        ("a word that is nowhere", "?q=nowhere", RunSort.Date, false),
        ("a word with four filters", "?q=cooling&tool=stock_look&state=completed&duration=1&date=2026-11-01", RunSort.Tokens, false),
        ("one person's runs with a word of every run", "?q=cooling", RunSort.Date, true),
    ];

    /// <inheritdoc/>
    public string Name => "find";

    /// <inheritdoc/>
    public bool IsAsserted => true;

    /// <inheritdoc/>
    public async Task<BenchReport> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        await using var database = await BenchDatabase.CreateAsync(run.NewFolder(), _ => { }, records: false);
        var events = run.Quick ? Small : Thorough;
        var runs = await FoundRuns.WriteAsync(database.Services.GetRequiredService<IRunEventStore>(), events, cancellationToken);
        var indexer = database.Services.GetRequiredService<RunIndexer>();
        var started = Stopwatch.GetTimestamp();
        await indexer.CatchUpAsync(cancellationToken);
        var indexing = Stopwatch.GetElapsedTime(started);

        var search = database.Services.GetRequiredService<IRunSearch>();
        var rows = new List<IReadOnlyList<string>>();
        var slowest = new List<double>();
        foreach (var (name, query, sort, isStaff) in s_lists)
        {
            var scope = isStaff ? new FindScope(FoundRuns.Person(3), null, IsAll: false) : new FindScope("usr_admin", null, IsAll: true);
            var times = new List<double>();
            var found = 0;
            for (var i = -2; i < run.Repetitions(15); i++)
            {
                var began = Stopwatch.GetTimestamp();
                var page = await search.ListAsync(
                    scope, new RunQuery(RunFilter.Parse(query), sort, IsAscending: false, After: null, Page, TimeZoneInfo.Utc), cancellationToken);
                if (i >= 0)
                {
                    times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                }

                found = page.Count;
            }

            var spread = Spread.Of(times);
            slowest = slowest.Count == 0 || spread.Median > Spread.Of(slowest).Median ? times : slowest;
            rows.Add([name, found.ToString(CultureInfo.InvariantCulture), spread.Show("0.0")]);
        }

        return new BenchReport
        {
            Name = Name,
            Conditions = Conditions.With(
                string.Create(CultureInfo.InvariantCulture, $"{events:N0} events of {runs:N0} runs of 50 people, a fifth of the events with text: questions, arguments, results and answers in English and Japanese"),
                "from the question until the first 50 rows are there, each with the place where it was found"),
            Figures =
            [
                new Figure(
                    string.Create(CultureInfo.InvariantCulture, $"first results among {events:N0} events, the slowest list"), "ms", Spread.Of(slowest), Bound.AtMost, 300, "0"),
            ],
            Tables =
            [
                new Table("The first page of a list", ["list", "rows", "ms"], rows),
                new Table(
                    "The index", ["", "value"],
                    [["runs indexed in the background, per second, with its rests", (runs / indexing.TotalSeconds).ToString("0", CultureInfo.InvariantCulture)]]),
            ],
        };
    }
}
