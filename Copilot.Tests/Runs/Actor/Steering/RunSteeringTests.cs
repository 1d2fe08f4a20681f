using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Upstream;
using static Copilot.Tests.Runs.Actor.Steering.SteeringScene;

namespace Copilot.Tests.Runs.Actor.Steering;

/// <summary>Words for a response that is being generated, and the response that follows it unasked.</summary>
public sealed class RunSteeringTests
{
    [Fact]
    public async Task Steer_ResponseEndsEarly_TheUnaskedSuccessorIsTheRunsNextResponse()
    {
        await using var scene = await StartAsync(_ => { });
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Created("resp_1"), Frames.Delta("In"));
        await scene.Host.SeeAsync(scene.Run.RunId, "response.output_text.delta");

        var outcome = await scene.SayAsync("s1", "Keep it short.");
        var steer = Json(await socket.ReceiveAsync());
        await socket.SendAsync(Accepted("steer_1", "resp_1"), Steered("resp_1"));
        await socket.SendAsync(Frames.Calls("resp_2", ("call_1", "look")));
        scene.FinishTool();
        var next = await AnswerOnAsync(socket, "resp_3", "Leeds.");
        var events = await scene.RestAsync();

        Assert.Equal(new CommandOutcome.Accepted(), outcome);
        Assert.Equal(["type", "previous_response_id", "input"], steer.EnumerateObject().Select(member => member.Name));
        Assert.Equal("response.steer", steer.GetProperty("type").GetString());
        Assert.Equal("resp_1", steer.GetProperty("previous_response_id").GetString());
        Assert.Equal("Keep it short.", steer.GetProperty("input").GetString());
        Assert.Equal("resp_2", Previous(next));
        Assert.Equal("function_call_output", Assert.Single(InputOf(next)));
        Assert.Equal(["steer.requested", "steer.sent", "steer.delivered steer"], Fate(events, "s1"));
        Assert.Equal(2, events.Count(e => e.Type == RunEventTypes.AttemptSent));
        Assert.DoesNotContain(events, e => e.Type == RunEventTypes.AttemptSuperseded);
        var stored = (await scene.Host.Database.Events.FindAsync(scene.Run.RunId, CancellationToken.None))!;
        Assert.Equal(RunStatus.Completed, stored.Status);
        Assert.Equal("Leeds.", stored.OutputText);
        Assert.Null(stored.IncompleteReason);
        Assert.Equal(new ResponseUsage(30, 12, 15, 3), stored.Usage);
    }

    [Fact]
    public async Task Steer_ResponseCompletes_TheSuccessorFollowsAndAFullResendHasTheWordsBetweenThem()
    {
        await using var scene = await StartAsync(_ => { });
        var socket = await scene.SteerAsync("And the price?");
        await socket.SendAsync(Accepted("steer_1", "resp_1"), Frames.Message("In Leeds."), Frames.Completed("resp_1"));
        await socket.SendAsync(Frames.Calls("resp_2", ("call_1", "look")));
        await scene.Host.SeeAsync(scene.Run.RunId, RunEventTypes.ToolStarted);
        socket.Cut();
        scene.FinishTool();
        var full = await (await scene.Upstream.NextSocketAsync()).ReceiveAsync();

        Assert.Null(Previous(full));
        Assert.Equal([Question, "message", "And the price?", "function_call", "function_call_output"], InputOf(full));
    }

    [Fact]
    public async Task Steer_ResponseCallsTools_TheWordsWaitUpstreamAndAreNotInTheDelta()
    {
        await using var scene = await StartAsync(_ => { });
        var socket = await scene.SteerAsync("Only in Leeds.");
        await socket.SendAsync(
            Accepted("steer_1", "resp_1"), Frames.Call("call_1", "look", 0), Frames.Completed("resp_1"), Pending("steer_1", "resp_1"));
        scene.FinishTool();
        var delta = await socket.ReceiveAsync();
        socket.Cut();
        var full = await scene.AnswerAgainAsync("resp_2", "Leeds.");
        var events = await scene.RestAsync();

        Assert.Equal("resp_1", Previous(delta));
        Assert.Equal("function_call_output", Assert.Single(InputOf(delta)));
        Assert.Null(Previous(full));
        Assert.Equal([Question, "function_call", "Only in Leeds.", "function_call_output"], InputOf(full));
        Assert.Equal(["steer.requested", "steer.sent", "steer.delivered steer"], Fate(events, "s1"));
    }

    [Fact]
    public async Task Steer_ResponseIsCutShortWithACall_TheWordsAreAnsweredAndTheCallIsNotMade()
    {
        await using var scene = await StartAsync(options => options.Steering = SteeringChoice.Off);
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Created("resp_1"));
        await scene.SayAsync("s1", "Only in Leeds.");
        await socket.SendAsync(
            Frames.Call("call_1", "look", 0),
            """{"type":"response.incomplete","response":{"id":"resp_1","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}}}""");
        var next = await AnswerOnAsync(socket, "resp_2", "Leeds.");
        var events = await scene.RestAsync();

        Assert.Equal(0, scene.Tool.Runs);
        Assert.Contains("function_call_output", InputOf(next));
        Assert.Contains("Only in Leeds.", InputOf(next));
        Assert.Contains("cut short", events.Single(e => e.Type == RunEventTypes.ToolCancelled).Text("output"), StringComparison.Ordinal);
        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
    }

    [Fact]
    public async Task Steer_BeforeTheResponseHasBegun_IsSentOnceItHas()
    {
        await using var scene = await StartAsync(_ => { });
        var socket = await scene.NextAsync();
        await scene.SayAsync("s1", "Keep it short.");
        Assert.Equal(0, socket.Waiting);
        await socket.SendAsync(Frames.Created("resp_1"));
        var steer = Json(await socket.ReceiveAsync());
        await socket.SendAsync(Accepted("steer_1", "resp_1"), Steered("resp_1"));
        await socket.SendAsync(Frames.Answer("resp_2", "Leeds."));
        var events = await scene.RestAsync();

        Assert.Equal("resp_1", steer.GetProperty("previous_response_id").GetString());
        Assert.Equal(["steer.requested", "steer.sent", "steer.delivered steer"], Fate(events, "s1"));
    }

    [Fact]
    public async Task Steer_TwoAtOnce_AreSentOneByOneAndBothHeard()
    {
        await using var scene = await StartAsync(_ => { });
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Created("resp_1"));
        await scene.SayAsync("s1", "Keep it short.");
        await scene.SayAsync("s2", "And in French.");
        var first = Json(await socket.ReceiveAsync());
        Assert.Equal(0, socket.Waiting);
        await socket.SendAsync(Accepted("steer_1", "resp_1"));
        var second = Json(await socket.ReceiveAsync());
        await socket.SendAsync(Accepted("steer_2", "resp_1"), Steered("resp_1"));
        await socket.SendAsync(Frames.Calls("resp_2", ("call_1", "look")));
        await scene.Host.SeeAsync(scene.Run.RunId, RunEventTypes.ToolStarted);
        socket.Cut();
        scene.FinishTool();
        var full = await (await scene.Upstream.NextSocketAsync()).ReceiveAsync();

        Assert.Equal("Keep it short.", first.GetProperty("input").GetString());
        Assert.Equal("And in French.", second.GetProperty("input").GetString());
        Assert.Equal([Question, "Keep it short.", "And in French.", "function_call", "function_call_output"], InputOf(full));
    }
}
