using System.Diagnostics;
using System.Globalization;
using Copilot.Demo.Upstream.Faults;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Connecting;
using Copilot.Domain.Responses.Sessions;
using Copilot.Domain.Responses.Transports;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Upstream;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Soak;

/// <summary>
/// Many runs against the demo upstream, on real sockets, with faults, stops, leaving followers and shutdowns by chance. Every run
/// comes to an end that the failure table allows, with its log and its effects in order, and nothing of it is left behind.
/// </summary>
/// <remarks>
/// <c>COPILOT_SOAK=1000</c> makes it a thousand runs, <c>COPILOT_SOAK_SEED</c> another course of events: what a seed draws is the
/// same each time, how the runs interleave is not.
/// </remarks>
[Collection(SoakCollection.Name)]
public sealed class SoakTests(ITestOutputHelper output)
{
    private const int Together = 25;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>Each life of the server has another way to the upstream.</summary>
    private static readonly TransportChoice[] s_transports = [TransportChoice.Auto, TransportChoice.WebSocket, TransportChoice.Auto, TransportChoice.Http];

    private readonly SoakTools _tools = new(TimeProvider.System);
    private readonly OpenCount _scopes = new();
    private readonly List<SoakVerdict> _verdicts = [];
    private TransportChoice _transport = s_transports[0];
    private int _lives;

    [Fact]
    public async Task ManyRuns_FaultsByChance_EndAsTheTableSaysAndLeaveNothingBehind()
    {
        var (runs, seed) = (Setting("COPILOT_SOAK", 100), Setting("COPILOT_SOAK_SEED", 20));
        var random = new Random(seed);
        var plans = Enumerable.Range(0, runs).Select(index => SoakPlan.Draw(random, index)).ToArray();
        var started = Stopwatch.GetTimestamp();
        try
        {
            await using var upstream = await DemoUpstreamHost.StartAsync();
            await using (var host = await RunHost.StartWithAsync(upstream.BaseAddress, Configure, CountScopes, _tools.All))
            {
                foreach (var (wave, some) in plans.Chunk(Together).Index())
                {
                    await WaveAsync(upstream, host, some, wave);
                }
            }

            await upstream.Connections.WhenNone.Soon("the client's connections are closed");
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"The soak with COPILOT_SOAK_SEED={seed} failed after {_verdicts.Count} runs.", error);
        }

        Report(seed, Stopwatch.GetElapsedTime(started));
        Assert.Equal(runs, _verdicts.Count);
        var flawed = _verdicts.Where(verdict => verdict.Flaws.Count > 0).ToArray();
        Assert.True(flawed.Length == 0, $"COPILOT_SOAK_SEED={seed}:\n" + string.Join('\n', flawed.Select(v => $"{v.Run.Plan}: {string.Join("; ", v.Flaws)}")));
    }

    /// <summary>Some runs together; every second time the server goes down in their middle.</summary>
    private async Task WaveAsync(DemoUpstreamHost upstream, RunHost host, SoakPlan[] plans, int wave)
    {
        var interrupts = wave % 2 == 1;
        var runs = new List<SoakRun>();
        var faults = upstream.Services.GetRequiredService<DemoFaults>();
        foreach (var plan in plans)
        {
            if (plan.Fault is { Place: DemoFaultStage.Upgrade } upgrade)
            {
                faults.Inject(new DemoFault { Fault = upgrade.Name, Times = plan.FaultTimes, Skip = plan.FaultSkip, Seconds = 0.05 });
            }

            var request = RunHost.Request("Do it", $"ses_{plan.Index}") with { Metadata = plan.Metadata };
            var outcome = Assert.IsType<StartOutcome.Started>(await host.Runs.StartAsync(request, CancellationToken.None));
            runs.Add(new SoakRun(plan, outcome.Run.RunId));
        }

        var attending = runs.Select(run => run.AttendAsync(host, _transport)).ToArray();
        string Unrested() => string.Join('\n', runs.Zip(attending).Where(pair => !pair.Second.IsCompleted).Select(pair => pair.First.ToString()));
        if (interrupts)
        {
            await Some(attending, plans.Length / 3).Within(s_patience, () => $"some runs of wave {wave} rest");
            await host.Runs.DisposeAsync();
            await Task.WhenAll(attending).Within(s_patience, () => $"the runs of wave {wave} are interrupted:\n{Unrested()}\n");
            await AssertNothingLeftAsync(upstream, host);
            _transport = s_transports[++_lives % s_transports.Length];
            await host.Database.ReopenAsync();
            var resumed = await ResumeAsync(host, runs);
            attending = [.. runs.Select(run => resumed.Contains(run.RunId) ? run.AttendAsync(host, _transport) : Task.CompletedTask)];
        }

        await Task.WhenAll(attending).Within(s_patience, () => $"the runs of wave {wave} rest:\n{Unrested()}\n");
        await host.Runs.WhenIdleAsync().Within(s_patience, () => $"the runs of wave {wave} are let go");
        foreach (var run in runs)
        {
            _verdicts.Add(await run.JudgeAsync(host, _tools, plans.Any(plan => plan.Fault?.Place == DemoFaultStage.Upgrade)));
        }

        // An upgrade's fault stands for the process until it is met.
        faults.Clear();
        await AssertNothingLeftAsync(upstream, host);
    }

    /// <summary>Takes up again what the shutdown interrupted: what may go on by itself does, for the rest a person says so.</summary>
    private static async Task<HashSet<string>> ResumeAsync(RunHost host, IReadOnlyList<SoakRun> runs)
    {
        var safe = await host.Runs.RecoverAsync(CancellationToken.None);
        var resumed = safe.ToHashSet();
        await host.Runs.ResumeAsync(safe, CancellationToken.None);
        foreach (var run in runs.Where(run => !resumed.Contains(run.RunId)))
        {
            if (await host.Database.Events.FindAsync(run.RunId, CancellationToken.None) is { Status: RunStatus.Interrupted })
            {
                Assert.Equal(
                    new CommandOutcome.Accepted(),
                    await host.Runs.AskAsync(run.RunId, new RunCommand.Resume(RunHost.Owner, RepeatUnknownTools: false), CancellationToken.None));
                resumed.Add(run.RunId);
            }
        }

        return resumed;
    }

    private async Task AssertNothingLeftAsync(DemoUpstreamHost upstream, RunHost host)
    {
        var services = host.Database.Services;
        var breaker = services.GetRequiredService<SocketBreaker>();
        var background = ((UpstreamConnector)services.GetRequiredService<IUpstreamConnector>()).Background;
        await EndBackgroundAsync(breaker, background).Within(s_patience, () => "connects that nobody waits for have ended");
        await _scopes.WhenNone.Soon("the scopes of runs and calls are disposed");
        await upstream.Requests.WhenNone.Soon("the upstream's sockets and requests have ended");

        var gate = services.GetRequiredService<ConnectRateLimiter>();
        Assert.Equal(0, host.Runs.Count);
        Assert.Equal(0, host.HeldLogs);
        Assert.Empty(host.Directory.Live);
        Assert.Equal(0, gate.Waiting);
        Assert.Equal(0, gate.Open);
        Assert.Equal(0, background.Running);
        Assert.False(breaker.State.SpareReady);
        Assert.Equal(0, services.GetRequiredService<UpstreamHttp>().Sockets);
        Assert.Equal(0, _scopes.Open);

        // Once more: what the client gave up before the upstream had seen it arrives there late.
        await upstream.Requests.WhenNone.Soon("the upstream has seen that late requests were given up");
    }

    /// <summary>Sees out what is still being opened. A socket that opened too late for its run waits for the next, which here takes it.</summary>
    private static async Task EndBackgroundAsync(SocketBreaker breaker, BackgroundWork background)
    {
        while (background.Running > 0)
        {
            var state = breaker.State;
            if (breaker.TryAdopt() is { } spare)
            {
                await spare.DisposeAsync();
                continue;
            }

            using var look = new CancellationTokenSource();
            var changed = breaker.WhenChangedAsync(state, look.Token);
            await Task.WhenAny(background.WhenDoneAsync(), changed);
            await look.CancelAsync();
            await changed.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private void Configure(IServiceCollection services)
    {
        services.Configure<RunOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(60));
        services.Configure<UpstreamOptions>(Shorten);
    }

    private void Shorten(UpstreamOptions options)
    {
        options.Transport = _transport;
        options.RetryDelay = TimeSpan.FromMilliseconds(10);
        options.ConnectTimeout = TimeSpan.FromSeconds(2);
        options.SocketHeadStart = TimeSpan.FromMilliseconds(500);
        options.SocketCooldown = TimeSpan.FromMilliseconds(200);
        options.MaxSocketCooldown = TimeSpan.FromMilliseconds(400);
        options.FirstEventTimeout = TimeSpan.FromSeconds(3);
        options.KeepAliveInterval = TimeSpan.FromMilliseconds(500);
        options.KeepAliveTimeout = TimeSpan.FromSeconds(2);
        options.MaxConnectsPerSecond = 400;
    }

    private void CountScopes(IServiceCollection services)
    {
        services.AddSingleton(_scopes);
        services.AddScoped<ScopeProbe>();
        services.AddScoped(provider =>
        {
            provider.GetRequiredService<ScopeProbe>();
            return new ResponsesSession();
        });
    }

    private void Report(int seed, TimeSpan elapsed)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_verdicts.Count} runs in {elapsed.TotalSeconds:0.0} s, seed {seed}"));
        foreach (var (what, count) in _verdicts.CountBy(v => $"{v.End} {v.Code}{(v.Interrupted ? " (was interrupted)" : "")}").OrderByDescending(pair => pair.Value))
        {
            output.WriteLine($"{count,5}  {what}");
        }
    }

    private static async Task Some(Task[] tasks, int count)
    {
        var left = tasks.ToList();
        while (tasks.Length - left.Count < count)
        {
            left.Remove(await Task.WhenAny(left));
        }
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}

/// <summary>Keeps it apart from the other tests: it takes the whole machine, and they have waits of their own.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SoakCollection
{
    public const string Name = "Soak";
}
