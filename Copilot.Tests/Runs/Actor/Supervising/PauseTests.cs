using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Upstream;
using static Copilot.Tests.Runs.Actor.Supervising.SupervisingScene;

namespace Copilot.Tests.Runs.Actor.Supervising;

/// <summary>A paused run begins nothing new, and what is under way ends.</summary>
public sealed class PauseTests
{
    [Fact]
    public async Task Pause_WhileAResponseCallsATool_TheToolStartsOnlyAfterTheRunIsResumed()
    {
        await using var scene = await StartAsync();
        scene.FinishLook();
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Created("resp_1"));
        await scene.DoAsync(new RunCommand.Pause(Boss, "wrong warehouse"));
        await socket.SendAsync(Frames.Call("call_1", "look", 0), Frames.Completed("resp_1"));
        await scene.SeeAsync(RunEventTypes.RunWaiting);

        var paused = await scene.StoredAsync();
        Assert.Equal(RunStatus.Waiting, paused.Status);
        Assert.Equal(Boss, paused.Pause!.Actor);
        Assert.Equal("wrong warehouse", paused.Pause.Reason);
        Assert.Equal(0, scene.Look.Runs);

        await scene.DoAsync(new RunCommand.Continue(OtherBoss, "checked"));
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer("resp_2", "Leeds."));
        var events = await scene.Host.RestAsync(scene.Run.RunId, RunEventTypes.RunCompleted);
        var types = events.Select(e => e.Type).ToList();

        Assert.Equal(1, scene.Look.Runs);
        Assert.True(types.IndexOf(RunEventTypes.SupervisorResumed) < types.IndexOf(RunEventTypes.RunResumed));
        Assert.True(types.IndexOf(RunEventTypes.RunResumed) < types.IndexOf(RunEventTypes.ToolStarted));
        Assert.Equal(OtherBoss, events.Single(e => e.Type == RunEventTypes.SupervisorResumed).Actor);
    }

    [Fact]
    public async Task Pause_WhileAToolWorks_ItEndsAndTheNextRequestWaits()
    {
        await using var scene = await StartAsync();
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "look")));
        await scene.Look.Began;
        await scene.DoAsync(new RunCommand.Pause(RunHost.Owner, Reason: null));
        scene.FinishLook();
        await scene.SeeAsync(RunEventTypes.RunWaiting);

        Assert.Equal(0, socket.Waiting);
        Assert.Equal(1, (await scene.EventsAsync()).Count(e => e.Type == RunEventTypes.AttemptSent));
        Assert.Contains(await scene.EventsAsync(), e => e.Type == RunEventTypes.ToolCompleted);

        await scene.DoAsync(new RunCommand.Continue(RunHost.Owner, Reason: null));
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer("resp_2", "Leeds."));
        await scene.Host.RestAsync(scene.Run.RunId, RunEventTypes.RunCompleted);
    }

    [Fact]
    public async Task Pause_AnswerWithoutCalls_TheRunCompletes()
    {
        await using var scene = await StartAsync();
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Created("resp_1"));
        await scene.DoAsync(new RunCommand.Pause(Boss, "look at this"));
        await socket.SendAsync(Frames.Message("Leeds."), Frames.Completed("resp_1"));

        await scene.Host.RestAsync(scene.Run.RunId, RunEventTypes.RunCompleted);
        Assert.Null((await scene.StoredAsync()).Pause);
    }

    [Fact]
    public async Task Pause_RunTimeIsUpMeanwhile_TheRunIsNotEndedByIt()
    {
        await using var scene = await StartAsync();
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Created("resp_1"));
        await scene.DoAsync(new RunCommand.Pause(Boss, "tomorrow"));
        scene.FinishLook();
        await socket.SendAsync(Frames.Call("call_1", "look", 0), Frames.Completed("resp_1"));
        await scene.SeeAsync(RunEventTypes.RunWaiting);
        scene.Clock.Advance(TimeSpan.FromDays(1));

        await scene.DoAsync(new RunCommand.Continue(Boss, "now"));
        await scene.SeeAsync(RunEventTypes.ToolCompleted);
        Assert.Equal(RunStatus.Running, (await scene.StoredAsync()).Status);
    }

    [Fact]
    public async Task Restart_WhilePaused_StaysPaused()
    {
        await using var scene = await StartAsync();
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Created("resp_1"));
        await scene.DoAsync(new RunCommand.Pause(Boss, "later"));
        await socket.SendAsync(Frames.Call("call_1", "look", 0), Frames.Completed("resp_1"));
        await scene.SeeAsync(RunEventTypes.RunWaiting);

        await scene.RestartAsync();
        await scene.SeeTimesAsync(RunEventTypes.RunWaiting, 2);
        Assert.Equal(0, scene.Look.Runs);

        scene.FinishLook();
        await scene.DoAsync(new RunCommand.Continue(Boss, "now"));
        await scene.NextAsync();
        Assert.Equal(1, scene.Look.Runs);
    }

    [Fact]
    public async Task Pause_TwoAtOnce_OneWinsAndTheOtherIsToldWhoWasFirst()
    {
        await using var scene = await StartAsync();
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Created("resp_1"));
        await scene.SeeAsync("response.created");

        var outcomes = await Task.WhenAll(
            Task.Run(() => scene.AskAsync(new RunCommand.Pause(Boss, "one"))), Task.Run(() => scene.AskAsync(new RunCommand.Pause(OtherBoss, "two"))));

        Assert.Single(outcomes, outcome => outcome is CommandOutcome.Accepted);
        var told = Assert.IsType<CommandOutcome.Superseded>(Assert.Single(outcomes, outcome => outcome is not CommandOutcome.Accepted));
        Assert.Equal((await scene.StoredAsync()).Pause, told.First);
        Assert.Single(await scene.EventsAsync(), e => e.Type == RunEventTypes.SupervisorPaused);
    }

    [Fact]
    public async Task Command_SameIdTwice_ActsOnceAlsoAfterARestart()
    {
        await using var scene = await StartAsync();
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Created("resp_1"));
        var pause = new RunCommand.Pause(Boss, "later") { CommandId = "cmd_1" };
        await scene.DoAsync(pause);
        await scene.DoAsync(pause);
        await socket.SendAsync(Frames.Call("call_1", "look", 0), Frames.Completed("resp_1"));
        await scene.SeeAsync(RunEventTypes.RunWaiting);
        await scene.RestartAsync();
        await scene.SeeTimesAsync(RunEventTypes.RunWaiting, 2);
        await scene.DoAsync(new RunCommand.Continue(Boss, "now") { CommandId = "cmd_2" });
        await scene.DoAsync(pause);

        Assert.Single(await scene.EventsAsync(), e => e.Type == RunEventTypes.SupervisorPaused);
        Assert.Null((await scene.StoredAsync()).Pause);
    }

    [Fact]
    public async Task Command_SomebodyDidSomethingSince_IsRefusedWithWhoItWas()
    {
        await using var scene = await StartAsync();
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Created("resp_1"));
        var seen = (await scene.SeeAsync("response.created")).Seq;
        await scene.DoAsync(new RunCommand.Pause(Boss, "one"));

        var told = Assert.IsType<CommandOutcome.Superseded>(await scene.AskAsync(new RunCommand.TakeOver(OtherBoss, "two") { ExpectedSeq = seen }));
        Assert.Equal(Boss, told.First.Actor);
        Assert.IsType<CommandOutcome.Superseded>(await scene.AskAsync(new RunCommand.Stop(OtherBoss, "three") { ExpectedSeq = seen }));
        await scene.DoAsync(new RunCommand.TakeOver(OtherBoss, "two") { ExpectedSeq = told.First.Seq });
    }

    [Fact]
    public async Task Continue_ByTheOwnerOfARunThatASupervisorPaused_IsNotTheirs()
    {
        await using var scene = await StartAsync();
        var socket = await scene.NextAsync();
        await socket.SendAsync(Frames.Created("resp_1"));
        await scene.DoAsync(new RunCommand.Pause(Boss, "one"));

        var told = Assert.IsType<CommandOutcome.NotTheirs>(await scene.AskAsync(new RunCommand.Continue(RunHost.Owner, Reason: null)));
        Assert.Equal(Boss, told.Standing.Actor);
    }

    [Fact]
    public async Task Stop_TwoPeople_TheSecondIsToldWhoWasFirst()
    {
        await using var scene = await StartAsync();
        await scene.NextAsync();
        await scene.DoAsync(new RunCommand.Stop(Boss, "wrong customer") { CommandId = "cmd_1" });
        var events = await scene.Host.RestAsync(scene.Run.RunId, RunEventTypes.RunCancelled);
        await scene.Host.Runs.WhenIdleAsync();

        var told = Assert.IsType<CommandOutcome.Superseded>(await scene.AskAsync(new RunCommand.Stop(OtherBoss, "me too")));
        await scene.DoAsync(new RunCommand.Stop(Boss, "wrong customer") { CommandId = "cmd_1" });
        Assert.Equal(Boss, told.First.Actor);
        Assert.Equal("wrong customer", told.First.Reason);
        Assert.Equal(events[^1].Seq, told.First.Seq);
    }
}
