using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Runs.Actor;

/// <summary>Faults of a run's surroundings that it survives: tools that break their contract, a database that is away for a moment, a stop at the last moment.</summary>
public sealed class RunFaultTests : IAsyncLifetime
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);
    private readonly TaskCompletionSource<string> _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ScriptedUpstream _upstream = null!;

    public async ValueTask InitializeAsync() => _upstream = await ScriptedUpstream.StartAsync();

    public async ValueTask DisposeAsync() => await _upstream.DisposeAsync();

    [Fact]
    public async Task Tool_WithoutOutput_FailsItsCallAndTheRunGoesOn()
    {
        await using var host = await RunHost.StartAsync(_upstream.BaseUrl, new TestTool("act", _ => Task.FromResult<string>(null!)));
        var run = await host.StartRunAsync("Do it");
        var socket = await CallAsync(("call_1", "act"));

        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer("resp_2", "done"));
        var events = await host.RestAsync(run.RunId);
        await host.Runs.WhenIdleAsync().Soon("the run is let go");

        Assert.Single(events, e => e.Type == RunEventTypes.ToolFailed);
        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
        Assert.Equal(0, host.Runs.Count);
    }

    [Fact]
    public async Task ExclusiveTool_ItsPredecessorWasAbandoned_WaitsForItsRealEnd()
    {
        var clock = new ManualClock();
        var tool = Exclusive();
        await using var host = await RunHost.StartAsync(_upstream.BaseUrl, clock, _ => { }, tool);
        var run = await host.StartRunAsync("Do it");
        var socket = await CallAsync(("call_1", "act"), ("call_2", "act"));
        await tool.Began;
        clock.Advance(s_deadline);
        await host.SeeAsync(run.RunId, RunEventTypes.ToolTimedOut);

        _release.SetResult("late");
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer("resp_2", "done"));
        var events = await host.RestAsync(run.RunId);

        Assert.Equal(2, tool.Runs);
        Assert.Equal(1, tool.MostAtOnce);
        Assert.Equal("call_2", events.Single(e => e.Type == RunEventTypes.ToolCompleted).CallId);
    }

    [Fact]
    public async Task ExclusiveTool_ItsAbandonedPredecessorNeverEnds_IsNotCarriedOut()
    {
        var clock = new ManualClock();
        var tool = Exclusive();
        await using var host = await RunHost.StartAsync(_upstream.BaseUrl, clock, _ => { }, tool);
        var run = await host.StartRunAsync("Do it");
        var socket = await CallAsync(("call_1", "act"), ("call_2", "act"));
        await tool.Began;
        clock.Advance(s_deadline);
        await host.SeeAsync(run.RunId, RunEventTypes.ToolTimedOut);

        clock.Advance(s_deadline);
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer("resp_2", "done"));
        var events = await host.RestAsync(run.RunId);
        _release.SetResult("late");

        Assert.Equal(1, tool.Runs);
        var failed = events.Single(e => e.Type == RunEventTypes.ToolFailed);
        Assert.Equal("call_2", failed.CallId);
        Assert.Contains("must not overlap", failed.Text("output"), StringComparison.Ordinal);
    }

    private async Task<ScriptedSocket> CallAsync(params (string CallId, string Name)[] calls)
    {
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Calls("resp_1", calls));
        return socket;
    }

    /// <summary>A tool that must be alone and does not hear that its time is over.</summary>
    private TestTool Exclusive() => new("act", _ => _release.Task) { ReadOnly = false, Parallel = false, Deadline = s_deadline };
}
