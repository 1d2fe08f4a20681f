using System.Globalization;
using Copilot.Bench.Product;
using Copilot.Bench.Replay;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Identity;
using Copilot.Web.Storage.Packing;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Bench.Live;

/// <summary>
/// The product in a process of its own, which the bench tells what to do by lines on its standard input: <c>start N</c> starts runs and
/// answers with their ids, <c>record N</c> writes a run of about N events that has ended and answers with its id, <c>wait</c> answers when all have ended, with how many events they have and how many runs failed, <c>memory</c>
/// answers with what is held after a full collection.
/// </summary>
internal static class LiveServer
{
    /// <summary>The hidden command that serves.</summary>
    public const string Command = "live-server";

    /// <param name="folder">An empty folder for its data.</param>
    /// <param name="upstream">The upstream's base address.</param>
    public static async Task ServeAsync(string folder, string upstream)
    {
        await using var product = await ProductHost.StartAsync(
            folder, $"--Upstream:BaseUrl={upstream}", "--Upstream:ApiKey=bench", "--Upstream:Transport=WebSocket", "--Upstream:Model=bench",
            "--Upstream:MaxConnectsPerSecond=500", "--Runs:MaxActivePerUser=250");
        await Console.Out.WriteLineAsync(product.Address.ToString());
        var runs = new List<RunSummary>();
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            var answer = words switch
            {
                ["start", var count] => await StartAsync(product.Services, int.Parse(count, CultureInfo.InvariantCulture), runs),
                ["wait"] => await WaitAsync(product.Services, runs),
                ["record", var events] => await RecordAsync(product.Services, int.Parse(events, CultureInfo.InvariantCulture)),
                ["memory"] => GC.GetTotalMemory(forceFullCollection: true).ToString(CultureInfo.InvariantCulture),
                _ => throw new InvalidOperationException($"There is no command '{line}'."),
            };
            await Console.Out.WriteLineAsync(answer);
        }
    }

    private static async Task<string> StartAsync(IServiceProvider services, int count, List<RunSummary> runs)
    {
        var staff = DemoAccounts.All.First(account => account.Role == Roles.Staff);
        var started = new List<RunSummary>();
        for (var i = 0; i < count; i++)
        {
            var outcome = await services.GetRequiredService<IRuns>().StartAsync(
                new RunRequest
                {
                    SessionId = RunIds.NewSession(TimeProvider.System),
                    Owner = new RunOwner(staff.UserId, "team_default"),
                    Actor = new EventActor(staff.UserId, Roles.Staff),
                    Agent = new AgentSnapshot { Id = "agt_default", Version = 1, Name = "Copilot", Instructions = "Be brief.", Model = "bench" },
                    Input = "Say when.",
                    Parent = new RunParent.Latest(),
                },
                CancellationToken.None);
            started.Add(((StartOutcome.Started)outcome).Run);
        }

        runs.AddRange(started);
        return string.Join(' ', started.Select(run => run.RunId));
    }

    private static async Task<string> RecordAsync(IServiceProvider services, int events)
    {
        await ReplayedRun.WriteAsync(services.GetRequiredService<IRunEventStore>(), services.GetRequiredService<RunPacker>(), events);
        return ReplayedRun.Id;
    }

    private static async Task<string> WaitAsync(IServiceProvider services, List<RunSummary> runs)
    {
        var feed = services.GetRequiredService<IRunFeed>();
        long stored = 0;
        var failed = 0;
        foreach (var run in runs)
        {
            await foreach (var batch in feed.FollowAsync(run.RunId, 0, CancellationToken.None))
            {
                stored += batch.Count;
                failed += batch.Count(one => one.Type == RunEventTypes.RunFailed);
            }
        }

        runs.Clear();
        return string.Create(CultureInfo.InvariantCulture, $"{stored} {failed}");
    }
}
