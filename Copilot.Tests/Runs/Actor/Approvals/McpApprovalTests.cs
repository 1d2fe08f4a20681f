using System.Text.Json;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Input;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;
using static Copilot.Tests.Runs.Actor.Approvals.ApprovalScene;

namespace Copilot.Tests.Runs.Actor.Approvals;

public sealed class McpApprovalTests
{
    private const string RequestId = "mcpr_1";

    [Fact]
    public async Task Approve_AnMcpRequest_AnswersItInTheNextDelta()
    {
        await using var scene = await StartAsync();
        var (run, socket) = await scene.AskAsync(McpRequest(RequestId));
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        Assert.IsType<CommandOutcome.Accepted>(await scene.ApproveAsync(run.RunId, callId: RequestId));
        var (frame, events) = await scene.FinishAsync(run.RunId, socket);

        Assert.Equal("resp_1", frame.GetProperty("previous_response_id").GetString());
        Assert.Equal(
            """[{"type":"mcp_approval_response","approval_request_id":"mcpr_1","approve":true}]""",
            frame.GetProperty("input").GetRawText());
        var requested = events.Single(e => e.Type == RunEventTypes.ApprovalRequested);
        Assert.Equal("mcp", requested.Text("kind"));
        Assert.Equal("refund", requested.Text("name"));
        Assert.Equal("billing", requested.Text("server_label"));
        Assert.Equal("""{"amount":12}""", requested.Text("arguments"));
        Assert.Equal(RequestId, requested.CallId);
        Assert.DoesNotContain(events, e => e.Type.StartsWith("tool.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Approve_ThenTheSocketIsCutBeforeAnythingIsSeen_IsNotSentAgain()
    {
        await using var scene = await StartAsync();
        var (run, socket) = await scene.AskAsync(McpRequest(RequestId));
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);
        await scene.ApproveAsync(run.RunId, callId: RequestId);
        await socket.ReceiveAsync();
        socket.Cut();
        var events = await scene.Host.RestAsync(run.RunId);

        Assert.Equal("run.failed", events[^1].Type);
        Assert.Equal("outcome_unknown", events[^1].Text("code"));
        Assert.Equal(1, scene.Upstream.Upgrades);
    }

    [Fact]
    public async Task Approve_ThenTheRequestIsRefused_IsSentAgain()
    {
        await using var scene = await StartAsync();
        var (run, socket) = await scene.AskAsync(McpRequest(RequestId));
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);
        await scene.ApproveAsync(run.RunId, callId: RequestId);
        await socket.ReceiveAsync();
        await socket.SendAsync("""{"type":"error","status":400,"error":{"type":"invalid_request_error","code":"previous_response_not_found","message":"Previous response with id 'resp_1' not found.","param":"previous_response_id"}}""");
        var (frame, events) = await scene.FinishAsync(run.RunId, await scene.Upstream.NextSocketAsync());

        Assert.Equal("mcp_approval_response", frame.GetProperty("input").EnumerateArray().Last().GetProperty("type").GetString());
        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
    }

    [Fact]
    public async Task Deny_AnMcpRequest_GivesTheReason()
    {
        await using var scene = await StartAsync();
        var (run, socket) = await scene.AskAsync(McpRequest(RequestId));
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        await scene.DenyAsync(run.RunId, "too much", RequestId);
        var (frame, _) = await scene.FinishAsync(run.RunId, socket);

        Assert.Equal(
            """[{"type":"mcp_approval_response","approval_request_id":"mcpr_1","approve":false,"reason":"too much"}]""",
            frame.GetProperty("input").GetRawText());
    }

    [Fact]
    public async Task Approve_WithEditedArguments_IsRefusedAndStillWaits()
    {
        await using var scene = await StartAsync();
        var (run, _) = await scene.AskAsync(McpRequest(RequestId));
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        var refused = Assert.IsType<CommandOutcome.InvalidArguments>(await scene.ApproveAsync(run.RunId, """{"amount":1}""", RequestId));

        Assert.Contains("cannot be changed", Assert.Single(refused.Errors).Message, StringComparison.Ordinal);
        Assert.IsType<CommandOutcome.Accepted>(await scene.ApproveAsync(run.RunId, callId: RequestId));
    }

    [Fact]
    public async Task Expiry_OfAnMcpRequest_DeniesIt()
    {
        await using var scene = await StartAsync();
        var (run, socket) = await scene.AskAsync(McpRequest(RequestId));
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        scene.Clock.Advance(TimeSpan.FromMinutes(30));
        var (frame, _) = await scene.FinishAsync(run.RunId, socket);

        Assert.Equal(
            """[{"type":"mcp_approval_response","approval_request_id":"mcpr_1","approve":false,"reason":"Nobody decided in time."}]""",
            frame.GetProperty("input").GetRawText());
    }

    [Fact]
    public async Task FullInput_AfterTheSocketWasLost_HasRequestAndAnswerOnce()
    {
        await using var scene = await StartAsync();
        var (run, socket) = await scene.AskAsync(McpRequest(RequestId), OrderCall("call_1"));
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        socket.Cut();
        await socket.ClosedByClient;
        await scene.ApproveAsync(run.RunId, callId: RequestId);
        await scene.DenyAsync(run.RunId);
        var next = await scene.Upstream.NextSocketAsync();
        var (frame, _) = await scene.FinishAsync(run.RunId, next);

        Assert.Equal(
            ["message", "mcp_approval_request", "function_call", "mcp_approval_response", "function_call_output"],
            frame.GetProperty("input").EnumerateArray().Select(item => item.GetProperty("type").GetString()));
        Assert.Equal(RequestId, frame.GetProperty("input")[1].GetProperty("id").GetString());
    }

    [Fact]
    public async Task Stop_WhileAnMcpRequestWaits_DeniesItSoThatTheConversationGoesOn()
    {
        await using var scene = await StartAsync();
        var (run, _) = await scene.AskAsync(McpRequest(RequestId));
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);
        await scene.Host.Runs.AskAsync(run.RunId, new RunCommand.Stop(RunHost.Owner, null), CancellationToken.None);
        await scene.Host.RestAsync(run.RunId);

        var next = await scene.Host.StartRunAsync("And now?");
        var socket = await scene.Upstream.NextSocketAsync();
        var (frame, _) = await scene.FinishAsync(next.RunId, socket);

        var answer = frame.GetProperty("input").EnumerateArray().Single(item => item.GetProperty("type").ValueEquals("mcp_approval_response"));
        Assert.Equal(
            """{"type":"mcp_approval_response","approval_request_id":"mcpr_1","approve":false,"reason":"The run was stopped before anybody decided."}""",
            answer.GetRawText());
    }

    [Fact]
    public void Close_UnansweredRequest_DeniesIt()
    {
        var events = new RunEvents("run_1").Created("ses_1", "usr_1");
        events.Upstream(Frames.Created("resp_1"));
        events.Upstream(McpRequest(RequestId));
        events.Upstream(Frames.Completed("resp_1"));
        var fold = new InputFold(store: false);
        foreach (var e in events.All)
        {
            fold.Apply(e);
        }

        Assert.Equal("billing", Assert.Single(fold.Unanswered).ServerLabel);
        Assert.False(fold.HasFinalAnswer);

        using var answer = JsonDocument.Parse(fold.Close()[^1].Json);
        Assert.Equal("mcp_approval_response", answer.RootElement.GetProperty("type").GetString());
        Assert.False(answer.RootElement.GetProperty("approve").GetBoolean());
    }

    [Fact]
    public void Apply_RequestOfACutResponse_DoesNotCount()
    {
        var events = new RunEvents("run_1").Created("ses_1", "usr_1");
        events.Upstream(Frames.Created("resp_1"));
        events.Upstream(McpRequest(RequestId));
        events.Own(RunEventTypes.AttemptSuperseded, """{"response_id":"resp_1","reason":"cut"}""");
        var fold = new InputFold(store: false);
        foreach (var e in events.All)
        {
            fold.Apply(e);
        }

        Assert.Empty(fold.Unanswered);
        Assert.Empty(fold.Close());
    }
}
