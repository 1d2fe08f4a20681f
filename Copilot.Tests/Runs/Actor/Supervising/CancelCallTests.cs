using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Runs.Actor.Approvals;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;
using static Copilot.Tests.Runs.Actor.Supervising.SupervisingScene;

namespace Copilot.Tests.Runs.Actor.Supervising;

/// <summary>One call is cancelled, and the run continues.</summary>
public sealed class CancelCallTests
{
    [Fact]
    public async Task CancelCall_OneOfTwoUnderWay_EndsItAndTheRunContinues()
    {
        await using var scene = await StartAsync();
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "send"), ("call_2", "look")));
        await scene.Send.Began;
        await scene.Look.Began;
        await scene.DoAsync(new RunCommand.CancelCall(Boss, "wrong address", "call_1"));
        var ended = await scene.SeeAsync(RunEventTypes.ToolCancelled);
        Assert.IsType<CommandOutcome.NotPossible>(await scene.AskAsync(new RunCommand.CancelCall(Boss, "again", "call_1")));
        scene.FinishLook();

        Assert.Equal("call_1", ended.CallId);
        Assert.Contains("A person cancelled this call. They said: wrong address.", ended.Text("output"), StringComparison.Ordinal);
        Assert.Contains("outcome is unknown", ended.Text("output"), StringComparison.Ordinal);
        await socket.ReceiveAsync();
        var cancelled = (await scene.EventsAsync()).Single(e => e.Type == RunEventTypes.SupervisorCancelledCall);
        Assert.Equal("call_1", cancelled.CallId);
        Assert.Equal(Boss, cancelled.Actor);
    }

    [Fact]
    public async Task CancelCall_OneThatHasNotStarted_IsNotCarriedOut()
    {
        await using var scene = await StartAsync();
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Created("resp_1"));
        await scene.DoAsync(new RunCommand.Pause(Boss, "wait"));
        await socket.SendAsync(Frames.Call("call_1", "send", 0), Frames.Completed("resp_1"));
        await scene.SeeAsync(RunEventTypes.RunWaiting);
        await scene.DoAsync(new RunCommand.CancelCall(Boss, "not this", "call_1"));
        await scene.SeeAsync(RunEventTypes.ToolCancelled);
        await scene.DoAsync(new RunCommand.Continue(Boss, "go on"));

        await socket.ReceiveAsync();
        Assert.Equal(0, scene.Send.Runs);
        Assert.IsType<CommandOutcome.NotPossible>(await scene.AskAsync(new RunCommand.CancelCall(Boss, "x", "call_9")));
    }

    [Theory]
    [InlineData("read", RunEventTypes.ToolCancelled)]
    [InlineData("orders_place", RunEventTypes.ToolOutcomeUnknown)]
    public async Task Kill_CancelIsSavedAndTheCallsEndIsNot_EndsTheCallOnceAndCarriesNothingOut(string tool, string end)
    {
        await using var scene = await ApprovalScene.StartAsync();
        var call = ApprovalScene.Call("call_1", tool, tool == "read" ? "{}" : """{"part":"pump","quantity":2}""");
        var events = new RunEvents("run_1").Created("ses_1", "usr_1");
        events.Own(RunEventTypes.UserMessage, """{"text":"Order two pumps"}""");
        events.Own(RunEventTypes.RunStarted, "{}");
        events.Own(RunEventTypes.AttemptSent, """{"attempt":1}""");
        events.Upstream(Frames.Created("resp_1"));
        events.Upstream(call);
        events.Upstream(Frames.Completed("resp_1"));
        events.Tool(RunEventTypes.ToolRequested, "call_1", $$"""{"name":"{{tool}}"}""");
        if (tool != "read")
        {
            events.Tool(RunEventTypes.ApprovalRequested, "call_1", $$"""{"kind":"tool","name":"{{tool}}","timeout_ms":1800000}""");
            events.Tool(RunEventTypes.ApprovalApproved, "call_1", "{}");
        }

        events.Tool(RunEventTypes.ToolStarted, "call_1", $$"""{"name":"{{tool}}","deadline_ms":30000}""");
        events.Tool(RunEventTypes.SupervisorCancelledCall, "call_1", """{"reason":"wrong address"}""");
        await scene.Host.Database.Events.AppendAsync([new RunAppend(events.Summary, events.All)], CancellationToken.None);

        // Also who says that calls of unknown outcome may run again does not mean one that was cancelled.
        var owned = await scene.Host.Runs.RecoverAsync(CancellationToken.None);
        await scene.Host.Runs.ResumeAsync(owned, CancellationToken.None);
        if (owned.Count == 0)
        {
            Assert.IsType<CommandOutcome.Accepted>(
                await scene.Host.Runs.AskAsync("run_1", new RunCommand.Resume(Boss, RepeatUnknownTools: true), CancellationToken.None));
        }

        var (frame, after) = await scene.FinishAsync("run_1", await scene.Upstream.NextSocketAsync());

        Assert.Equal(0, scene.Read.Runs);
        Assert.Empty(scene.Order.Orders);
        Assert.Equal(end, Assert.Single(after, e => e is { CallId: "call_1", Payload: ToolEnded or ToolOutcomeUnknown }).Type);
        Assert.Single(after, e => e.Type == RunEventTypes.SupervisorCancelledCall);
        Assert.Single(after, e => e.Type == RunEventTypes.ToolStarted);
        Assert.Contains("wrong address", Assert.Single(ApprovalScene.Outputs(frame, "call_1")), StringComparison.Ordinal);
        Assert.Equal(RunEventTypes.RunCompleted, after[^1].Type);
        var late = await scene.Host.Runs.AskAsync("run_1", new RunCommand.CancelCall(Boss, "again", "call_1"), CancellationToken.None);
        Assert.IsNotType<CommandOutcome.Accepted>(late);
    }

    [Fact]
    public async Task CancelCall_OneThatWaitsForAnApproval_IsAnsweredWithoutIt()
    {
        await using var scene = await ApprovalScene.StartAsync();
        var (run, socket) = await scene.AskAsync(ApprovalScene.OrderCall());
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);
        Assert.IsType<CommandOutcome.Accepted>(
            await scene.Host.Runs.AskAsync(run.RunId, new RunCommand.CancelCall(Boss, "no budget", "call_1"), CancellationToken.None));
        var (frame, events) = await scene.FinishAsync(run.RunId, socket);

        Assert.Contains("no budget", Assert.Single(ApprovalScene.Outputs(frame, "call_1")), StringComparison.Ordinal);
        Assert.Empty(scene.Order.Orders);
        Assert.Equal(Boss, events.Single(e => e.Type == RunEventTypes.ApprovalDenied).Actor);
        Assert.Single(events, e => e.Type == RunEventTypes.RunResumed);
    }
}
