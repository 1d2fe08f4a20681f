using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Registry;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Tools;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Files;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Shared.Hosts;

/// <summary>The runs as the product registers them, over a real SQLite file and whatever upstream the test gives.</summary>
internal sealed class RunHost : IAsyncDisposable
{
    private static readonly EventActor s_owner = new("usr_1", "Staff");
    private readonly TestDatabase _database;

    private RunHost(TestDatabase database) => _database = database;

    public static EventActor Owner => s_owner;

    /// <summary>The runs over a database that is there already. Disposing the host disposes the database too.</summary>
    public static RunHost Over(TestDatabase database) => new(database);

    public TestDatabase Database => _database;

    public RunRegistry Runs => _database.Services.GetRequiredService<RunRegistry>();

    public FileStore Files => _database.Services.GetRequiredService<FileStore>();

    public IStorageHealth Health => _database.Services.GetRequiredService<IStorageHealth>();

    public IRunFeed Feed => _database.Services.GetRequiredService<IRunFeed>();

    public IRunDirectory Directory => _database.Services.GetRequiredService<IRunDirectory>();

    public int HeldLogs => _database.Services.GetRequiredService<RunLogs>().Count;

    public static Task<RunHost> StartAsync(Uri upstream, params ITool[] tools) =>
        StartAsync(upstream, TransportChoice.WebSocket, tools);

    public static Task<RunHost> StartAsync(Uri upstream, TransportChoice transport, params ITool[] tools) =>
        StartAsync(upstream, options => options.Transport = transport, tools);

    public static Task<RunHost> StartAsync(Uri upstream, Action<UpstreamOptions> configure, params ITool[] tools) =>
        StartAsync(upstream, TimeProvider.System, configure, tools);

    public static Task<RunHost> StartAsync(
        Uri upstream, TimeProvider time, Action<UpstreamOptions> configure, params ITool[] tools) =>
        StartWithAsync(upstream, services => services.AddSingleton(time).Configure(configure), tools);

    /// <param name="upstream">The upstream's address.</param>
    /// <param name="add">Options, a clock, and whatever else the test wants to be other than the product has it.</param>
    /// <param name="tools">The agent's tools.</param>
    public static Task<RunHost> StartWithAsync(Uri upstream, Action<IServiceCollection> add, params ITool[] tools) =>
        StartWithAsync(upstream, add, static _ => { }, tools);

    /// <param name="upstream">The upstream's address.</param>
    /// <param name="add">As above.</param>
    /// <param name="replace">What is to stand in the place of something that the product registers.</param>
    /// <param name="tools">The agent's tools.</param>
    public static async Task<RunHost> StartWithAsync(
        Uri upstream, Action<IServiceCollection> add, Action<IServiceCollection> replace, params ITool[] tools) =>
        new(await TestDatabase.CreateAsync(services =>
        {
            services.Configure<UpstreamOptions>(options =>
            {
                options.BaseUrl = upstream;
                options.ApiKey = "test-key";
                options.RetryDelay = TimeSpan.FromMilliseconds(1);

                // A loaded machine must not look like a proxy that swallows upgrades.
                options.SocketHeadStart = TimeSpan.FromSeconds(20);
                options.ConnectTimeout = TimeSpan.FromSeconds(20);
            });
            // A test that leaves a run behind waits for nothing.
            services.Configure<RunOptions>(options => options.DrainTimeout = TimeSpan.Zero);
            add(services);
            services.AddTestFiles();
            services.AddTools();
            foreach (var tool in tools)
            {
                services.AddSingleton(tool);
            }

            services.AddResponses();
            services.AddRuns();
            replace(services);
        }));

    public Task<RunSummary> StartRunAsync(string input) => StartRunAsync(input, "ses_1");

    public async Task<RunSummary> StartRunAsync(string input, string sessionId)
    {
        var outcome = await Runs.StartAsync(Request(input, sessionId), CancellationToken.None);
        return Assert.IsType<StartOutcome.Started>(outcome).Run;
    }

    public static RunRequest Request(string input, string sessionId) => new()
    {
        SessionId = sessionId,
        Owner = new RunOwner("usr_1", "team_default"),
        Actor = s_owner,
        Agent = new AgentSnapshot { Id = "agt_default", Version = 1, Name = "Copilot", Instructions = "Be of help.", Model = "demo" },
        Input = input,
        Parent = new RunParent.Latest(),
    };

    /// <summary>All events of a run once it rests.</summary>
    public async Task<IReadOnlyList<RunEvent>> RestAsync(string runId)
    {
        var events = new List<RunEvent>();
        await ReadUntilAsync(runId, events, e => RunEventTypes.IsSettled(e.Type)).Soon("the run rests");
        return events;
    }

    /// <summary>All events of a run up to its end of this type.</summary>
    public async Task<IReadOnlyList<RunEvent>> RestAsync(string runId, string type)
    {
        var events = new List<RunEvent>();
        await ReadUntilAsync(runId, events, e => e.Type == type).Soon($"the run ends with {type}");
        return events;
    }

    /// <summary>Completes when the run has this many events of this type.</summary>
    public Task<RunEvent> SeeTimesAsync(string runId, string type, int times)
    {
        var events = new List<RunEvent>();
        return ReadUntilAsync(runId, events, e => e.Type == type && events.Count(seen => seen.Type == type) == times)
            .Soon($"the run has {times} times {type}");
    }

    /// <summary>Completes when the run has an event of this type.</summary>
    public Task<RunEvent> SeeAsync(string runId, string type) => ReadUntilAsync(runId, [], e => e.Type == type).Soon($"the run has {type}");

    /// <summary>Shuts down and starts anew. The runs come to rest first, as in the product's host: a provider that is being disposed makes no contexts.</summary>
    public async Task RestartAsync()
    {
        await Runs.DisposeAsync();
        await _database.ReopenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Runs.DisposeAsync();
        await _database.DisposeAsync();
    }

    private async Task<RunEvent> ReadUntilAsync(string runId, List<RunEvent> events, Func<RunEvent, bool> last)
    {
        await foreach (var batch in Feed.FollowAsync(runId, 0, CancellationToken.None))
        {
            foreach (var runEvent in batch)
            {
                events.Add(runEvent);
                if (last(runEvent))
                {
                    return runEvent;
                }
            }
        }

        throw new InvalidOperationException("The run ended before: " + string.Join(", ", events.Select(e => e.Type)));
    }
}
