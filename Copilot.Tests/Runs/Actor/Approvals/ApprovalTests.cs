using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Upstream;
using static Copilot.Tests.Runs.Actor.Approvals.ApprovalScene;

namespace Copilot.Tests.Runs.Actor.Approvals;

/// <summary>What a person decides about a call.</summary>
public sealed class ApprovalTests
{
    [Fact]
    public async Task Approve_WaitingCall_RunsItAndRecordsWhoAllowedIt()
    {
        await using var scene = await StartAsync();
        var (run, socket) = await scene.AskAsync(OrderCall());
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);
        Assert.Empty(scene.Order.Orders);

        Assert.IsType<CommandOutcome.Accepted>(await scene.ApproveAsync(run.RunId));
        var (frame, events) = await scene.FinishAsync(run.RunId, socket);

        Assert.Equal(new OrderPart("pump", 2), Assert.Single(scene.Order.Orders));
        Assert.Equal("Ordered 2 of pump.", Assert.Single(Outputs(frame, "call_1")));
        Assert.Equal("resp_1", frame.GetProperty("previous_response_id").GetString());
        Assert.Equal(
            [
                RunEventTypes.ToolRequested, RunEventTypes.ApprovalRequested, RunEventTypes.RunWaiting, RunEventTypes.ApprovalApproved,
                RunEventTypes.RunResumed, RunEventTypes.ToolStarted, RunEventTypes.ToolCompleted,
            ],
            Between(events, RunEventTypes.ToolRequested, RunEventTypes.ToolCompleted));
        var approved = events.Single(e => e.Type == RunEventTypes.ApprovalApproved);
        Assert.Equal(RunHost.Owner, approved.Actor);
        Assert.Equal("call_1", approved.CallId);
        Assert.Null(approved.Text("arguments"));
        var requested = events.Single(e => e.Type == RunEventTypes.ApprovalRequested);
        Assert.Equal("tool", requested.Text("kind"));
        Assert.Equal("orders_place", requested.Text("name"));
        Assert.Equal(1_800_000L, requested.Number("timeout_ms"));
        Assert.Equal("""{"part":"pump","quantity":2}""", requested.Text("arguments"));
    }

    [Fact]
    public async Task Approve_WithEditedArguments_RunsTheseAndTellsTheModel()
    {
        await using var scene = await StartAsync();
        var (run, socket) = await scene.AskAsync(OrderCall());
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        Assert.IsType<CommandOutcome.Accepted>(await scene.ApproveAsync(run.RunId, """{"part":"pump","quantity":1}"""));
        var (frame, events) = await scene.FinishAsync(run.RunId, socket);

        Assert.Equal(new OrderPart("pump", 1), Assert.Single(scene.Order.Orders));
        Assert.Equal(
            "A person changed the arguments before they approved this call. It was carried out with "
            + """{"part":"pump","quantity":1}""" + " and with nothing else. Result:\nOrdered 1 of pump.",
            Assert.Single(Outputs(frame, "call_1")));
        Assert.Equal("""{"part":"pump","quantity":1}""", events.Single(e => e.Type == RunEventTypes.ApprovalApproved).Text("arguments"));
    }

    [Fact]
    public async Task Approve_SameArgumentsWrittenDifferently_CountAsUnchanged()
    {
        await using var scene = await StartAsync();
        var (run, socket) = await scene.AskAsync(OrderCall());
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        await scene.ApproveAsync(run.RunId, """{ "quantity": 2, "part": "pump" }""");
        var (frame, _) = await scene.FinishAsync(run.RunId, socket);

        Assert.Equal("Ordered 2 of pump.", Assert.Single(Outputs(frame, "call_1")));
    }

    [Theory]
    [InlineData("""{"part":"pump","quantity":11}""", "The argument 'quantity' must be a whole number from 1 to 10, but it is 11.")]
    [InlineData("""{"part":"a name that is far too long for this"}""", "The argument 'part' must be a text of 0 to 20 characters")]
    [InlineData("""{"part":"pump","quantity":1,"discount":5}""", "There is no argument 'discount'")]
    [InlineData("""[1]""", "The arguments are not a JSON object.")]
    [InlineData("""{"part":""", "The arguments are not valid JSON.")]
    public async Task Approve_BadEdit_SaysWhatIsWrongAndTheCallStillWaits(string edited, string error)
    {
        await using var scene = await StartAsync();
        var (run, socket) = await scene.AskAsync(OrderCall());
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        var refused = Assert.IsType<CommandOutcome.InvalidArguments>(await scene.ApproveAsync(run.RunId, edited));
        Assert.StartsWith(error, refused.Errors[0].Message, StringComparison.Ordinal);

        Assert.IsType<CommandOutcome.Accepted>(await scene.ApproveAsync(run.RunId));
        var (_, events) = await scene.FinishAsync(run.RunId, socket);
        Assert.Equal(new OrderPart("pump", 2), Assert.Single(scene.Order.Orders));
        Assert.Single(events, e => e.Type.StartsWith("approval.", StringComparison.Ordinal) && e.Type != RunEventTypes.ApprovalRequested);
    }

    [Fact]
    public async Task Deny_WithReason_TellsTheModelAndRunsNothing()
    {
        await using var scene = await StartAsync();
        var (run, socket) = await scene.AskAsync(OrderCall());
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        Assert.IsType<CommandOutcome.Accepted>(await scene.DenyAsync(run.RunId, "we have enough"));
        var (frame, events) = await scene.FinishAsync(run.RunId, socket);

        Assert.Empty(scene.Order.Orders);
        Assert.Equal(
            "This call was not carried out: a person did not allow it. They said: we have enough. Do not try it again unless you are asked to.",
            Assert.Single(Outputs(frame, "call_1")));
        var denied = events.Single(e => e.Type == RunEventTypes.ApprovalDenied);
        Assert.Equal(Supervisor, denied.Actor);
        Assert.Equal(EventSource.Supervisor, denied.Source);
        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
    }

    [Fact]
    public async Task Deny_ThreeRoundsInARow_IsNotAFailureOfTheTools()
    {
        await using var scene = await StartAsync();
        var (run, socket) = await scene.AskAsync(OrderCall());
        for (var round = 1; round <= 3; round++)
        {
            var callId = $"call_{round}";
            await ReadCallAsync(scene, run.RunId, callId);
            Assert.IsType<CommandOutcome.Accepted>(await scene.DenyAsync(run.RunId, callId: callId));
            await socket.ReceiveAsync();
            await socket.SendAsync(round < 3
                ? [Frames.Created($"resp_{round + 1}"), OrderCall($"call_{round + 1}"), Frames.Completed($"resp_{round + 1}")]
                : Frames.Answer("resp_4", "then not"));
        }

        Assert.Equal(RunEventTypes.RunCompleted, (await scene.Host.RestAsync(run.RunId))[^1].Type);
    }

    [Fact]
    public async Task Decide_TwoPeopleAtOnce_TheFirstStandsAndTheSecondHearsOfIt()
    {
        await using var scene = await StartAsync();
        var (run, socket) = await scene.AskAsync(OrderCall());
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        var outcomes = await Task.WhenAll(scene.ApproveAsync(run.RunId), scene.DenyAsync(run.RunId, "no"));
        var (frame, events) = await scene.FinishAsync(run.RunId, socket);

        Assert.Single(outcomes, outcome => outcome is CommandOutcome.Accepted);
        var second = Assert.Single(outcomes.OfType<CommandOutcome.AlreadyDecided>()).Decision;
        var made = events.Single(e => e.Type is RunEventTypes.ApprovalApproved or RunEventTypes.ApprovalDenied);
        Assert.Equal(made.Actor, second.Actor);
        Assert.Equal(made.At, second.At);
        Assert.Single(Outputs(frame, "call_1"));

        // Also later, when the run rests and only its log knows.
        var late = Assert.IsType<CommandOutcome.AlreadyDecided>(await scene.DenyAsync(run.RunId));
        Assert.Equal(made.Actor, late.Decision.Actor);
    }

    [Fact]
    public async Task Decide_UnknownRunOrCall_IsNotFound()
    {
        await using var scene = await StartAsync();
        var (run, _) = await scene.AskAsync(OrderCall());
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        Assert.IsType<CommandOutcome.NotFound>(await scene.ApproveAsync("run_none"));
        Assert.IsType<CommandOutcome.NotFound>(await scene.ApproveAsync(run.RunId, callId: "call_9"));
    }

    private static async Task ReadCallAsync(ApprovalScene scene, string runId, string callId)
    {
        var seen = false;
        await foreach (var batch in scene.Host.Feed.FollowAsync(runId, 0, CancellationToken.None))
        {
            foreach (var e in batch)
            {
                seen |= e.Type == RunEventTypes.ApprovalRequested && e.CallId == callId;
                if (seen && e.Type == RunEventTypes.RunWaiting)
                {
                    return;
                }
            }
        }
    }
}
