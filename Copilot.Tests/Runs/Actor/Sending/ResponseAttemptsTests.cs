using System.Text.Json;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Actor;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Runs.Actor.Sending;

/// <summary>One response, attempt by attempt.</summary>
public sealed class ResponseAttemptsTests
{
    [Fact]
    public async Task Respond_Answered_ReturnsWithItsEndAndCostRecorded()
    {
        await using var scene = await RunPartsScene.StartAsync(_ => { });
        var responding = scene.Attempts.RespondAsync(scene.Settings);
        await AnswerAsync(scene, Frames.Answer("resp_1", "In Leeds."));

        await responding.Soon("the response");

        Assert.Equal(
            [
                RunEventTypes.TransportConnecting, RunEventTypes.TransportConnected, RunEventTypes.AttemptSent, "response.created",
                "response.output_text.delta", "response.output_item.done", "response.completed", RunEventTypes.CostRecorded,
            ],
            await scene.TypesAsync());
        Assert.True(scene.Recorder.Input.HasFinalAnswer);
    }

    [Fact]
    public async Task Respond_Twice_TheSecondContinuesTheFirst()
    {
        await using var scene = await RunPartsScene.StartAsync(_ => { });
        var first = scene.Attempts.RespondAsync(scene.Settings);
        var socket = await AnswerAsync(scene, Frames.Calls("resp_1", ("call_1", "look")));
        await first.Soon("the first response");
        scene.Recorder.Record(new ToolCompleted("look", "In Leeds.", TimeSpan.Zero), "call_1");

        var second = scene.Attempts.RespondAsync(scene.Settings);
        var frame = JsonDocument.Parse(await socket.ReceiveAsync()).RootElement;
        await socket.SendAsync(Frames.Answer("resp_2", "In Leeds."));
        await second.Soon("the second response");

        Assert.Equal("resp_1", frame.GetProperty("previous_response_id").GetString());
        Assert.Equal(2, scene.Recorder.Attempts);
    }

    [Fact]
    public async Task Respond_UpstreamFailsOnce_IsSentAgainOnANewSocket()
    {
        await using var scene = await RunPartsScene.StartAsync(_ => { });
        var responding = scene.Attempts.RespondAsync(scene.Settings);
        await AnswerAsync(scene, Frames.Created("resp_1"), """{"type":"error","status":500,"error":{"message":"It broke."}}""");
        await AnswerAsync(scene, Frames.Answer("resp_2", "In Leeds."));

        await responding.Soon("the response");

        var events = await scene.EventsAsync();
        Assert.Equal("server-error", events.Only(RunEventTypes.AttemptRetryScheduled).Text("row"));
        Assert.Equal("resp_1", events.Only(RunEventTypes.AttemptSuperseded).Text("response_id"));
        Assert.Equal(2, scene.Upstream.Upgrades);
    }

    [Fact]
    public async Task Respond_ErrorThatStays_EndsTheRunWithItsCode()
    {
        await using var scene = await RunPartsScene.StartAsync(_ => { });
        var responding = scene.Attempts.RespondAsync(scene.Settings);
        await AnswerAsync(scene, """{"type":"error","status":400,"error":{"code":"invalid_prompt","message":"No."}}""");

        var end = (await Assert.ThrowsAsync<RunEndingException>(() => responding.Soon("the end"))).End;

        Assert.Equal("invalid_prompt", Assert.IsType<RunEnd.Failed>(end).Error.Code);
        Assert.Null(scene.Line.Transport);
        Assert.Equal(RunEventTypes.TransportClosed, (await scene.TypesAsync()).Last());
    }

    [Fact]
    public async Task Respond_Incomplete_IsAResponse()
    {
        await using var scene = await RunPartsScene.StartAsync(_ => { });
        var responding = scene.Attempts.RespondAsync(scene.Settings);
        await AnswerAsync(
            scene,
            Frames.Created("resp_1"),
            Frames.Message("In"),
            """{"type":"response.incomplete","response":{"id":"resp_1","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}}}""");

        await responding.Soon("the response");

        Assert.Equal("max_output_tokens", scene.Recorder.Input.IncompleteReason);
        Assert.Equal(1, scene.Recorder.Attempts);
    }

    [Fact]
    public async Task Respond_PersonCutsTheWaitShort_IsSentAtOnce()
    {
        await using var scene = await RunPartsScene.StartAsync(options => options.MaxRetryWait = TimeSpan.FromHours(2));
        var responding = scene.Attempts.RespondAsync(scene.Settings);
        await AnswerAsync(scene, """{"type":"error","status":429,"error":{"code":"rate_limit_exceeded","message":"Later.","retry_after":3600}}""");
        await scene.Host.SeeAsync(RunPartsScene.RunId, RunEventTypes.AttemptRetryScheduled);
        var asked = new RunMessage.Asked(new RunCommand.RetryNow(RunHost.Owner));
        scene.Post(asked);
        await AnswerAsync(scene, Frames.Answer("resp_2", "In Leeds."));

        await responding.Soon("the response");

        Assert.Equal(new CommandOutcome.Accepted(), await asked.Answer.Soon("the person is answered"));
        Assert.Equal("rate-limited", (await scene.EventsAsync()).Only(RunEventTypes.AttemptRetryScheduled).Text("row"));
    }

    [Fact]
    public async Task Respond_UpstreamRefusesAnExtra_IsLeftOutFromThenOn()
    {
        await using var scene = await RunPartsScene.StartAsync(_ => { });
        var responding = scene.Attempts.RespondAsync(scene.Settings);
        await AnswerAsync(
            scene, """{"type":"error","status":400,"error":{"code":"unsupported_parameter","message":"Unknown parameter.","param":"prompt_cache_key"}}""");
        var socket = await scene.Upstream.NextSocketAsync();
        var again = JsonDocument.Parse(await socket.ReceiveAsync()).RootElement;
        await socket.SendAsync(Frames.Answer("resp_2", "In Leeds."));

        await responding.Soon("the response");

        Assert.False(again.TryGetProperty("prompt_cache_key", out _));
        Assert.Equal("extra-refused", (await scene.EventsAsync()).Only(RunEventTypes.AttemptRetryScheduled).Text("row"));
    }

    /// <summary>Takes the next socket and its request, and answers.</summary>
    private static async Task<ScriptedSocket> AnswerAsync(RunPartsScene scene, params string[] frames)
    {
        var socket = await scene.Upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(frames);
        return socket;
    }
}
