using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Runs.Registry;

/// <summary>Runs that were interrupted, and who takes them up.</summary>
public sealed class RunResumeTests : RunRegistryScene
{
    [Fact]
    public async Task Shutdown_WhileAnIdempotentToolRuns_InterruptsAndResumesTheSameRun()
    {
        var (run, socket) = await InsideAsync(_read);

        await _host.RestartAsync();
        Assert.Equal(1000, await socket.ClosedByClient);
        var interrupted = (await _host.Database.Events.FindAsync(run.RunId, CancellationToken.None))!;
        _tool.SetResult("found");
        var outcome = await _host.Runs.AskAsync(run.RunId, new RunCommand.Resume(RunHost.Owner, false), CancellationToken.None);
        var next = await _upstream.NextSocketAsync();
        var frame = JsonDocument.Parse(await next.ReceiveAsync()).RootElement;
        await next.SendAsync(Frames.Answer("resp_2", "done"));
        await _host.SeeAsync(run.RunId, RunEventTypes.RunCompleted);

        Assert.Equal(RunStatus.Interrupted, interrupted.Status);
        Assert.Equal(new CommandOutcome.Accepted(), outcome);
        Assert.Equal(2, _read.Runs);
        Assert.Equal(
            ["message", "function_call", "function_call_output"],
            frame.GetProperty("input").EnumerateArray().Select(item => item.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task Resume_ToolWithEffectsHadStarted_IsNotRunAgain()
    {
        var (run, _) = await InsideAsync(_write);
        await _host.RestartAsync();

        await _host.Runs.AskAsync(run.RunId, new RunCommand.Resume(RunHost.Owner, false), CancellationToken.None);
        var next = await _upstream.NextSocketAsync();
        var frame = JsonDocument.Parse(await next.ReceiveAsync()).RootElement;

        Assert.Equal(1, _write.Runs);
        var output = frame.GetProperty("input").EnumerateArray().Last();
        Assert.Equal("call_1", output.GetProperty("call_id").GetString());
        Assert.Contains("unknown", output.GetProperty("output").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_InterruptedRunWhoseToolHadStarted_TellsTheModelThatNobodyKnows()
    {
        var (run, _) = await InsideAsync(_write);
        await _host.RestartAsync();

        await _host.Runs.AskAsync(run.RunId, new RunCommand.Stop(RunHost.Owner, null), CancellationToken.None);
        await _host.SeeAsync(run.RunId, RunEventTypes.RunCancelled);
        await _host.Runs.WhenIdleAsync().Soon("the run is let go");
        await _host.StartRunAsync("And now?");
        var next = await _upstream.NextSocketAsync();
        var frame = JsonDocument.Parse(await next.ReceiveAsync()).RootElement;

        var output = frame.GetProperty("input").EnumerateArray().Single(item => item.GetProperty("type").GetString() == "function_call_output");
        Assert.Contains("unknown", output.GetProperty("output").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_PersonSaysRepeat_RunsTheToolAgain()
    {
        var (run, _) = await InsideAsync(_write);
        await _host.RestartAsync();
        _tool.SetResult("written");

        await _host.Runs.AskAsync(run.RunId, new RunCommand.Resume(RunHost.Owner, true), CancellationToken.None);
        var next = await _upstream.NextSocketAsync();
        var frame = JsonDocument.Parse(await next.ReceiveAsync()).RootElement;

        Assert.Equal(2, _write.Runs);
        Assert.Equal("written", frame.GetProperty("input").EnumerateArray().Last().GetProperty("output").GetString());
    }

    [Fact]
    public async Task TakeUpUnfinishedAsync_RunWithoutOwner_IsInterruptedAndCanBeCancelled()
    {
        // The log of a run whose process died in mid-answer.
        var recorded = new RunEvents("run_left").Created("ses_left", "usr_1");
        recorded.Own(RunEventTypes.UserMessage, """{"text":"hello"}""");
        recorded.Own(RunEventTypes.RunStarted, "{}");
        recorded.Upstream(Frames.Created("resp_1"));
        recorded.Upstream(Frames.Delta("Hel"));
        await _host.Database.Events.AppendAsync([new RunAppend(recorded.Summary, recorded.All)], CancellationToken.None);

        await _host.Runs.RecoverAsync(CancellationToken.None);
        var interrupted = (await _host.Database.Events.FindAsync("run_left", CancellationToken.None))!;
        await _host.Runs.AskAsync("run_left", new RunCommand.Stop(RunHost.Owner, "not needed"), CancellationToken.None);
        await _host.SeeAsync("run_left", RunEventTypes.RunCancelled);

        Assert.Equal(RunStatus.Interrupted, interrupted.Status);
        Assert.Equal(new CommandOutcome.NotPossible(), await _host.Runs.AskAsync(
            "run_left", new RunCommand.Resume(RunHost.Owner, false), CancellationToken.None));
    }

    [Fact]
    public async Task ResumeAsync_RunAndItsQueue_GoOnOneAfterTheOther()
    {
        foreach (var (runId, begun) in ((string, bool)[])[("run_1", true), ("run_2", false)])
        {
            var recorded = new RunEvents(runId).Created("ses_left", "usr_1");
            recorded.Own(RunEventTypes.UserMessage, $$$"""{"text":"{{{runId}}}"}""");
            if (begun)
            {
                recorded.Own(RunEventTypes.RunStarted, "{}");
                recorded.Upstream(Frames.Created("resp_cut"));
                recorded.Upstream(Frames.Delta("Hel"));
            }

            await _host.Database.Events.AppendAsync([new RunAppend(recorded.Summary, recorded.All)], CancellationToken.None);
        }

        var safe = await _host.Runs.RecoverAsync(CancellationToken.None);
        await _host.Runs.ResumeAsync(safe, CancellationToken.None);
        var first = await _upstream.NextSocketAsync();
        await first.ReceiveAsync();
        var status = (await _host.Database.Events.FindAsync("run_2", CancellationToken.None))!.Status;
        await first.SendAsync(Frames.Answer("resp_1", "first answer"));
        var second = await _upstream.NextSocketAsync();
        await second.ReceiveAsync();
        await second.SendAsync(Frames.Answer("resp_2", "second answer"));
        await _host.SeeAsync("run_2", RunEventTypes.RunCompleted);

        Assert.Equal(["run_1", "run_2"], safe);
        Assert.Equal(RunStatus.Interrupted, status);
        var events = await _host.Database.Events.ReadAsync("run_1", 0, 100, CancellationToken.None);
        Assert.Contains(events, e => e.Type == RunEventTypes.AttemptSuperseded && e.Text("response_id") == "resp_cut");
        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
    }

    [Fact]
    public async Task TakeUpUnfinishedAsync_ConversationWentOn_LeavesTheInterruptedRunAlone()
    {
        var run = await _host.StartRunAsync("one");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await _host.RestartAsync();
        var before = await _host.Runs.RecoverAsync(CancellationToken.None);
        await AnsweredAsync("two", "resp_2", "answer");

        Assert.Equal([run.RunId], before);
        Assert.Empty(await _host.Runs.RecoverAsync(CancellationToken.None));
    }

    [Fact]
    public async Task ResumeAsync_PeopleWereThereFirst_LeavesTheRunToThem()
    {
        foreach (var (runId, session) in new[] { ("run_1", "ses_left"), ("run_2", "ses_stopped") })
        {
            var recorded = new RunEvents(runId).Created(session, "usr_1");
            recorded.Own(RunEventTypes.UserMessage, """{"text":"hello"}""");
            recorded.Own(RunEventTypes.RunStarted, "{}");
            await _host.Database.Events.AppendAsync([new RunAppend(recorded.Summary, recorded.All)], CancellationToken.None);
        }

        var safe = await _host.Runs.RecoverAsync(CancellationToken.None);
        await _host.StartRunAsync("something else", "ses_left");
        await (await _upstream.NextSocketAsync()).ReceiveAsync();
        await _host.Runs.AskAsync("run_2", new RunCommand.Stop(RunHost.Owner, null), CancellationToken.None);
        await _host.SeeAsync("run_2", RunEventTypes.RunCancelled);
        await _host.Runs.ResumeAsync(safe, CancellationToken.None);

        Assert.Equal(["run_1", "run_2"], safe);
        Assert.Equal(RunStatus.Interrupted, (await _host.Database.Events.FindAsync("run_1", CancellationToken.None))!.Status);
        Assert.Equal(RunEventTypes.RunCancelled, (await _host.Database.Events.ReadHeadAsync("run_2", CancellationToken.None))!.Type);
        Assert.Equal(1, _upstream.Upgrades);
    }

    [Fact]
    public async Task Stop_WhileSomebodyTakesTheRunUp_IsNotLost()
    {
        ScriptedStore? store = null;
        await using var host = await RunHost.StartWithAsync(
            _upstream.BaseUrl,
            services => services.Configure<UpstreamOptions>(options => options.Transport = TransportChoice.WebSocket),
            services => services.AddSingleton(provider => new SessionHistory(
                store = new ScriptedStore(provider.GetRequiredService<IRunEventStore>()), provider.GetRequiredService<StorageReads>())));
        var recorded = new RunEvents("run_1").Created("ses_1", "usr_1");
        recorded.Own(RunEventTypes.UserMessage, """{"text":"hello"}""");
        recorded.Own(RunEventTypes.RunStarted, "{}");
        await host.Database.Events.AppendAsync([new RunAppend(recorded.Summary, recorded.All)], CancellationToken.None);
        await host.Runs.RecoverAsync(CancellationToken.None);
        var (reading, read) = (new TaskCompletionSource(), new TaskCompletionSource());
        store!.BeforeRead = _ =>
        {
            reading.TrySetResult();
            return read.Task;
        };

        var resuming = host.Runs.AskAsync("run_1", new RunCommand.Resume(RunHost.Owner, false), CancellationToken.None);
        await reading.Task.Soon("the run is taken up");
        var stopping = host.Runs.AskAsync("run_1", new RunCommand.Stop(RunHost.Owner, null), CancellationToken.None);
        var again = host.Runs.AskAsync("run_1", new RunCommand.Resume(RunHost.Owner, false), CancellationToken.None);
        read.SetResult();

        Assert.Equal(new CommandOutcome.Accepted(), await resuming.Soon("it is resumed"));
        Assert.Equal(new CommandOutcome.Accepted(), await stopping.Soon("it is stopped"));
        Assert.Equal(new CommandOutcome.NotPossible(), await again.Soon("it is not resumed twice"));
        await host.SeeAsync("run_1", RunEventTypes.RunCancelled);
    }

    [Fact]
    public async Task TakeUpUnfinishedAsync_ToolWithEffectsHadStarted_IsLeftToAPerson()
    {
        var recorded = new RunEvents("run_left").Created("ses_left", "usr_1");
        recorded.Own(RunEventTypes.UserMessage, """{"text":"hello"}""");
        recorded.Own(RunEventTypes.RunStarted, "{}");
        recorded.Upstream(Frames.Created("resp_1"));
        recorded.Upstream(Frames.Call("call_1", "write", 0));
        recorded.Upstream(Frames.Completed("resp_1"));
        recorded.Tool(RunEventTypes.ToolRequested, "call_1", """{"name":"write","arguments":"","read_only":false,"repeatable":false}""");
        recorded.Tool(RunEventTypes.ToolStarted, "call_1", """{"name":"write","deadline_ms":1000}""");
        await _host.Database.Events.AppendAsync([new RunAppend(recorded.Summary, recorded.All)], CancellationToken.None);

        Assert.Empty(await _host.Runs.RecoverAsync(CancellationToken.None));
        Assert.Equal(0, _write.Runs);
    }
}
