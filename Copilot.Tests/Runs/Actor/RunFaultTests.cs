using System.Data.Common;
using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Tools;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;
using Copilot.Web.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

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
        var (run, socket) = await AbandonAsync(host, clock, tool);

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
        var (run, socket) = await AbandonAsync(host, clock, tool);

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

    [Fact]
    public async Task History_DatabaseIsAwayForAMoment_IsReadAgain()
    {
        var reads = new FailingReads();
        await using var host = await RunHost.StartWithAsync(
            _upstream.BaseUrl, services => services.ConfigureDbContext<CopilotDbContext>(options => options.AddInterceptors(reads)));
        var first = await host.StartRunAsync("one");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer("resp_1", "first answer"));
        await host.RestAsync(first.RunId);
        await host.Runs.WhenIdleAsync().Soon("the run is let go");

        reads.Left = 3;
        await host.StartRunAsync("two");
        var next = await _upstream.NextSocketAsync();
        using var frame = JsonDocument.Parse(await next.ReceiveAsync());

        Assert.Equal(0, reads.Left);
        Assert.Equal(3, frame.RootElement.GetProperty("input").GetArrayLength());
    }

    [Fact]
    public async Task Stop_WhileTheServerShutsDown_IsTheLastWord()
    {
        // The run ends once its socket is closed. The upstream leaves the close unanswered, and no time passes, until the socket is cut.
        _upstream.AnswersClose = false;
        await using var host = await RunHost.StartAsync(_upstream.BaseUrl, new ManualClock(), _ => { });
        var run = await host.StartRunAsync("Do it");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await host.SeeAsync(run.RunId, RunEventTypes.AttemptSent);

        var shutdown = host.Runs.DisposeAsync().AsTask();
        await socket.ClosedByClient;
        var stop = host.Runs.AskAsync(run.RunId, new RunCommand.Stop(RunHost.Owner, null), CancellationToken.None);
        socket.Cut();

        Assert.IsType<CommandOutcome.Accepted>(await stop.Soon("the answer"));
        await shutdown.Soon("the shutdown");
        Assert.Equal(RunStatus.Cancelled, (await host.Database.Events.FindAsync(run.RunId, CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task Stop_PressedTwice_IsAcceptedBothTimesAlsoAfterTheEnd()
    {
        await using var host = await RunHost.StartAsync(_upstream.BaseUrl);
        var run = await host.StartRunAsync("Do it");
        var stop = new RunCommand.Stop(RunHost.Owner, null);

        Assert.IsType<CommandOutcome.Accepted>(await host.Runs.AskAsync(run.RunId, stop, CancellationToken.None));
        Assert.IsType<CommandOutcome.Accepted>(await host.Runs.AskAsync(run.RunId, stop, CancellationToken.None));
        await host.RestAsync(run.RunId);
        await host.Runs.WhenIdleAsync().Soon("the run is let go");

        Assert.IsType<CommandOutcome.Accepted>(await host.Runs.AskAsync(run.RunId, stop, CancellationToken.None));
    }

    [Fact]
    public async Task Error_QuotesThePrompt_IsNotLogged()
    {
        using var lines = new LogLines();
        await using var host = await RunHost.StartWithAsync(_upstream.BaseUrl, services => services.AddSingleton<ILoggerProvider>(lines));
        var run = await host.StartRunAsync("My secret question");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync("""{"type":"error","status":400,"error":{"code":"bad","message":"Cannot answer: My secret question"}}""");
        await host.SeeAsync(run.RunId, RunEventTypes.RunFailed);

        Assert.Contains(lines.Warnings, line => line.Contains(run.RunId, StringComparison.Ordinal));
        Assert.DoesNotContain(lines.Warnings, line => line.Contains("secret question", StringComparison.Ordinal));
    }

    private async Task<ScriptedSocket> CallAsync(params (string CallId, string Name)[] calls)
    {
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Calls("resp_1", calls));
        return socket;
    }

    /// <summary>Two calls of a tool that must be alone, of which the first has had its time.</summary>
    private async Task<(RunSummary Run, ScriptedSocket Socket)> AbandonAsync(RunHost host, ManualClock clock, TestTool tool)
    {
        var run = await host.StartRunAsync("Do it");
        var socket = await CallAsync(("call_1", "act"), ("call_2", "act"));
        await tool.Began;
        clock.Advance(s_deadline);
        await host.SeeAsync(run.RunId, RunEventTypes.ToolTimedOut);
        return (run, socket);
    }

    /// <summary>A tool that must be alone and does not hear that its time is over.</summary>
    private TestTool Exclusive() => new("act", _ => _release.Task) { ReadOnly = false, Parallel = false, Deadline = s_deadline };

    /// <summary>A database that is locked for the next reads of events.</summary>
    private sealed class FailingReads : DbCommandInterceptor
    {
        private int _left;

        public int Left
        {
            get => Volatile.Read(ref _left);
            set => Volatile.Write(ref _left, value);
        }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) =>
            command.CommandText.Contains("run_events", StringComparison.Ordinal) && Left > 0 && Interlocked.Decrement(ref _left) >= 0
                ? throw new SqliteException("database is locked", 5)
                : ValueTask.FromResult(result);
    }
}
