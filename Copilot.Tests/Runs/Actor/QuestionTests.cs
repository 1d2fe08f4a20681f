using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Questions;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Runs.Actor.Approvals;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Upstream;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Runs.Actor;

/// <summary>An agent asks the person it works for, and waits for the answer.</summary>
public sealed class QuestionTests : IAsyncLifetime
{
    private const string Which = """{"intent":"Asking you","question":"Which pump?","choices":["Small","Large"],"allow_text":false}""";

    private readonly ManualClock _clock = new();
    private ScriptedUpstream _upstream = null!;
    private RunHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        _host = await RunHost.StartWithAsync(_upstream.BaseUrl, services => services.AddSingleton<TimeProvider>(_clock), new AskUserTool());
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Ask_Answered_GivesTheModelTheAnswer()
    {
        var (run, socket) = await AskAsync(Which);

        var waiting = (await _host.Database.Events.FindAsync(run, CancellationToken.None))!;
        Assert.Equal(RunStatus.Waiting, waiting.Status);
        var question = Assert.Single(waiting.PendingQuestions);
        Assert.Equal("Which pump?", question.Question);
        Assert.Equal(["Small", "Large"], question.Choices);
        Assert.False(question.AllowsText);
        Assert.Equal(TimeSpan.FromMinutes(10), question.Timeout);

        Assert.IsType<CommandOutcome.NotFound>(await AnswerAsync(run, "Small", "call_other"));
        Assert.Equal("answer", Assert.Single(Assert.IsType<CommandOutcome.InvalidArguments>(await AnswerAsync(run, "Huge")).Errors).Argument);
        Assert.IsType<CommandOutcome.InvalidArguments>(await AnswerAsync(run, " "));
        var boss = new EventActor("usr_boss", "Supervisor");
        Assert.IsType<CommandOutcome.Accepted>(await _host.Runs.AskAsync(
            run, new RunCommand.Answer(boss, "call_1", " Large ") { Reason = "they are out" }, CancellationToken.None).Soon("the answer is taken"));
        var (frame, events) = await FinishAsync(run, socket);

        Assert.Equal("Large", Assert.Single(ApprovalScene.Outputs(frame, "call_1")));
        Assert.Equal(
            [
                RunEventTypes.ToolRequested, RunEventTypes.QuestionAsked, RunEventTypes.RunWaiting, RunEventTypes.QuestionAnswered,
                RunEventTypes.ToolCompleted, RunEventTypes.RunResumed,
            ],
            ApprovalScene.Between(events, RunEventTypes.ToolRequested, RunEventTypes.RunResumed));
        Assert.Equal(boss, events.Only(RunEventTypes.QuestionAnswered).Actor);
        Assert.Equal("they are out", events.Only(RunEventTypes.QuestionAnswered).Text("reason"));
        Assert.Equal("call_1", events.Only(RunEventTypes.QuestionAnswered).CallId);
        Assert.Empty((await _host.Database.Events.FindAsync(run, CancellationToken.None))!.PendingQuestions);

        // Too late, also when nobody drives the run any more.
        await _host.Runs.WhenIdleAsync().Soon("the run is let go");
        Assert.IsType<CommandOutcome.NotPossible>(await AnswerAsync(run, "Small"));
        Assert.IsType<CommandOutcome.NotFound>(await AnswerAsync(run, "Small", "call_other"));
    }

    [Fact]
    public async Task Ask_NobodyAnswersInTime_TellsTheModel()
    {
        var (run, socket) = await AskAsync("""{"question":"Which pump?","choices":null,"allow_text":null}""");

        _clock.Advance(TimeSpan.FromMinutes(10));
        var (frame, events) = await FinishAsync(run, socket);

        Assert.StartsWith("The person did not answer within 10 minutes.", Assert.Single(ApprovalScene.Outputs(frame, "call_1")), StringComparison.Ordinal);
        Assert.Equal("call_1", events.Only(RunEventTypes.QuestionExpired).CallId);
        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
    }

    [Fact]
    public async Task Ask_AcrossARestart_AsksNobodyTwice()
    {
        var (run, _) = await AskAsync(Which);
        _clock.Advance(TimeSpan.FromMinutes(4));
        await _host.RestartAsync();
        Assert.IsType<CommandOutcome.Accepted>(await _host.Runs.AskAsync(run, new RunCommand.Resume(RunHost.Owner, false), CancellationToken.None));
        await _host.SeeTimesAsync(run, RunEventTypes.RunWaiting, 2);

        Assert.IsType<CommandOutcome.Accepted>(await AnswerAsync(run, "Small"));
        var (frame, events) = await FinishAsync(run, await _upstream.NextSocketAsync());

        Assert.Equal("Small", Assert.Single(ApprovalScene.Outputs(frame, "call_1")));
        Assert.Equal("Which pump?", events.Only(RunEventTypes.QuestionAsked).Text("question"));
    }

    [Theory]
    [InlineData("""{"question":" ","choices":null,"allow_text":null}""", "The argument 'question' is empty.")]
    [InlineData("""{"question":"Which?","choices":["1","2","3","4","5","6","7"],"allow_text":null}""", "The argument 'choices' has 7 entries; 6 is the limit.")]
    [InlineData("""{"question":"Which?","choices":["a","a"],"allow_text":null}""", "The argument 'choices' has the same entry twice.")]
    [InlineData("""{"question":"Which?","choices":[],"allow_text":false}""", "Without choices, 'allow_text' must not be false.")]
    public async Task Ask_QuestionThatCannotBeAsked_IsAnErrorForTheModel(string arguments, string error)
    {
        var run = (await _host.StartRunAsync("Order a pump")).RunId;
        var socket = await SendCallAsync(arguments);
        var (frame, events) = await FinishAsync(run, socket);

        Assert.Equal(error, Assert.Single(ApprovalScene.Outputs(frame, "call_1")));
        Assert.DoesNotContain(events, e => e.Type is RunEventTypes.QuestionAsked or RunEventTypes.RunWaiting);
    }

    [Fact]
    public async Task Stop_WhileItWaits_EndsTheQuestionWithTheRun()
    {
        var (run, _) = await AskAsync(Which);

        await _host.Runs.AskAsync(run, new RunCommand.Stop(RunHost.Owner, null), CancellationToken.None);
        var events = await _host.RestAsync(run, RunEventTypes.RunCancelled);

        Assert.Equal("call_1", events.Only(RunEventTypes.ToolCancelled).CallId);
        Assert.Empty((await _host.Database.Events.FindAsync(run, CancellationToken.None))!.PendingQuestions);
        Assert.IsType<CommandOutcome.NotPossible>(await AnswerAsync(run, "Small"));
    }

    private async Task<(string Run, ScriptedSocket Socket)> AskAsync(string arguments)
    {
        var run = (await _host.StartRunAsync("Order a pump")).RunId;
        var socket = await SendCallAsync(arguments);
        await _host.SeeAsync(run, RunEventTypes.RunWaiting);
        return (run, socket);
    }

    private async Task<ScriptedSocket> SendCallAsync(string arguments)
    {
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Created("resp_1"), ApprovalScene.Call("call_1", AskUserTool.ToolName, arguments), Frames.Completed("resp_1"));
        return socket;
    }

    private Task<CommandOutcome> AnswerAsync(string run, string text, string callId = "call_1") =>
        _host.Runs.AskAsync(run, new RunCommand.Answer(RunHost.Owner, callId, text), CancellationToken.None).Soon("the answer is taken");

    private async Task<(JsonElement Frame, IReadOnlyList<RunEvent> Events)> FinishAsync(string run, ScriptedSocket socket)
    {
        var frame = JsonDocument.Parse(await socket.ReceiveAsync()).RootElement;
        await socket.SendAsync(Frames.Answer("resp_2", "done"));
        return (frame, await _host.RestAsync(run, RunEventTypes.RunCompleted));
    }
}
