using Copilot.Tests.Runs.Actor.Approvals;
using System.Text.Json;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Upstream;
using static Copilot.Tests.Runs.Actor.Approvals.ApprovalScene;

namespace Copilot.Tests.Runs.Actor;

/// <summary>A run that was interrupted while a tool of the upstream's own was under way: nothing is carried out twice unless a person says so.</summary>
public sealed class HostedResumeTests
{
    private const string RequestId = "mcpr_1";

    private const string CallBegins =
        """{"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"id":"ci_1","type":"code_interpreter_call","status":"in_progress"}}""";

    [Fact]
    public async Task Interrupted_InAHostedCall_SaysWhichAndIsNotResumedByItself()
    {
        await using var scene = await ApprovalScene.StartAsync();
        var runId = await InterruptInCallAsync(scene);

        var safe = await scene.Host.Runs.RecoverAsync(CancellationToken.None);

        var interrupted = await scene.Host.SeeAsync(runId, RunEventTypes.RunInterrupted);
        Assert.Equal(["code_interpreter"], ((RunInterrupted)interrupted.Payload!).UnknownCalls);
        Assert.Empty(safe);
    }

    [Fact]
    public async Task Resume_WithoutRepeating_TellsTheModelThatTheOutcomeIsUnknown()
    {
        await using var scene = await ApprovalScene.StartAsync();
        var runId = await InterruptInCallAsync(scene);

        await ResumeAsync(scene, runId, repeat: false);
        var (frame, events) = await scene.FinishAsync(runId, await scene.Upstream.NextSocketAsync());

        Assert.Equal(["message", "message"], Types(frame));
        var note = frame.GetProperty("input")[1].GetProperty("content")[0].GetProperty("text").GetString();
        Assert.Contains("outcome of this call is unknown", note, StringComparison.Ordinal);
        Assert.Contains("code_interpreter", note, StringComparison.Ordinal);
        Assert.Equal("resp_1", events.Single(e => e.Type == RunEventTypes.AttemptSuperseded).Text("response_id"));
    }

    [Fact]
    public async Task Resume_Repeating_SendsTheSameInputAgain()
    {
        await using var scene = await ApprovalScene.StartAsync();
        var runId = await InterruptInCallAsync(scene);

        await ResumeAsync(scene, runId, repeat: true);
        var (frame, _) = await scene.FinishAsync(runId, await scene.Upstream.NextSocketAsync());

        Assert.Equal(["message"], Types(frame));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Resume_AfterAnApprovalWasSent_AllowsTheCallAgainOnlyIfAPersonSaysSo(bool repeat)
    {
        await using var scene = await ApprovalScene.StartAsync();
        var (runId, _) = await SendApprovalAsync(scene);
        await scene.Host.RestartAsync();
        var interrupted = await scene.Host.SeeAsync(runId, RunEventTypes.RunInterrupted);

        await ResumeAsync(scene, runId, repeat);
        var (frame, _) = await scene.FinishAsync(runId, await scene.Upstream.NextSocketAsync());

        Assert.Equal(["refund"], ((RunInterrupted)interrupted.Payload!).UnknownCalls);
        Assert.Equal(repeat, Approval(frame).GetProperty("approve").GetBoolean());
        Assert.Equal(repeat ? ["message", "mcp_approval_request", "mcp_approval_response"]
            : ["message", "mcp_approval_request", "mcp_approval_response", "message"], Types(frame));
    }

    [Fact]
    public async Task NextMessage_AfterARunWhoseApprovedCallWasLost_DoesNotAllowTheCallAgain()
    {
        await using var scene = await ApprovalScene.StartAsync();
        var (runId, socket) = await SendApprovalAsync(scene);
        socket.Cut();
        await scene.Host.SeeAsync(runId, RunEventTypes.RunFailed);
        await scene.Host.Runs.WhenIdleAsync().Soon("the run is let go");

        var next = await scene.Host.StartRunAsync("Did it work?");
        var (frame, _) = await scene.FinishAsync(next.RunId, await scene.Upstream.NextSocketAsync());

        Assert.False(Approval(frame).GetProperty("approve").GetBoolean());
        Assert.Equal(["message", "mcp_approval_request", "mcp_approval_response", "message", "message"], Types(frame));
    }

    private static async Task<string> InterruptInCallAsync(ApprovalScene scene)
    {
        var run = await scene.Host.StartRunAsync("Compute it");
        var socket = await scene.Upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Created("resp_1"), CallBegins);
        await scene.Host.SeeAsync(run.RunId, "response.output_item.added");
        await scene.Host.RestartAsync();
        return run.RunId;
    }

    private static async Task<(string RunId, ScriptedSocket Socket)> SendApprovalAsync(ApprovalScene scene)
    {
        var (run, socket) = await scene.AskAsync(McpRequest(RequestId));
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);
        await scene.ApproveAsync(run.RunId, callId: RequestId);
        await socket.ReceiveAsync();
        return (run.RunId, socket);
    }

    private static async Task ResumeAsync(ApprovalScene scene, string runId, bool repeat) => Assert.IsType<CommandOutcome.Accepted>(
        await scene.Host.Runs.AskAsync(runId, new RunCommand.Resume(RunHost.Owner, repeat), CancellationToken.None));

    private static JsonElement Approval(JsonElement frame) =>
        frame.GetProperty("input").EnumerateArray().Single(item => item.GetProperty("type").ValueEquals("mcp_approval_response"));

    private static IEnumerable<string?> Types(JsonElement frame) =>
        frame.GetProperty("input").EnumerateArray().Select(item => item.GetProperty("type").GetString());
}
