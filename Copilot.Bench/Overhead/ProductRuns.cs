using Copilot.Bench.Recording;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Bench.Overhead;

/// <summary>The runs as the product registers them, over a database and an upstream of the bench.</summary>
internal static class ProductRuns
{
    private static readonly EventActor s_actor = new("usr_bench", "Staff");

    public static void Add(IServiceCollection services, Uri upstream)
    {
        services.Configure<UpstreamOptions>(options =>
        {
            options.BaseUrl = upstream;
            options.ApiKey = "bench";
            options.Transport = TransportChoice.WebSocket;
        });
        services.AddTools();
        services.AddSingleton<ITool, InstantTool>();
        services.AddResponses();
        services.AddRuns();
    }

    /// <summary>Starts a run and follows it, as a page does, until it is settled. Returns its events.</summary>
    public static async Task<IReadOnlyList<RunEvent>> RunAsync(BenchDatabase database, CancellationToken cancellationToken)
    {
        var events = new List<RunEvent>();
        await foreach (var batch in await StartAsync(database, static _ => { }, cancellationToken))
        {
            events.AddRange(batch);
        }

        return events;
    }

    /// <summary>As <see cref="RunAsync(BenchDatabase, CancellationToken)"/>, for a run that is too large to be held: returns its last event.</summary>
    public static async Task<RunEvent> RunAsync(BenchDatabase database, Action<RunSummary> onStarted, CancellationToken cancellationToken)
    {
        RunEvent? last = null;
        await foreach (var batch in await StartAsync(database, onStarted, cancellationToken))
        {
            last = batch[^1];
        }

        return last ?? throw new InvalidOperationException("The run has no event.");
    }

    private static async Task<IAsyncEnumerable<IReadOnlyList<RunEvent>>> StartAsync(
        BenchDatabase database, Action<RunSummary> onStarted, CancellationToken cancellationToken)
    {
        var outcome = await database.Services.GetRequiredService<IRuns>().StartAsync(
            new RunRequest
            {
                SessionId = RunIds.NewSession(TimeProvider.System),
                Owner = new RunOwner(s_actor.Id, "team_default"),
                Actor = s_actor,
                Agent = new AgentSnapshot { Id = "agt_default", Version = 1, Name = "Copilot", Instructions = "Answer with the tools you have. Be brief.", Model = "demo-1" },
                Input = "Find the part.",
                Parent = new RunParent.Latest(),
            },
            cancellationToken);
        var run = ((StartOutcome.Started)outcome).Run;
        onStarted(run);
        return database.Services.GetRequiredService<IRunFeed>().FollowAsync(run.RunId, 0, cancellationToken);
    }
}
