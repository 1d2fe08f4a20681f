using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Runs.Registry;

/// <summary>A shutdown lets each run finish the step that it is in, for so long, and begins nothing new.</summary>
public sealed class DrainTests : IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(4);

    private readonly TaskCompletionSource<string> _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualClock _clock = new();
    private ScriptedUpstream _upstream = null!;
    private TestTool _tool = null!;
    private RunHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        _tool = new TestTool("write", _written.Task.WaitAsync) { ReadOnly = false, Idempotent = false, Parallel = false };
        _host = await RunHost.StartWithAsync(
            _upstream.BaseUrl,
            services => services
                .AddSingleton<TimeProvider>(_clock)
                .Configure<UpstreamOptions>(options => options.Transport = TransportChoice.WebSocket)
                .Configure<RunOptions>(options => options.DrainTimeout = s_limit),
            _tool);
    }

    public async ValueTask DisposeAsync()
    {
        _written.TrySetResult("written");
        await _host.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Shutdown_WhileAToolWorks_ItsOutcomeIsSavedAndItDoesNotRunAgain()
    {
        var run = await _host.StartRunAsync("Write it down.");
        var socket = await NextAsync();
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "write")));
        await _tool.Began;

        var stopped = _host.Runs.DisposeAsync().AsTask();
        Assert.IsNotType<StartOutcome.Started>(await _host.Runs.StartAsync(RunHost.Request("Something else.", "ses_2"), CancellationToken.None));
        _written.SetResult("written");
        await stopped.Soon("the runs have settled");

        var events = await _host.Database.Events.ReadAsync(run.RunId, 0, 1_000, CancellationToken.None);
        Assert.Contains(events, one => one.Type == RunEventTypes.ToolCompleted);
        Assert.Equal(1, events.Count(one => one.Type == RunEventTypes.AttemptSent));
        Assert.Equal(RunEventTypes.RunInterrupted, events[^1].Type);

        await _host.RestartAsync();
        await _host.Runs.ResumeAsync(await _host.Runs.RecoverAsync(CancellationToken.None), CancellationToken.None);
        socket = await NextAsync();
        await socket.SendAsync(Frames.Answer("resp_2", "Done."));
        await _host.RestAsync(run.RunId, RunEventTypes.RunCompleted);
        Assert.Equal(1, _tool.Runs);
    }

    [Fact]
    public async Task Shutdown_WhileTheLastResponseStreams_TheRunCompletes()
    {
        var run = await _host.StartRunAsync("Where is it?");
        var socket = await NextAsync();
        await socket.SendAsync(Frames.Created("resp_1"));
        await _host.SeeAsync(run.RunId, "response.created");

        var stopped = _host.Runs.DisposeAsync().AsTask();
        await socket.SendAsync(Frames.Message("Leeds."), Frames.Completed("resp_1"));
        await stopped.Soon("the runs have settled");

        Assert.Equal(RunStatus.Completed, (await _host.Database.Events.FindAsync(run.RunId, CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task Shutdown_StepTakesTooLong_IsInterrupted()
    {
        var run = await _host.StartRunAsync("Where is it?");
        var socket = await NextAsync();
        await socket.SendAsync(Frames.Created("resp_1"));
        await _host.SeeAsync(run.RunId, "response.created");

        var stopped = _host.Runs.DisposeAsync().AsTask();
        Assert.False(stopped.IsCompleted);
        _clock.Advance(s_limit);
        await stopped.Soon("the runs have settled");

        Assert.Equal(RunStatus.Interrupted, (await _host.Database.Events.FindAsync(run.RunId, CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task Shutdown_NothingUnderWay_WaitsForNothing()
    {
        var run = await _host.StartRunAsync("Where is it?");
        await NextAsync();
        var queued = await _host.StartRunAsync("And the other?");

        var stopped = _host.Runs.DisposeAsync().AsTask();
        await _host.RestAsync(queued.RunId, RunEventTypes.RunInterrupted);
        Assert.False(stopped.IsCompleted);
        _clock.Advance(s_limit);
        await stopped.Soon("the runs have settled");
        Assert.Equal(RunStatus.Interrupted, (await _host.Database.Events.FindAsync(run.RunId, CancellationToken.None))!.Status);
    }

    private async Task<ScriptedSocket> NextAsync()
    {
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        return socket;
    }
}
