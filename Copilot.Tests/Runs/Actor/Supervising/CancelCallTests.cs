using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Runs.Actor.Approvals;
using Copilot.Tests.Shared;
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
