using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Runs.Actor;

public sealed class RunBudgetTests : RunScene
{
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Budget_UsedUp_StopsBeforeTheNextRequest()
    {
        var (run, socket) = await StartAsync(OnBudget.Stop, budget: 0.011m);

        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "read")));
        var events = await _host.RestAsync(run.RunId);
        var summary = await FindAsync(run.RunId);

        Assert.Equal(1000, await socket.ClosedByClient);
        Assert.Equal(1, _upstream.Upgrades);
        Assert.Equal(0, socket.Waiting);
        Assert.Single(events, e => e.Type == RunEventTypes.AttemptSent);
        Assert.Equal("found", events.Only(RunEventTypes.ToolCompleted).Text("output"));
        Assert.Equal(
            [RunEventTypes.BudgetReached, RunEventTypes.TransportClosed, RunEventTypes.RunFailed],
            events.TakeLast(3).Select(e => e.Type));
        var reached = events.Only(RunEventTypes.BudgetReached);
        Assert.Equal(11_000, reached.Number("spent_micros"));
        Assert.Equal(11_000, reached.Number("budget_micros"));
        Assert.Equal("stop", reached.Text("then"));
        Assert.Equal(RunStatus.Failed, summary.Status);
        Assert.Equal("budget_exceeded", summary.Error!.Code);
        Assert.Equal("The run has cost 0.011 EUR, which is all of its budget.", summary.Error.Message);
        Assert.NotNull(summary.Error.Advice);
        Assert.Equal(PricedHost.Response, summary.CostSoFar.Micros);
    }

    [Fact]
    public async Task Budget_UsedUpByTheLastAnswer_CompletesTheRun()
    {
        var (run, socket) = await StartAsync(OnBudget.Stop, budget: 0.001m);

        await socket.SendAsync(Frames.Answer("resp_1", "all of it"));
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
        Assert.DoesNotContain(events, e => e.Type == RunEventTypes.BudgetReached);
    }

    [Fact]
    public async Task Budget_LowerInTheRequest_Counts()
    {
        var (run, socket) = await StartAsync(OnBudget.Stop, budget: 100, asked: 10_000);

        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "read")));
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal("budget_exceeded", events[^1].Text("code"));
        Assert.Equal("The run has cost 0.011 EUR, more than its budget of 0.010 EUR.", events[^1].Text("message"));
        Assert.Equal(10_000, events.Only(RunEventTypes.BudgetReached).Number("budget_micros"));
    }

    [Fact]
    public async Task Budget_HigherInTheRequest_DoesNotRaiseIt()
    {
        var (run, socket) = await StartAsync(OnBudget.Stop, budget: 0.011m, asked: 10_000_000);

        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "read")));
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal(11_000, events.Only(RunEventTypes.BudgetReached).Number("budget_micros"));
    }

    [Fact]
    public async Task Budget_NextResponseWouldClearlyExceedIt_StopsWithTheReason()
    {
        // 10 tokens were read and 5 said, of which 1 was reasoning: 14 are read again, at 2,000 EUR a million.
        var (run, socket) = await StartAsync(OnBudget.Stop, budget: 0.057m, model: "dear-one");

        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "read")));
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal(28_000, events.Only(RunEventTypes.BudgetReached).Number("next_at_least_micros"));
        Assert.Equal(
            "The run has cost 0.03 EUR of its budget of 0.057 EUR, and the next response would cost at least 0.028 EUR.",
            events[^1].Text("message"));
    }

    [Fact]
    public async Task Budget_AskAndRaise_GoesOn()
    {
        var (run, socket) = await StartAsync(OnBudget.Ask, budget: 0.01m);
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "read")));
        await _host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);
        var waiting = await FindAsync(run.RunId);
        var sent = socket.Waiting;

        var outcome = await _host.Runs.AskAsync(
            run.RunId, new RunCommand.RaiseBudget(new EventActor("usr_boss", "Supervisor"), 500_000) { Reason = "the order is urgent" }, CancellationToken.None);
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer("resp_2", "done"));
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal(RunStatus.Waiting, waiting.Status);
        Assert.Equal(0, sent);
        Assert.Equal(new CommandOutcome.Accepted(), outcome);
        Assert.Equal(
            [
                RunEventTypes.BudgetReached, RunEventTypes.RunWaiting, RunEventTypes.BudgetRaised, RunEventTypes.RunResumed,
                RunEventTypes.AttemptSent,
            ],
            events.SkipWhile(e => e.Type != RunEventTypes.BudgetReached).Take(5).Select(e => e.Type));
        var raised = events.Only(RunEventTypes.BudgetRaised);
        Assert.Equal(EventSource.Supervisor, raised.Source);
        Assert.Equal("usr_boss", raised.Actor!.Id);
        Assert.Equal("the order is urgent", raised.Text("reason"));
        // On top of what was spent, which was more than the budget.
        Assert.Equal(500_000, raised.Number("by_micros"));
        Assert.Equal(511_000, raised.Number("budget_micros"));
        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
        Assert.Equal(2 * PricedHost.Response, (await FindAsync(run.RunId)).CostSoFar.Micros);
    }

    [Fact]
    public async Task Budget_AskAndStop_IsCancelledWithItsToolOutputs()
    {
        var (run, socket) = await StartAsync(OnBudget.Ask, budget: 0.01m);
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "read")));
        await _host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        await _host.Runs.AskAsync(run.RunId, new RunCommand.Stop(RunHost.Owner, null), CancellationToken.None);
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal(RunEventTypes.RunCancelled, events[^1].Type);
        Assert.Single(events, e => e.Type == RunEventTypes.ToolCompleted);
        Assert.Equal(0, socket.Waiting);
    }

    [Fact]
    public async Task Budget_AskAndNobodyAnswers_FailsInTime()
    {
        var (run, socket) = await StartAsync(OnBudget.Ask, budget: 0.01m);
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "read")));
        await _host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        _clock.Advance(TimeSpan.FromMinutes(5));
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal("budget_exceeded", events[^1].Text("code"));
        Assert.Contains(RunErrors.BudgetNotRaised, events[^1].Text("message"), StringComparison.Ordinal);
        Assert.Equal(0, socket.Waiting);
    }

    [Fact]
    public async Task Budget_RestartWhileAsking_WaitsAgainAndAsksOnce()
    {
        var (run, socket) = await StartAsync(OnBudget.Ask, budget: 0.01m);
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "read")));
        await _host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        await _host.RestartAsync();
        var safe = await _host.Runs.RecoverAsync(CancellationToken.None);
        await _host.Runs.ResumeAsync(safe, CancellationToken.None);
        await SeeCountAsync(run.RunId, RunEventTypes.RunWaiting, 2);
        var upgradesWhileWaiting = _upstream.Upgrades;
        await RaiseAsync(run.RunId, RunHost.Owner);
        var next = await _upstream.NextSocketAsync();
        await next.ReceiveAsync();
        await next.SendAsync(Frames.Answer("resp_2", "done"));
        await _host.SeeAsync(run.RunId, RunEventTypes.RunCompleted);
        var events = await _host.Database.Events.ReadAsync(run.RunId, 0, 1_000, CancellationToken.None);

        Assert.Equal([run.RunId], safe);
        Assert.Equal(1, upgradesWhileWaiting);
        events.Only(RunEventTypes.BudgetReached);
        Assert.Equal(
            [
                RunEventTypes.RunWaiting, RunEventTypes.TransportClosed, RunEventTypes.RunInterrupted, RunEventTypes.RunResumed,
                RunEventTypes.RunWaiting, RunEventTypes.BudgetRaised, RunEventTypes.RunResumed,
            ],
            events.SkipWhile(e => e.Type != RunEventTypes.RunWaiting).Take(7).Select(e => e.Type));
        // The sum goes on where it was.
        Assert.Equal(2 * PricedHost.Response, (await FindAsync(run.RunId)).CostSoFar.Micros);
    }

    [Fact]
    public async Task Budget_TimeIsUpWhileTheServerIsDown_FailsWhenItIsBack()
    {
        var (run, socket) = await StartAsync(OnBudget.Ask, budget: 0.01m);
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "read")));
        await _host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        await _host.RestartAsync();
        _clock.Advance(TimeSpan.FromMinutes(6));
        await _host.Runs.ResumeAsync(await _host.Runs.RecoverAsync(CancellationToken.None), CancellationToken.None);
        await SeeCountAsync(run.RunId, RunEventTypes.RunWaiting, 2);
        _clock.Advance(TimeSpan.Zero);
        var failed = await _host.SeeAsync(run.RunId, RunEventTypes.RunFailed);

        Assert.Equal("budget_exceeded", failed.Text("code"));
        Assert.Equal(1, _upstream.Upgrades);
    }

    [Fact]
    public async Task RaiseBudget_RunWithoutOneOrAtRest_IsNotPossible()
    {
        var (run, socket) = await StartAsync(OnBudget.Ask, budget: null);

        var without = await RaiseAsync(run.RunId, RunHost.Owner);
        await socket.SendAsync(Frames.Answer("resp_1", "done"));
        await _host.RestAsync(run.RunId);
        await _host.Runs.WhenIdleAsync();
        var ended = await RaiseAsync(run.RunId, RunHost.Owner);

        Assert.Equal(new CommandOutcome.NotPossible(), without);
        Assert.Equal(new CommandOutcome.NotPossible(), ended);
    }

    [Fact]
    public async Task RaiseBudget_WhileTheRunWorks_Counts()
    {
        var (run, socket) = await StartAsync(OnBudget.Stop, budget: 0.01m);

        await RaiseAsync(run.RunId, RunHost.Owner);
        await _host.SeeAsync(run.RunId, RunEventTypes.BudgetRaised);
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "read")));
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer("resp_2", "done"));
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
        Assert.DoesNotContain(events, e => e.Type == RunEventTypes.BudgetReached);
    }

    private async Task<(RunSummary Run, ScriptedSocket Socket)> StartAsync(OnBudget then, decimal? budget, long? asked = null, string model = "m")
    {
        _host = await PricedHost.StartAsync(
            _upstream.BaseUrl,
            options => (options.Budget, options.OnBudget, options.BudgetDecisionTimeout) = (budget, then, TimeSpan.FromMinutes(5)),
            _clock,
            new TestTool("read", _ => Task.FromResult("found")));
        var request = RunHost.Request("Do it", "ses_1") with { BudgetMicros = asked };
        var outcome = await _host.Runs.StartAsync(request with { Agent = request.Agent with { Model = model } }, CancellationToken.None);
        var run = Assert.IsType<StartOutcome.Started>(outcome).Run;
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        return (run, socket);
    }

    private Task<CommandOutcome> RaiseAsync(string runId, EventActor actor) =>
        _host.Runs.AskAsync(runId, new RunCommand.RaiseBudget(actor, 500_000), CancellationToken.None);

    private Task SeeCountAsync(string runId, string type, int count)
    {
        return LookAsync().Soon($"the run has {count} {type}");

        async Task LookAsync()
        {
            await foreach (var batch in _host.Feed.FollowAsync(runId, 0, CancellationToken.None))
            {
                count -= batch.Count(e => e.Type == type);
                if (count <= 0)
                {
                    return;
                }
            }
        }
    }

    private async Task<RunSummary> FindAsync(string runId) => (await _host.Database.Events.FindAsync(runId, CancellationToken.None))!;
}
