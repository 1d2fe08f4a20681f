using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Runs.Actor.Supervising;

/// <summary>A run on a scripted upstream, people who do something about it, and a clock that only the test moves.</summary>
internal sealed class SupervisingScene : IAsyncDisposable
{
    public const string Question = "Where is the pump?";
    public static readonly EventActor Boss = new("usr_boss", "Supervisor");
    public static readonly EventActor OtherBoss = new("usr_other", "Supervisor");
    public static readonly EventActor Admin = new("usr_admin", "Admin");
    private readonly TaskCompletionSource<string> _looked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ManualClock Clock { get; } = new();

    public required ScriptedUpstream Upstream { get; init; }

    public RunHost Host { get; private set; } = null!;

    public RunSummary Run { get; private set; } = null!;

    /// <summary>Reads; ends with <see cref="FinishLook"/>.</summary>
    public TestTool Look { get; private set; } = null!;

    /// <summary>Changes something, once; ends with the scene.</summary>
    public TestTool Send { get; private set; } = null!;

    public static async Task<SupervisingScene> StartAsync()
    {
        var scene = new SupervisingScene { Upstream = await ScriptedUpstream.StartAsync() };
        scene.Look = new TestTool("look", scene._looked.Task.WaitAsync);
        scene.Send = new TestTool("send", scene._written.Task.WaitAsync) { ReadOnly = false, Idempotent = false, Parallel = false };
        scene.Host = await RunHost.StartWithAsync(
            scene.Upstream.BaseUrl,
            services => services.AddSingleton<TimeProvider>(scene.Clock).Configure<UpstreamOptions>(options => options.Transport = TransportChoice.WebSocket),
            scene.Look,
            scene.Send);
        scene.Run = await scene.Host.StartRunAsync(Question);
        return scene;
    }

    /// <summary>The socket of a run whose first request has come.</summary>
    public async Task<ScriptedSocket> NextAsync()
    {
        var socket = await Upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        return socket;
    }

    public void FinishLook() => _looked.TrySetResult("in Leeds");

    public Task<CommandOutcome> AskAsync(RunCommand command) =>
        Host.Runs.AskAsync(Run.RunId, command, CancellationToken.None).Soon($"{command.GetType().Name} is answered");

    /// <summary>Asks, and expects that it counts.</summary>
    public async Task DoAsync(RunCommand command) => Assert.IsType<CommandOutcome.Accepted>(await AskAsync(command));

    public Task<RunEvent> SeeAsync(string type) => Host.SeeAsync(Run.RunId, type);

    public Task<RunEvent> SeeTimesAsync(string type, int times) => Host.SeeTimesAsync(Run.RunId, type, times);

    /// <summary>The run as it is stored now.</summary>
    public async Task<RunSummary> StoredAsync() => (await Host.Database.Events.FindAsync(Run.RunId, CancellationToken.None))!;

    /// <summary>All events so far.</summary>
    public Task<IReadOnlyList<RunEvent>> EventsAsync() => Host.Database.Events.ReadAsync(Run.RunId, 0, 10_000, CancellationToken.None);

    /// <summary>Shuts down, starts anew, and lets the run go on.</summary>
    public async Task RestartAsync()
    {
        await Host.RestartAsync();
        await Host.Runs.ResumeAsync(await Host.Runs.RecoverAsync(CancellationToken.None), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        FinishLook();
        _written.TrySetResult("sent");
        await Host.DisposeAsync();
        await Upstream.DisposeAsync();
    }
}
