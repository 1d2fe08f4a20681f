using System.Text.Json;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;
using Copilot.Web.Storage;

namespace Copilot.Tests.Runs.Registry;

public sealed class RunRegistryTests : IAsyncLifetime
{
    private readonly TaskCompletionSource<string> _tool = new();
    private ScriptedUpstream _upstream = null!;
    private RunHost _host = null!;
    private TestTool _write = null!;
    private TestTool _read = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        _write = new TestTool("write", _ => _tool.Task) { ReadOnly = false, Idempotent = false };
        _read = new TestTool("read", _ => _tool.Task);
        _host = await RunHost.StartAsync(_upstream.BaseUrl, _write, _read);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task StartAsync_SameMessageTwiceAtOnce_StartsOneRun()
    {
        var request = RunHost.Request("Hello", "ses_1") with { MessageId = "msg_browser_1" };

        var outcomes = await Task.WhenAll(
            _host.Runs.StartAsync(request, CancellationToken.None),
            _host.Runs.StartAsync(request, CancellationToken.None));

        var runs = outcomes.Cast<StartOutcome.Started>().ToArray();
        Assert.Equal(runs[0].Run.RunId, runs[1].Run.RunId);
        Assert.Equal([false, true], runs.Select(run => run.Existing).Order());
        Assert.Single(await _host.Database.Events.ReadSessionAsync("ses_1", CancellationToken.None));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n ")]
    public async Task StartAsync_EmptyMessage_SaysWhatToDo(string input)
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => _host.Runs.StartAsync(RunHost.Request(input, "ses_1"), CancellationToken.None));

        Assert.Contains("Write what the agent should do", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_SessionBusy_QueuesAndThenSendsTheWholeConversation()
    {
        var first = await _host.StartRunAsync("one");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        var second = await _host.StartRunAsync("two");

        Assert.Equal(RunStatus.Queued, second.Status);
        Assert.Equal(first.RunId, second.ParentRunId);

        await socket.SendAsync(Frames.Answer("resp_1", "first answer"));
        var next = await _upstream.NextSocketAsync();
        var frame = JsonDocument.Parse(await next.ReceiveAsync()).RootElement;
        await next.SendAsync(Frames.Answer("resp_2", "second answer"));
        await _host.RestAsync(second.RunId);

        var texts = frame.GetProperty("input").EnumerateArray()
            .Select(item => item.GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal(["one", "first answer", "two"], texts);
    }

    [Fact]
    public async Task SendAsync_StopOfAQueuedRun_RemovesItWithoutAConnection()
    {
        await _host.StartRunAsync("one");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        var second = await _host.StartRunAsync("two");
        var third = await _host.StartRunAsync("three");

        await _host.Runs.AskAsync(second.RunId, new RunCommand.Stop(RunHost.Owner, null), CancellationToken.None);
        var events = await _host.RestAsync(second.RunId);
        await socket.SendAsync(Frames.Answer("resp_1", "first answer"));
        var next = await _upstream.NextSocketAsync();
        var frame = JsonDocument.Parse(await next.ReceiveAsync()).RootElement;
        await next.SendAsync(Frames.Answer("resp_2", "third answer"));
        await _host.RestAsync(third.RunId);

        Assert.Equal(["run.created", "user.message", "run.cancelled"], events.Select(e => e.Type));
        Assert.Equal(
            ["one", "first answer", "three"],
            frame.GetProperty("input").EnumerateArray().Select(item => item.GetProperty("content")[0].GetProperty("text").GetString()));
        Assert.Equal(2, _upstream.Upgrades);
    }

    [Fact]
    public async Task StartAsync_TooManyQueued_IsRefusedWithAWait()
    {
        await _host.StartRunAsync("active");
        for (var i = 0; i < 5; i++)
        {
            await _host.StartRunAsync($"queued {i}");
        }

        var outcome = await _host.Runs.StartAsync(RunHost.Request("one more", "ses_1"), CancellationToken.None);

        Assert.IsType<StartOutcome.TooMany>(outcome);
    }

    [Fact]
    public async Task StartAsync_Retry_MakesASiblingWithTheSameParent()
    {
        var first = await AnsweredAsync("one", "resp_1", "first answer");
        var second = await AnsweredAsync("two", "resp_2", "bad answer");
        var request = RunHost.Request("two", "ses_1") with { Parent = new RunParent.SameAs(second.RunId) };

        var retry = ((StartOutcome.Started)await _host.Runs.StartAsync(request, CancellationToken.None)).Run;
        var socket = await _upstream.NextSocketAsync();
        var frame = JsonDocument.Parse(await socket.ReceiveAsync()).RootElement;

        Assert.Equal(first.RunId, retry.ParentRunId);
        Assert.Equal(
            ["one", "first answer", "two"],
            frame.GetProperty("input").EnumerateArray().Select(item => item.GetProperty("content")[0].GetProperty("text").GetString()));
    }

    [Fact]
    public async Task Shutdown_WhileAnIdempotentToolRuns_InterruptsAndResumesTheSameRun()
    {
        var run = await _host.StartRunAsync("Do it");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "read")));
        await _host.SeeAsync(run.RunId, RunEventTypes.ToolStarted);
        await _read.Began;

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
        var run = await _host.StartRunAsync("Do it");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "write")));
        await _host.SeeAsync(run.RunId, RunEventTypes.ToolStarted);
        await _write.Began;
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
        var run = await _host.StartRunAsync("Do it");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "write")));
        await _host.SeeAsync(run.RunId, RunEventTypes.ToolStarted);
        await _write.Began;
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
        var run = await _host.StartRunAsync("Do it");
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "write")));
        await _host.SeeAsync(run.RunId, RunEventTypes.ToolStarted);
        await _write.Began;
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

    [Fact]
    public async Task StartAsync_SessionOfSomebodyElse_StartsNothing()
    {
        var first = await _host.StartRunAsync("mine");

        var outcome = await _host.Runs.StartAsync(
            RunHost.Request("and mine", "ses_1") with { Owner = new RunOwner("usr_2", "team_default") }, CancellationToken.None);

        Assert.IsType<StartOutcome.SessionTaken>(outcome);
        Assert.Equal(
            first.RunId, Assert.Single(await _host.Database.Events.ReadSessionAsync("ses_1", CancellationToken.None)).RunId);
        Assert.Equal(1, _host.Runs.Count);
    }

    [Fact]
    public async Task StartAsync_SessionOfSomebodyElseWithoutRuns_StartsNothingAndHoldsNothing()
    {
        await using (var db = await _host.Database.Contexts.CreateDbContextAsync())
        {
            db.Sessions.Add(new SessionRow { Id = "ses_1", UserId = "usr_2", TeamId = "team_default", Title = "", CreatedAt = 1, UpdatedAt = 1 });
            await db.SaveChangesAsync();
        }

        var outcome = await _host.Runs.StartAsync(RunHost.Request("mine", "ses_1"), CancellationToken.None);

        Assert.IsType<StartOutcome.SessionTaken>(outcome);
        Assert.Empty(await _host.Database.Events.ReadSessionAsync("ses_1", CancellationToken.None));
        Assert.Equal(0, _host.Runs.Count);
    }

    [Fact]
    public async Task Runs_AllEnded_LeaveNothingBehind()
    {
        var run = await AnsweredAsync("one", "resp_1", "answer");
        await _host.RestAsync(run.RunId);
        await _host.Runs.WhenIdleAsync().Soon("the run is let go");

        Assert.Equal(0, _host.Runs.Count);
        Assert.Equal(0, _host.HeldLogs);
        Assert.Empty(_host.Directory.Live);
    }

    private async Task<RunSummary> AnsweredAsync(string input, string responseId, string answer)
    {
        var run = await _host.StartRunAsync(input);
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer(responseId, answer));
        await _host.RestAsync(run.RunId);
        return run;
    }
}
