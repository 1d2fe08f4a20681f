using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Upstream;
using static Copilot.Tests.Runs.Actor.Steering.SteeringScene;
using static Copilot.Tests.Runs.Actor.Supervising.SupervisingScene;

namespace Copilot.Tests.Runs.Actor.Supervising;

/// <summary>A person answers in the agent's place, and the model is told what was said when they hand back.</summary>
public sealed class TakeOverTests
{
    [Fact]
    public async Task TakeOver_WhileAResponseIsGenerated_DropsItAndTellsTheModelWhatWasSaid()
    {
        await using var scene = await SupervisingScene.StartAsync();
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Created("resp_1"), Frames.Delta("In Par"));
        await scene.SeeAsync("response.output_text.delta");
        await scene.DoAsync(new RunCommand.TakeOver(Boss, "it guesses"));

        Assert.Equal(1000, await socket.ClosedByClient);
        await scene.SeeAsync(RunEventTypes.RunWaiting);
        await scene.DoAsync(new RunCommand.Write(Boss, Reason: null, "It is in Leeds.") { CommandId = "m1" });
        await scene.DoAsync(new RunCommand.Write(Boss, Reason: null, "It is in Leeds.") { CommandId = "m1" });
        await scene.DoAsync(new RunCommand.Steer(RunHost.Owner, "s1", "Which rack?"));
        await scene.DoAsync(new RunCommand.Write(Admin, Reason: null, "Rack 7."));
        await scene.DoAsync(new RunCommand.HandBack(Boss, "say how to get there"));

        var next = await scene.Upstream.NextSocketAsync();
        var request = await next.ReceiveAsync();
        var note = InterventionText.TakenOver(
            "it guesses",
            [InterventionText.InPlace("It is in Leeds."), InterventionText.ToPerson("Which rack?"), InterventionText.InPlace("Rack 7.")],
            handedBack: true,
            "say how to get there");
        Assert.Null(Previous(request));
        Assert.Equal([SupervisingScene.Question, note], InputOf(request));

        await next.SendAsync(Frames.Answer("resp_2", "By the stairs."));
        var events = await scene.Host.RestAsync(scene.Run.RunId, RunEventTypes.RunCompleted);
        Assert.Equal("resp_1", events.Single(e => e.Type == RunEventTypes.AttemptSuperseded).Text("response_id"));
        Assert.DoesNotContain(events, e => e.Type is RunEventTypes.AttemptRetryScheduled or RunEventTypes.TransportLost);
        Assert.Equal(2, events.Count(e => e.Type == RunEventTypes.SupervisorWrote));
        Assert.Equal(["steer.requested", "steer.delivered next_request"], Fate(events, "s1"));
        var types = events.Select(e => e.Type).ToList();
        Assert.True(types.IndexOf(RunEventTypes.SupervisorTookOver) < types.IndexOf(RunEventTypes.AttemptSuperseded));
        Assert.Equal("By the stairs.", (await scene.StoredAsync()).OutputText);
    }

    [Fact]
    public async Task TakeOver_AnswerIsReadyByThen_TheRunDoesNotEndBeforeTheHandBack()
    {
        await using var scene = await SupervisingScene.StartAsync();
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "look")));
        await scene.Look.Began;
        await scene.DoAsync(new RunCommand.TakeOver(Boss, "mine"));
        scene.FinishLook();
        await scene.SeeAsync(RunEventTypes.RunWaiting);
        await scene.DoAsync(new RunCommand.HandBack(Boss, Reason: null));

        var delta = await socket.ReceiveAsync();
        Assert.Equal("resp_1", Previous(delta));
        Assert.Contains(InterventionText.TakenOver("mine", [], handedBack: true, note: null), InputOf(delta));
        Assert.Contains("function_call_output", InputOf(delta));
    }

    [Fact]
    public async Task TakeOver_TwoAtOnce_OneWinsAndTheOtherIsToldWhoWasFirst()
    {
        await using var scene = await SupervisingScene.StartAsync();
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Created("resp_1"));
        await scene.SeeAsync("response.created");

        var outcomes = await Task.WhenAll(
            Task.Run(() => scene.AskAsync(new RunCommand.TakeOver(Boss, "one"))), Task.Run(() => scene.AskAsync(new RunCommand.TakeOver(OtherBoss, "two"))));

        Assert.Single(outcomes, outcome => outcome is CommandOutcome.Accepted);
        var told = Assert.IsType<CommandOutcome.Superseded>(Assert.Single(outcomes, outcome => outcome is not CommandOutcome.Accepted));
        var taken = (await scene.StoredAsync()).TakeOver!;
        Assert.Equal(taken, told.First);
        var loser = taken.Actor == Boss ? OtherBoss : Boss;
        Assert.IsType<CommandOutcome.NotTheirs>(await scene.AskAsync(new RunCommand.Write(loser, Reason: null, "I say")));
        Assert.IsType<CommandOutcome.NotTheirs>(await scene.AskAsync(new RunCommand.HandBack(loser, "back")));
        Assert.Single(await scene.EventsAsync(), e => e.Type == RunEventTypes.SupervisorTookOver);
    }

    [Fact]
    public async Task TakeOver_PersonIsSilent_TheAgentContinuesByItselfAlsoAfterARestart()
    {
        await using var scene = await SupervisingScene.StartAsync();
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Created("resp_1"));
        await scene.DoAsync(new RunCommand.TakeOver(Boss, "mine"));
        await scene.SeeAsync(RunEventTypes.RunWaiting);
        scene.Clock.Advance(TimeSpan.FromMinutes(9));
        await scene.DoAsync(new RunCommand.Write(Boss, Reason: null, "One moment."));
        scene.Clock.Advance(TimeSpan.FromMinutes(9));

        await scene.RestartAsync();
        await scene.SeeTimesAsync(RunEventTypes.RunWaiting, 2);
        Assert.NotNull((await scene.StoredAsync()).TakeOver);
        scene.Clock.Advance(TimeSpan.FromMinutes(1));

        var request = await (await scene.Upstream.NextSocketAsync()).ReceiveAsync();
        Assert.Contains(InterventionText.TakenOver("mine", [InterventionText.InPlace("One moment.")], handedBack: true, note: null), InputOf(request));
        var back = (await scene.EventsAsync()).Single(e => e.Type == RunEventTypes.SupervisorHandedBack);
        Assert.Null(back.Actor);
    }

    [Fact]
    public async Task Stop_WhileTakenOver_TheNextRunKnowsWhatWasSaid()
    {
        await using var scene = await SupervisingScene.StartAsync();
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Created("resp_1"));
        await scene.DoAsync(new RunCommand.TakeOver(Boss, "mine"));
        await scene.DoAsync(new RunCommand.Write(Boss, Reason: null, "It is in Leeds."));
        await scene.DoAsync(new RunCommand.Stop(Boss, "answered"));
        await scene.Host.RestAsync(scene.Run.RunId, RunEventTypes.RunCancelled);
        Assert.Null((await scene.StoredAsync()).TakeOver);

        await scene.Host.StartRunAsync("Thanks. And the seal?");
        var request = await (await scene.Upstream.NextSocketAsync()).ReceiveAsync();
        Assert.Equal(
            [SupervisingScene.Question, InterventionText.TakenOver("mine", [InterventionText.InPlace("It is in Leeds.")], handedBack: false, note: null), "Thanks. And the seal?"],
            InputOf(request));
    }

    [Fact]
    public async Task Retry_WhileAResponseIsGenerated_AsksForItAnew()
    {
        await using var scene = await SupervisingScene.StartAsync();
        await AnswerAfterAToolAsync(scene);
        await scene.DoAsync(new RunCommand.RetryStep(Boss, "it stumbles"));

        var next = await scene.Upstream.NextSocketAsync();
        Assert.Equal([SupervisingScene.Question, "function_call", "function_call_output"], InputOf(await next.ReceiveAsync()));
        await next.SendAsync(Frames.Answer("resp_3", "Leeds."));
        var events = await scene.Host.RestAsync(scene.Run.RunId, RunEventTypes.RunCompleted);
        Assert.Equal(1, scene.Look.Runs);
        Assert.Equal("Leeds.", (await scene.StoredAsync()).OutputText);
        Assert.Equal("resp_2", events.Single(e => e.Type == RunEventTypes.AttemptSuperseded).Text("response_id"));
    }

    [Fact]
    public async Task Start_AfterTheLastStepOfAStoppedRun_KeepsWhatItsToolsSaidAndRepeatsNoCall()
    {
        await using var scene = await SupervisingScene.StartAsync();
        await AnswerAfterAToolAsync(scene);
        await scene.DoAsync(new RunCommand.Stop(Boss, "it stumbles"));
        var stopped = await scene.Host.RestAsync(scene.Run.RunId, RunEventTypes.RunCancelled);
        await scene.Host.Runs.WhenIdleAsync();

        var request = RunHost.Request("Continue.", "ses_1") with { Actor = Boss, Parent = new RunParent.Step(scene.Run.RunId) };
        var started = Assert.IsType<StartOutcome.Started>(await scene.Host.Runs.StartAsync(request, CancellationToken.None));

        Assert.Equal(
            [SupervisingScene.Question, "function_call", "function_call_output", "Continue."],
            InputOf(await (await scene.Upstream.NextSocketAsync()).ReceiveAsync()));
        Assert.Equal(scene.Run.RunId, started.Run.ParentRunId);
        Assert.Equal(stopped[^1].Seq - 1, started.Run.ParentSeq);
        Assert.Equal(1, scene.Look.Runs);
        var message = (await scene.Host.Database.Events.ReadAsync(started.Run.RunId, 1, 1, CancellationToken.None)).Single();
        Assert.Equal(Boss, message.Actor);
    }

    [Fact]
    public async Task Say_ByASupervisor_IsToldToTheModelAsTheirs()
    {
        await using var scene = await SupervisingScene.StartAsync();
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "look")));
        await scene.Look.Began;
        await scene.DoAsync(new RunCommand.Steer(Boss, "s1", "Only in Leeds.") { Reason = "too wide" });
        scene.FinishLook();

        Assert.Contains(InterventionText.FromSupervisor("Only in Leeds."), InputOf(await socket.ReceiveAsync()));
        Assert.Equal("too wide", (await scene.EventsAsync()).Single(e => e.Type == RunEventTypes.SteerRequested).Text("reason"));
        Assert.Equal(RunStatus.Running, (await scene.StoredAsync()).Status);
    }

    /// <summary>The model has called a tool and begins its answer.</summary>
    private static async Task AnswerAfterAToolAsync(SupervisingScene scene)
    {
        scene.FinishLook();
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "look")));
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Created("resp_2"), Frames.Delta("In Par"));
        await scene.SeeAsync("response.output_text.delta");
    }
}
