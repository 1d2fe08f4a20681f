using System.Diagnostics;
using Copilot.Bench.Overhead;
using Copilot.Bench.Recording;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Connecting;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Registry;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Bench.Storm;

/// <summary>Whole runs of the product against one upstream, each in a separate session and with a follower.</summary>
internal sealed class StormRuns : IAsyncDisposable
{
    private readonly CuttingUpstream _upstream;
    private readonly BenchDatabase _database;

    private StormRuns(CuttingUpstream upstream, BenchDatabase database) => (_upstream, _database) = (upstream, database);

    /// <param name="upstream">The upstream that cuts its sockets.</param>
    /// <param name="folder">An empty folder.</param>
    /// <param name="runs">How many there will be at once.</param>
    /// <param name="configure">Further upstream options.</param>
    public static async Task<StormRuns> CreateAsync(CuttingUpstream upstream, string folder, int runs, Action<UpstreamOptions> configure) =>
        new(upstream, await BenchDatabase.CreateAsync(folder, services =>
        {
            services.AddSingleton<UpstreamConnector>();
            services.AddSingleton(provider => new ObservedConnector(provider.GetRequiredService<UpstreamConnector>()));
            services.AddSingleton<IUpstreamConnector>(provider => provider.GetRequiredService<ObservedConnector>());
            services.Configure<RunOptions>(options =>
            {
                (options.MaxActive, options.MaxActivePerUser, options.ReservedForAdmins) = (runs, runs, 0);
            });
            ProductRuns.Add(services, upstream.BaseUrl);
            services.Configure(configure);
        }));

    /// <summary>Starts the runs, cuts all their sockets in the middle of their responses, and follows each until it is settled.</summary>
    public async Task<StormOutcome> CutAsync(int runs, CancellationToken cancellationToken)
    {
        var connector = _database.Services.GetRequiredService<ObservedConnector>();
        var held = _upstream.HoldAsync(runs);
        var following = Enumerable.Range(0, runs).Select(_ => ProductRuns.RunAsync(_database, cancellationToken)).ToArray();
        await await Task.WhenAny(held, Task.WhenAll(following));
        _upstream.TakeArrivals();
        connector.TakeStarts();

        var cut = Stopwatch.GetTimestamp();
        _upstream.CutAll();
        var logs = await Task.WhenAll(following);
        var elapsed = Stopwatch.GetElapsedTime(cut);
        await _database.Services.GetRequiredService<RunRegistry>().WhenIdleAsync();
        _database.Transactions.TakeRecorded();
        return new StormOutcome(
            Since(cut, connector.TakeStarts()),
            Since(cut, _upstream.TakeArrivals()),
            elapsed.TotalSeconds,
            logs.Count(CompletedAfterLoss));
    }

    public async ValueTask DisposeAsync()
    {
        await _database.Services.GetRequiredService<RunRegistry>().DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>Completed, after it had lost its connection once.</summary>
    private static bool CompletedAfterLoss(IReadOnlyList<RunEvent> log) =>
        log[^1].Type is RunEventTypes.RunCompleted && log.Count(e => e.Type is RunEventTypes.TransportLost) == 1;

    private static double[] Since(long start, IEnumerable<long> times) =>
        [.. times.Select(time => Stopwatch.GetElapsedTime(start, time).TotalSeconds).Order()];
}
