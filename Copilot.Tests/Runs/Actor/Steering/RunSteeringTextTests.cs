using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;
using static Copilot.Tests.Runs.Actor.Steering.SteeringScene;

namespace Copilot.Tests.Runs.Actor.Steering;

/// <summary>Words for a run wherever it is: kept at once, said once, refused when it is too late.</summary>
public sealed class RunSteeringTextTests
{
    private const string Question = "Where is the pump?";

    [Fact]
    public async Task Say_WhileToolsRun_FollowsTheirOutputs()
    {
        await using var scene = await StartAsync(_ => { });
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "look")));
        await scene.Host.SeeAsync(scene.Run.RunId, RunEventTypes.ToolStarted);
        await scene.SayAsync("s1", "Only in Leeds.");
        Assert.Equal(0, socket.Waiting);
        scene.FinishTool();
        var next = await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer("resp_2", "Leeds."));
        var events = await scene.RestAsync();

        Assert.Equal("resp_1", Previous(next));
        Assert.Equal(["function_call_output", "Only in Leeds."], InputOf(next));
        Assert.Equal(["steer.requested", "steer.delivered next_request"], Fate(events, "s1"));
        var said = events.Single(e => e.Type == RunEventTypes.SteerRequested);
        Assert.Equal(EventSource.User, said.Source);
        Assert.Equal(RunHost.Owner, said.Actor);
        Assert.Equal("Only in Leeds.", said.Text("text"));
    }

    [Fact]
    public async Task Say_OverHttp_GoesInWithTheNextRequest()
    {
        await using var scene = await StartAsync(options => options.Transport = TransportChoice.Http);
        var post = await scene.Upstream.NextPostAsync();
        await post.SendAsync(Frames.Created("resp_1"));
        await scene.Host.SeeAsync(scene.Run.RunId, "response.created");
        await scene.SayAsync("s1", "And the price?");
        await post.SendAsync(Frames.Message("In Leeds."), Frames.Completed("resp_1"));
        post.End();
        var next = await scene.Upstream.NextPostAsync();
        await next.SendAsync(Frames.Answer("resp_2", "Ten pounds."));
        next.End();
        await scene.RestAsync();

        Assert.Equal([Question, "message", "And the price?"], InputOf(next.Body));
    }

    [Fact]
    public async Task Say_WhileTheRunWaitsToTryAgain_IsInTheNextAttempt()
    {
        await using var scene = await StartAsync(_ => { });
        var socket = await scene.NextAsync();
        await socket.SendAsync("""{"type":"error","status":429,"error":{"code":"rate_limit_exceeded","message":"Slow down."},"headers":{"retry-after":"100"}}""");
        await scene.Host.SeeAsync(scene.Run.RunId, RunEventTypes.AttemptRetryScheduled);
        await scene.SayAsync("s1", "Hurry.");
        await scene.Host.Runs.AskAsync(scene.Run.RunId, new RunCommand.RetryNow(RunHost.Owner), CancellationToken.None);
        socket = await scene.Upstream.NextSocketAsync();
        var next = await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer("resp_1", "Leeds."));
        await scene.RestAsync();

        Assert.Equal([Question, "Hurry."], InputOf(next));
    }

    [Fact]
    public async Task Say_TheSameIdTwice_IsSaidOnceAlsoAfterTheEnd()
    {
        await using var scene = await StartAsync(_ => { });
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "look")));
        await scene.Host.SeeAsync(scene.Run.RunId, RunEventTypes.ToolStarted);
        var first = await scene.SayAsync("s1", "Only in Leeds.");
        var second = await scene.SayAsync("s1", "Only in Leeds.");
        scene.FinishTool();
        var next = await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer("resp_2", "Leeds."));
        await scene.RestAsync();
        await scene.Host.Runs.WhenIdleAsync().Soon("the run is let go");
        var late = await scene.SayAsync("s1", "Only in Leeds.");
        var tooLate = await scene.SayAsync("s2", "And the price?");

        Assert.Equal(["function_call_output", "Only in Leeds."], InputOf(next));
        Assert.Equal(new CommandOutcome.Accepted(), first);
        Assert.Equal(new CommandOutcome.Accepted(), second);
        Assert.Equal(new CommandOutcome.Accepted(), late);
        Assert.Equal(new CommandOutcome.NotPossible(), tooLate);
    }

    [Fact]
    public async Task Say_ToARunThatWaitsItsTurnOrIsNotThere_IsRefused()
    {
        await using var scene = await StartAsync(_ => { });
        var socket = await scene.NextAsync();
        var queued = await scene.Host.StartRunAsync("And the price?");

        Assert.Equal(new CommandOutcome.NotPossible(), await scene.SayAsync(queued.RunId, "s1", "Hello?"));
        Assert.Equal(new CommandOutcome.NotFound(), await scene.SayAsync("run_none", "s1", "Hello?"));
        await Assert.ThrowsAsync<ArgumentException>(() => scene.SayAsync("s2", " "));
        await Assert.ThrowsAsync<ArgumentException>(() => scene.SayAsync("s3", new string('x', 100_001)));
        await socket.SendAsync(Frames.Answer("resp_1", "Leeds."));
        Assert.DoesNotContain(await scene.RestAsync(), e => e.Type == RunEventTypes.SteerRequested);
    }

    [Fact]
    public async Task Say_ThenStop_IsNeverSaidAndTheNextRunDoesNotHearIt()
    {
        await using var scene = await StartAsync(_ => { });
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "look")));
        await scene.Host.SeeAsync(scene.Run.RunId, RunEventTypes.ToolStarted);
        await scene.SayAsync("s1", "Only in Leeds.");
        await scene.Host.Runs.AskAsync(scene.Run.RunId, new RunCommand.Stop(RunHost.Owner, null), CancellationToken.None);
        var events = await scene.RestAsync();
        await scene.Host.StartRunAsync("Again, please.");
        var next = await (await scene.Upstream.NextSocketAsync()).ReceiveAsync();

        Assert.Equal(["steer.requested", "steer.failed"], Fate(events, "s1"));
        Assert.Equal("true", events.Single(e => e.Type == RunEventTypes.SteerFailed).Text("final"));
        Assert.Equal([Question, "function_call", "function_call_output", "Again, please."], InputOf(next));
    }

    [Fact]
    public async Task Say_ThenRestart_TheResumedRunSaysItOnce()
    {
        await using var scene = await StartAsync(_ => { });
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "look")));
        await scene.Tool.Began;
        await scene.SayAsync("s1", "Only in Leeds.");
        await scene.Host.RestartAsync();
        scene.FinishTool();
        await scene.Host.Runs.AskAsync(scene.Run.RunId, new RunCommand.Resume(RunHost.Owner, false), CancellationToken.None);
        var again = await scene.Upstream.NextSocketAsync();
        var full = await again.ReceiveAsync();
        await again.SendAsync(Frames.Answer("resp_2", "Leeds."));
        await scene.Host.SeeAsync(scene.Run.RunId, RunEventTypes.RunCompleted);

        Assert.Equal([Question, "function_call", "function_call_output", "Only in Leeds."], InputOf(full));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Say_RestartAfterTheAnswer_TheRunGoesOnForTheWords(bool delivered)
    {
        await using var scene = await StartAsync(_ => { });
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Answer("resp_0", "Ready."));
        await scene.RestAsync();

        // The log of a run whose process died when its answer was complete and the words were kept.
        var left = new RunEvents("run_left").Created("ses_left", "usr_1");
        left.Own(RunEventTypes.UserMessage, $$"""{"text":"{{Question}}"}""");
        left.Own(RunEventTypes.RunStarted, "{}");
        left.Upstream(Frames.Created("resp_1"));
        left.Own(RunEventTypes.SteerRequested, """{"steer_id":"s1","text":"And the price?"}""");
        left.Upstream(Frames.Message("In Leeds."));
        left.Upstream(Frames.Completed("resp_1"));
        if (delivered)
        {
            left.Own(RunEventTypes.SteerDelivered, """{"steer_id":"s1","how":"next_request"}""");
        }

        await scene.Host.Database.Events.AppendAsync([new RunAppend(left.Summary, left.All)], CancellationToken.None);
        var safe = await scene.Host.Runs.RecoverAsync(CancellationToken.None);
        await scene.Host.Runs.ResumeAsync(safe, CancellationToken.None);
        var again = await scene.Upstream.NextSocketAsync();
        var full = await again.ReceiveAsync();
        await again.SendAsync(Frames.Answer("resp_2", "Ten pounds."));
        await scene.Host.SeeAsync("run_left", RunEventTypes.RunCompleted);

        Assert.Equal([Question, "message", "And the price?"], InputOf(full));
    }
}
