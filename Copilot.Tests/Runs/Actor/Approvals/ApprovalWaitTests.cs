using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared.Hosts;
using static Copilot.Tests.Runs.Actor.Approvals.ApprovalScene;

namespace Copilot.Tests.Runs.Actor.Approvals;

/// <summary>Runs that wait for a person: how long, beside what, and what ends it.</summary>
public sealed class ApprovalWaitTests
{
    [Fact]
    public async Task Expiry_NobodyDecides_TellsTheModelAndGoesOn()
    {
        await using var scene = await StartAsync(options => options.ApprovalTimeouts["orders_place"] = TimeSpan.FromMinutes(5));
        var (run, socket) = await scene.AskAsync(OrderCall());
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        scene.Clock.Advance(TimeSpan.FromMinutes(5));
        var (frame, events) = await scene.FinishAsync(run.RunId, socket);

        Assert.Empty(scene.Order.Orders);
        Assert.Equal(
            "This call was not carried out: it needs a person's approval, and nobody decided within 5 minutes. Go on without it, or say that it is still open.",
            Assert.Single(Outputs(frame, "call_1")));
        Assert.Equal(
            [RunEventTypes.ApprovalExpired, RunEventTypes.ToolDenied, RunEventTypes.RunResumed],
            Between(events, RunEventTypes.ApprovalExpired, RunEventTypes.RunResumed));
        var late = Assert.IsType<CommandOutcome.AlreadyDecided>(await scene.ApproveAsync(run.RunId));
        Assert.Equal(ApprovalAnswer.Expired, late.Decision.Answer);
        Assert.Null(late.Decision.Actor);
    }

    [Fact]
    public async Task Waiting_LongerThanTheRunMayTake_DoesNotUseUpTheRunsTime()
    {
        await using var scene = await StartAsync(options => options.ApprovalTimeout = TimeSpan.FromHours(10));
        var (run, socket) = await scene.AskAsync(OrderCall());
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        // The socket is too old by then; the run gets another one, which the limit of 60 minutes would forbid.
        scene.Clock.Advance(TimeSpan.FromHours(9));
        await scene.ApproveAsync(run.RunId);
        var next = await scene.Upstream.NextSocketAsync();
        var (frame, _) = await scene.FinishAsync(run.RunId, next);

        Assert.Equal(1000, await socket.ClosedByClient);
        Assert.Equal("Ordered 2 of pump.", Assert.Single(Outputs(frame, "call_1")));
    }

    [Fact]
    public async Task Stop_WhileWaiting_CancelsTheCallAndTheRun()
    {
        await using var scene = await StartAsync();
        var (run, socket) = await scene.AskAsync(OrderCall());
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        await scene.Host.Runs.AskAsync(run.RunId, new RunCommand.Stop(RunHost.Owner, null), CancellationToken.None);
        var events = await scene.Host.RestAsync(run.RunId);

        Assert.Equal(
            [RunEventTypes.RunWaiting, RunEventTypes.ToolCancelled, RunEventTypes.TransportClosed, RunEventTypes.RunCancelled],
            Between(events, RunEventTypes.RunWaiting, RunEventTypes.RunCancelled));
        Assert.Equal(1000, await socket.ClosedByClient);
        Assert.Empty(scene.Order.Orders);
        Assert.IsType<CommandOutcome.NotPossible>(await scene.ApproveAsync(run.RunId));
        Assert.Empty((await scene.Host.Database.Events.FindAsync(run.RunId, CancellationToken.None))!.PendingApprovals);
    }

    [Fact]
    public async Task Round_WithOtherCalls_RunsThemWhileOneWaits()
    {
        await using var scene = await StartAsync();
        var (run, socket) = await scene.AskAsync(OrderCall(), Call("call_2", "read", "", 1));

        // The waiting call is asked about first, and the other one ends nevertheless.
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.ToolCompleted);
        var summary = await scene.Host.Database.Events.FindAsync(run.RunId, CancellationToken.None);
        Assert.Equal(RunStatus.Waiting, summary!.Status);
        Assert.Equal("call_1", summary.PendingApprovals.Single().CallId);
        Assert.Equal("orders_place", summary.PendingApprovals.Single().Name);

        await scene.DenyAsync(run.RunId);
        var (frame, _) = await scene.FinishAsync(run.RunId, socket);
        Assert.Equal("seven", Assert.Single(Outputs(frame, "call_2")));
        Assert.Single(Outputs(frame, "call_1"));
    }

    [Fact]
    public async Task Round_TwoWaitingCalls_ResumesAfterTheLastDecision()
    {
        await using var scene = await StartAsync();
        var (run, socket) = await scene.AskAsync(OrderCall(), OrderCall("call_2", 3));
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        await scene.ApproveAsync(run.RunId, callId: "call_2");
        Assert.Equal(RunStatus.Waiting, (await scene.Host.Database.Events.FindAsync(run.RunId, CancellationToken.None))!.Status);
        await scene.ApproveAsync(run.RunId);
        var (frame, events) = await scene.FinishAsync(run.RunId, socket);

        Assert.Equal([3, 2], scene.Order.Orders.Select(order => order.Quantity));
        Assert.Single(events, e => e.Type == RunEventTypes.RunWaiting);
        Assert.Single(events, e => e.Type == RunEventTypes.RunResumed);
        Assert.Single(Outputs(frame, "call_1"));
        Assert.Single(Outputs(frame, "call_2"));
    }

    [Fact]
    public async Task Request_ArgumentsThatCannotBeUsed_AsksNobody()
    {
        await using var scene = await StartAsync();
        var (run, socket) = await scene.AskAsync(OrderCall(quantity: 99));

        var (frame, events) = await scene.FinishAsync(run.RunId, socket);

        Assert.StartsWith("The argument 'quantity' must be", Assert.Single(Outputs(frame, "call_1")), StringComparison.Ordinal);
        Assert.DoesNotContain(events, e => e.Type == RunEventTypes.ApprovalRequested);
    }

    [Fact]
    public async Task Configuration_RequiresApprovalOfATool_AsksForItToo()
    {
        await using var scene = await StartAsync(options => options.RequireApproval.Add("read"));
        var (run, socket) = await scene.AskAsync(Call("call_1", "read", ""));
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);
        Assert.Equal(0, scene.Read.Runs);

        await scene.ApproveAsync(run.RunId);
        var (frame, _) = await scene.FinishAsync(run.RunId, socket);

        Assert.Equal("seven", Assert.Single(Outputs(frame, "call_1")));
    }

    [Fact]
    public async Task FullInput_AfterTheSocketWasLostWhileWaiting_HasOneOutput()
    {
        await using var scene = await StartAsync();
        var (run, socket) = await scene.AskAsync(OrderCall());
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        socket.Cut();
        await socket.ClosedByClient;
        await scene.ApproveAsync(run.RunId);
        var next = await scene.Upstream.NextSocketAsync();
        var (frame, _) = await scene.FinishAsync(run.RunId, next);

        Assert.False(frame.TryGetProperty("previous_response_id", out _));
        Assert.Equal(["message", "function_call", "function_call_output"], frame.GetProperty("input").EnumerateArray().Select(item => item.GetProperty("type").GetString()));
        Assert.Single(Outputs(frame, "call_1"));
    }
}
