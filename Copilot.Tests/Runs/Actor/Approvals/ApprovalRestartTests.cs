using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;
using static Copilot.Tests.Runs.Actor.Approvals.ApprovalScene;

namespace Copilot.Tests.Runs.Actor.Approvals;

public sealed class ApprovalRestartTests
{
    [Fact]
    public async Task Restart_WhileWaiting_WaitsOnWithoutAskingTwice()
    {
        await using var scene = await StartAsync();
        var (run, _) = await scene.AskAsync(OrderCall());
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);
        scene.Clock.Advance(TimeSpan.FromMinutes(20));

        await RestartAsync(scene, run.RunId);
        await SeeAgainAsync(scene, run.RunId);
        Assert.IsType<CommandOutcome.Accepted>(await scene.ApproveAsync(run.RunId));
        var socket = await scene.Upstream.NextSocketAsync();
        var (frame, events) = await scene.FinishAsync(run.RunId, socket);

        Assert.Equal(new OrderPart("pump", 2), Assert.Single(scene.Order.Orders));
        Assert.Single(events, e => e.Type == RunEventTypes.ApprovalRequested);
        Assert.Equal(
            [RunEventTypes.RunInterrupted, RunEventTypes.RunResumed, RunEventTypes.RunWaiting, RunEventTypes.ApprovalApproved],
            ApprovalScene.Between(events, RunEventTypes.RunInterrupted, RunEventTypes.ApprovalApproved));
        Assert.Single(Outputs(frame, "call_1"));
    }

    [Fact]
    public async Task Restart_WhileWaiting_OnlyTheRestOfTheTimeIsLeft()
    {
        await using var scene = await StartAsync();
        var (run, _) = await scene.AskAsync(OrderCall());
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);
        scene.Clock.Advance(TimeSpan.FromMinutes(20));
        await RestartAsync(scene, run.RunId);
        await SeeAgainAsync(scene, run.RunId);

        scene.Clock.Advance(TimeSpan.FromMinutes(10));
        var socket = await scene.Upstream.NextSocketAsync();
        var (frame, events) = await scene.FinishAsync(run.RunId, socket);

        var asked = events.Single(e => e.Type == RunEventTypes.ApprovalRequested).At;
        Assert.Equal(TimeSpan.FromMinutes(30), events.Single(e => e.Type == RunEventTypes.ApprovalExpired).At - asked);
        Assert.Single(Outputs(frame, "call_1"));
    }

    [Fact]
    public async Task Restart_TimeOverWhileTheServerWasDown_Expires()
    {
        await using var scene = await StartAsync();
        var (run, _) = await scene.AskAsync(OrderCall());
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);
        await scene.Host.RestartAsync();
        scene.Clock.Advance(TimeSpan.FromHours(2));

        await GoOnAsync(scene, run.RunId);
        var socket = await scene.Upstream.NextSocketAsync();
        var (frame, _) = await scene.FinishAsync(run.RunId, socket);

        Assert.Contains("nobody decided within 30 minutes", Assert.Single(Outputs(frame, "call_1")), StringComparison.Ordinal);
        Assert.Empty(scene.Order.Orders);
    }

    [Fact]
    public async Task Kill_WhileWaiting_TheCopyOfTheFilesWaitsOn()
    {
        await using var scene = await StartAsync();
        var (run, _) = await scene.AskAsync(OrderCall());
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        await using var killed = RunHost.Over(await scene.Host.Database.CopyAfterKillAsync());
        Assert.Equal([run.RunId], await killed.Runs.RecoverAsync(CancellationToken.None));
        await killed.Runs.ResumeAsync([run.RunId], CancellationToken.None);
        await killed.SeeTimesAsync(run.RunId, RunEventTypes.RunWaiting, 2);
        Assert.IsType<CommandOutcome.Accepted>(
            await killed.Runs.AskAsync(run.RunId, new RunCommand.Deny(Supervisor, "call_1", null), CancellationToken.None));
        var socket = await scene.Upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer("resp_2", "done"));

        var events = await killed.RestAsync(run.RunId, RunEventTypes.RunCompleted);
        Assert.Single(events, e => e.Type == RunEventTypes.ApprovalRequested);
    }

    [Fact]
    public async Task Restart_AfterAnEditedApproval_StillTellsTheModel()
    {
        await using var scene = await StartAsync();
        var gate = new TaskCompletionSource();
        scene.Order.Gate = gate.Task;
        var (run, _) = await scene.AskAsync(OrderCall());
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);
        await scene.ApproveAsync(run.RunId, """{"part":"pump","quantity":1}""");
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.ToolStarted);

        // It has started and has effects: nobody knows whether it happened, so a person resumes it.
        await scene.Host.RestartAsync();
        scene.Order.Gate = Task.CompletedTask;
        gate.SetResult();
        Assert.Empty(await scene.Host.Runs.RecoverAsync(CancellationToken.None));
        await scene.Host.Runs.AskAsync(run.RunId, new RunCommand.Resume(RunHost.Owner, RepeatUnknownTools: true), CancellationToken.None);
        var socket = await scene.Upstream.NextSocketAsync();
        var (frame, events) = await scene.FinishAsync(run.RunId, socket);

        Assert.StartsWith("A person changed the arguments", Assert.Single(Outputs(frame, "call_1")), StringComparison.Ordinal);
        Assert.Equal(1, scene.Order.Orders[^1].Quantity);
        Assert.Single(events, e => e.Type == RunEventTypes.ApprovalRequested);
    }

    [Theory]
    [InlineData(RunEventTypes.ApprovalDenied, "a person did not allow it", 0)]
    [InlineData(RunEventTypes.ApprovalExpired, "nobody decided within 30 minutes", 0)]
    [InlineData(RunEventTypes.ApprovalApproved, "Ordered 2 of pump.", 1)]
    public async Task Kill_RightAfterADecision_GoesByItOnce(string decision, string told, int orders)
    {
        await using var scene = await StartAsync();
        var events = new RunEvents("run_1").Created("ses_1", "usr_1");
        events.Own(RunEventTypes.UserMessage, """{"text":"Order two pumps"}""");
        events.Own(RunEventTypes.RunStarted, "{}");
        events.Own(RunEventTypes.AttemptSent, """{"attempt":1}""");
        events.Upstream(Frames.Created("resp_1"));
        events.Upstream(OrderCall());
        events.Upstream(Frames.Completed("resp_1"));
        events.Tool(RunEventTypes.ToolRequested, "call_1", """{"name":"orders_place"}""");
        events.Tool(RunEventTypes.ApprovalRequested, "call_1", """{"kind":"tool","name":"orders_place","timeout_ms":1800000}""");
        events.Own(RunEventTypes.RunWaiting, "{}");
        events.Tool(decision, "call_1", "{}");
        await scene.Host.Database.Events.AppendAsync([new RunAppend(events.Summary, events.All)], CancellationToken.None);

        await GoOnAsync(scene, "run_1");
        var socket = await scene.Upstream.NextSocketAsync();
        var (frame, after) = await scene.FinishAsync("run_1", socket);

        Assert.Contains(told, Assert.Single(Outputs(frame, "call_1")), StringComparison.Ordinal);
        Assert.Equal(orders, scene.Order.Orders.Count);
        Assert.Single(after, e => e.Type == decision);
        Assert.Single(after, e => e.Type == RunEventTypes.RunWaiting);
    }

    private static async Task RestartAsync(ApprovalScene scene, string runId)
    {
        await scene.Host.RestartAsync();
        await GoOnAsync(scene, runId);
    }

    private static async Task GoOnAsync(ApprovalScene scene, string runId)
    {
        Assert.Equal([runId], await scene.Host.Runs.RecoverAsync(CancellationToken.None));
        await scene.Host.Runs.ResumeAsync([runId], CancellationToken.None);
    }

    private static Task<RunEvent> SeeAgainAsync(ApprovalScene scene, string runId) =>
        scene.Host.SeeTimesAsync(runId, RunEventTypes.RunWaiting, 2);
}
