using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Upstream;
using static Copilot.Tests.Runs.Actor.Steering.SteeringScene;

namespace Copilot.Tests.Runs.Actor.Steering;

/// <summary>Words that are refused, lost on the way or sent to a model that cannot be steered: they are answered all the same, once.</summary>
public sealed class SteerFailureTests
{
    [Fact]
    public async Task Steer_SuccessorIsCut_TheWordsAreSentOnceMoreAndOnlyOnce()
    {
        await using var scene = await StartAsync(_ => { });
        var socket = await scene.SteerAsync("And the price?");
        await socket.SendAsync(Accepted("steer_1", "resp_1"), Steered("resp_1"), Frames.Created("resp_2"), Frames.Delta("Ten"));
        await scene.Host.SeeAsync(scene.Run.RunId, "response.output_text.delta");
        socket.Cut();
        var full = await scene.AnswerAgainAsync("resp_3", "Ten pounds.");
        var events = await scene.RestAsync();

        Assert.Equal([Question, "And the price?"], InputOf(full));
        Assert.Equal("resp_2", events.Single(e => e.Type == RunEventTypes.AttemptSuperseded).Text("response_id"));
        Assert.Equal(["steer.requested", "steer.sent", "steer.delivered steer"], Fate(events, "s1"));
    }

    [Fact]
    public async Task Steer_AnErrorBehindAResponseThatEndedWell_TakesNothingOfItBack()
    {
        await using var scene = await StartAsync(_ => { });
        var socket = await scene.SteerAsync("Only in Leeds.");
        await socket.SendAsync(
            Frames.Call("call_1", "look", 0),
            Frames.Completed("resp_1"),
            """{"type":"error","status":400,"error":{"type":"invalid_request_error","code":null,"message":"Unknown event type 'response.steer'.","param":"type"}}""");
        scene.FinishTool();
        var next = await AnswerOnAsync(socket, "resp_2", "Leeds.");
        var events = await scene.RestAsync();

        Assert.Equal("resp_1", Previous(next));
        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
        Assert.Equal(["function_call_output", "Only in Leeds."], InputOf(next));
        Assert.Equal(1, scene.Tool.Runs);
        Assert.DoesNotContain(events, e => e.Type == RunEventTypes.AttemptSuperseded);
    }

    [Theory]
    [InlineData("response_not_found")]
    [InlineData("invalid_input")]
    [InlineData("steering_not_supported")]
    [InlineData("too_many_pending_steers")]
    [InlineData("response_already_completed")]
    [InlineData("response_not_active")]
    public async Task Steer_Refused_TheWordsGoInWithTheNextRequest(string code)
    {
        await using var scene = await StartAsync(_ => { });
        var socket = await scene.SteerAsync("And the price?", Frames.Message("In Leeds."));

        // The response was over when the words arrived: its end is on the way already.
        await socket.SendAsync(Frames.Completed("resp_1"), Failed(null, "resp_1", code));
        var next = await AnswerOnAsync(socket, "resp_2", "Ten pounds.");
        var events = await scene.RestAsync();

        Assert.Equal("resp_1", Previous(next));
        Assert.Equal("And the price?", Assert.Single(InputOf(next)));
        Assert.Equal(["steer.requested", "steer.sent", "steer.failed", "steer.delivered next_request"], Fate(events, "s1"));
        Assert.Equal("completed", (await scene.Host.Database.Events.FindAsync(scene.Run.RunId, CancellationToken.None))!.Status.ToWire());
    }

    [Fact]
    public async Task Steer_AcceptedAndNoSuccessorCanBeMade_TheWordsGoInWithTheNextRequest()
    {
        await using var scene = await StartAsync(_ => { });
        var socket = await scene.SteerAsync("And the price?", Frames.Message("In Leeds."));
        await socket.SendAsync(
            Accepted("steer_1", "resp_1"), Frames.Completed("resp_1"), Failed("steer_1", "resp_1", "successor_creation_failed"));
        var next = await AnswerOnAsync(socket, "resp_2", "Ten pounds.");
        await scene.RestAsync();

        Assert.Equal("resp_1", Previous(next));
        Assert.Equal("And the price?", Assert.Single(InputOf(next)));
    }

    [Fact]
    public async Task Steer_ModelCannotBeSteered_IsNotTriedAgain()
    {
        await using var scene = await StartAsync(_ => { });
        var socket = await scene.SteerAsync("And the price?", Frames.Message("In Leeds."));
        await socket.SendAsync(Failed(null, "resp_1", "steering_not_supported"), Frames.Completed("resp_1"));
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Created("resp_2"), Frames.Delta("Ten"));
        await scene.Host.SeeAsync(scene.Run.RunId, "response.output_text.delta");
        await scene.SayAsync("s2", "In euros.");
        await socket.SendAsync(Frames.Message("Ten pounds."), Frames.Completed("resp_2"));
        var next = await AnswerOnAsync(socket, "resp_3", "Twelve euros.");
        var events = await scene.RestAsync();

        Assert.Equal("resp_2", Previous(next));
        Assert.Equal("In euros.", Assert.Single(InputOf(next)));
        Assert.Equal(["steer.requested", "steer.delivered next_request"], Fate(events, "s2"));
    }

    [Fact]
    public async Task Steer_UpstreamDoesNotKnowTheMessage_TheResponseIsMadeAgainAndTheRunGoesOn()
    {
        await using var scene = await StartAsync(_ => { });
        var socket = await scene.SteerAsync("Keep it short.", Frames.Delta("In"));
        await socket.SendAsync("""{"type":"error","status":400,"error":{"type":"invalid_request_error","code":null,"message":"Unknown event type 'response.steer'.","param":"type"}}""");
        var again = await scene.Upstream.NextSocketAsync();
        var full = await again.ReceiveAsync();
        await again.SendAsync(Frames.Created("resp_2"));
        await scene.SayAsync("s2", "Please.");
        await again.SendAsync(Frames.Message("Leeds."), Frames.Completed("resp_2"));
        var next = await AnswerOnAsync(again, "resp_3", "Leeds!");
        var events = await scene.RestAsync();

        Assert.Equal([Question, "Keep it short."], InputOf(full));
        Assert.Equal("Please.", Assert.Single(InputOf(next)));
        Assert.Equal("steer-unknown", events.Single(e => e.Type == RunEventTypes.AttemptRetryScheduled).Text("row"));
    }

    [Fact]
    public async Task Steer_SocketBreaksAfterTheWordsWereSent_TheFullResendHasThemOnce()
    {
        await using var scene = await StartAsync(_ => { });
        var socket = await scene.SteerAsync("Keep it short.", Frames.Delta("In"));
        socket.Cut();
        var full = await scene.AnswerAgainAsync("resp_2", "Leeds.");
        var events = await scene.RestAsync();

        Assert.Equal([Question, "Keep it short."], InputOf(full));
        Assert.Equal(["steer.requested", "steer.sent", "steer.failed", "steer.delivered next_request"], Fate(events, "s1"));
    }

    [Fact]
    public async Task Steer_SocketBreaksBetweenAResponseAndItsSuccessor_TheResponseCountsAndTheWordsFollowIt()
    {
        await using var scene = await StartAsync(_ => { });
        var socket = await scene.SteerAsync("And the price?");
        await socket.SendAsync(Accepted("steer_1", "resp_1"), Frames.Message("In Leeds."), Frames.Completed("resp_1"));
        await scene.Host.SeeAsync(scene.Run.RunId, "response.completed");
        socket.Cut();
        var full = await scene.AnswerAgainAsync("resp_2", "Ten pounds.");
        var events = await scene.RestAsync();

        Assert.Equal([Question, "message", "And the price?"], InputOf(full));
        Assert.DoesNotContain(events, e => e.Type == RunEventTypes.AttemptSuperseded);
    }

    [Fact]
    public async Task Steer_SwitchedOff_GoesInWithTheNextRequest()
    {
        await using var scene = await StartAsync(options => options.Steering = SteeringChoice.Off);
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Created("resp_1"));
        await scene.SayAsync("s1", "And the price?");
        await socket.SendAsync(Frames.Message("In Leeds."), Frames.Completed("resp_1"));
        var next = await AnswerOnAsync(socket, "resp_2", "Ten pounds.");
        await scene.RestAsync();

        Assert.Equal("resp_1", Previous(next));
        Assert.Equal("And the price?", Assert.Single(InputOf(next)));
    }
}
