using System.Text.RegularExpressions;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Grants;
using Copilot.Domain.Runs.Rules;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Supervision.Rules;
using Copilot.Tests.Runs.Actor.Approvals;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;
using Copilot.Web.Supervision.Rules;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using static Copilot.Tests.Runs.Actor.Approvals.ApprovalScene;

namespace Copilot.Tests.Runs.Actor.Rules;

/// <summary>What a rule does in a run: before the tool starts, with its own name as the reason, and once.</summary>
public sealed class RuleRunTests
{
    private const string Slow = "slow";

    // The time limit itself is the runtime's; what follows from it is not decided by how busy the machine is.
    private readonly RulesInForce _rules = new(
        pattern => pattern == Slow ? _ => throw new RegexMatchTimeoutException("text", pattern, RulePattern.TimeLimit) : RulePattern.Matcher(pattern),
        NullLogger<RulesInForce>.Instance);

    [Fact]
    public async Task Pause_ToolIsCalled_ItStartsOnlyAfterSomebodyResumesTheRun()
    {
        Put(ToolCalled("read", RuleEffect.Pause));
        await using var scene = await SceneAsync();
        var (run, socket) = await scene.AskAsync(Call("call_1", "read", "{}"));
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        var paused = (await scene.Host.Database.Events.FindAsync(run.RunId, CancellationToken.None))!;
        Assert.Equal(EventActor.Rule("rul_1"), paused.Pause!.Actor);
        Assert.Equal("Rule “Look first”: the tool read is called.", paused.Pause.Reason);
        Assert.Equal(RunStatus.Waiting, paused.Status);
        Assert.Equal(0, scene.Read.Runs);

        // Its owner is stopped by it, too.
        var refused = await scene.Host.Runs.AskAsync(run.RunId, new RunCommand.Continue(RunHost.Owner, "go on"), CancellationToken.None);
        Assert.IsType<CommandOutcome.NotTheirs>(refused);
        await ResumeAsync(scene, run);
        var (_, events) = await scene.FinishAsync(run.RunId, socket);

        Assert.Equal(1, scene.Read.Runs);
        Assert.Equal(
            [RunEventTypes.ToolRequested, RunEventTypes.RuleFired, RunEventTypes.SupervisorPaused, RunEventTypes.RunWaiting, RunEventTypes.SupervisorResumed, RunEventTypes.RunResumed, RunEventTypes.ToolStarted],
            Between(events, RunEventTypes.ToolRequested, RunEventTypes.ToolStarted));
        Assert.Equal(EventSource.System, events.Single(e => e.Type == RunEventTypes.RuleFired).Source);
        Assert.Equal("call_1", events.Single(e => e.Type == RunEventTypes.RuleFired).CallId);
    }

    [Fact]
    public async Task Pause_ServerStopsMeanwhile_TheRunIsStillPausedAndPausedOnce()
    {
        Put(ToolCalled("read", RuleEffect.Pause));
        await using var scene = await SceneAsync();
        var (run, _) = await scene.AskAsync(Call("call_1", "read", "{}"));
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        await scene.Host.RestartAsync();
        await scene.Host.Runs.ResumeAsync(await scene.Host.Runs.RecoverAsync(CancellationToken.None), CancellationToken.None);
        await scene.Host.SeeTimesAsync(run.RunId, RunEventTypes.RunWaiting, 2);
        Assert.Equal(0, scene.Read.Runs);
        await ResumeAsync(scene, run);
        var (_, events) = await scene.FinishAsync(run.RunId, await scene.Upstream.NextSocketAsync());

        Assert.Equal(1, scene.Read.Runs);
        Assert.Single(events, e => e.Type == RunEventTypes.SupervisorPaused);
        Assert.Single(events, e => e.Type == RunEventTypes.RuleFired);
    }

    [Fact]
    public async Task Pause_RuleIsWrittenAndRemovedWhileTheRunWorks_CountsFromTheNextEventOn()
    {
        await using var scene = await SceneAsync();
        var (run, socket) = await scene.AskAsync(Call("call_1", "read", "{}"));
        await socket.ReceiveAsync();
        Put(ToolCalled("read", RuleEffect.Pause));
        await socket.SendAsync(Frames.Created("resp_5"), Call("call_2", "read", "{}"), Frames.Completed("resp_5"));
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.SupervisorPaused);
        Assert.Equal(1, scene.Read.Runs);

        Put();
        await ResumeAsync(scene, run);
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Created("resp_6"), Call("call_3", "read", "{}"), Frames.Completed("resp_6"));
        var (_, events) = await scene.FinishAsync(run.RunId, socket);

        Assert.Equal(3, scene.Read.Runs);
        Assert.Single(events, e => e.Type == RunEventTypes.RuleFired);
    }

    [Fact]
    public async Task Pause_RuleIsRemovedBeforeItsPauseComes_DoesNotPause()
    {
        Put(new SupervisionRule("rul_1", 1, "Look first", new() { Kind = RuleConditionKind.Text, Speaker = RuleSpeaker.Person, Value = "pumps" }, RuleEffect.Pause));
        await using var scene = await SceneAsync();
        var run = await scene.Host.StartRunAsync("Order two pumps");
        var socket = await scene.Upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RuleFired);

        Put();
        await socket.SendAsync(Frames.Created("resp_1"), Call("call_1", "read", "{}"), Frames.Completed("resp_1"));
        var (_, events) = await scene.FinishAsync(run.RunId, socket);

        Assert.Equal(1, scene.Read.Runs);
        Assert.DoesNotContain(events, e => e.Type == RunEventTypes.SupervisorPaused);
    }

    [Fact]
    public async Task Approval_CallThatMeetsIt_WaitsForAPersonWithTheRuleAsReason()
    {
        Put(ToolCalled("read", RuleEffect.Approval));
        await using var scene = await SceneAsync();
        var (run, socket) = await scene.AskAsync(Call("call_1", "read", "{}"), Call("call_2", "look_up", "{}", 1));
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        var asked = Assert.Single((await scene.Host.Database.Events.FindAsync(run.RunId, CancellationToken.None))!.PendingApprovals);
        Assert.Equal("call_1", asked.CallId);
        Assert.Equal("Rule “Look first”: the tool read is called.", asked.Rule);
        Assert.Equal(0, scene.Read.Runs);

        // What asks may go meanwhile: the question stays.
        Put();
        Assert.IsType<CommandOutcome.Accepted>(await scene.DenyAsync(run.RunId, "not today"));
        var (frame, _) = await scene.FinishAsync(run.RunId, socket);

        Assert.Equal(0, scene.Read.Runs);
        Assert.Contains("not today", Assert.Single(Outputs(frame, "call_1")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Approval_ServerStopsAndTheRuleIsGone_TheCallStillWaitsForAPerson()
    {
        Put(ToolCalled("read", RuleEffect.Approval));
        await using var scene = await SceneAsync();
        var (run, _) = await scene.AskAsync(Call("call_1", "read", "{}"));
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        Put();
        await scene.Host.RestartAsync();
        await scene.Host.Runs.ResumeAsync(await scene.Host.Runs.RecoverAsync(CancellationToken.None), CancellationToken.None);
        await scene.Host.SeeTimesAsync(run.RunId, RunEventTypes.RunWaiting, 2);
        Assert.Equal(0, scene.Read.Runs);
        Assert.IsType<CommandOutcome.Accepted>(await scene.ApproveAsync(run.RunId));
        var (_, events) = await scene.FinishAsync(run.RunId, await scene.Upstream.NextSocketAsync());

        Assert.Equal(1, scene.Read.Runs);
        Assert.Single(events, e => e.Type == RunEventTypes.ApprovalRequested);
    }

    [Fact]
    public async Task Approval_StandingPermissionCoversTheCall_APersonIsAskedAllTheSame()
    {
        Put(ToolCalled("orders_place", RuleEffect.Approval));
        await using var scene = await SceneAsync(services => services.AddSingleton<IApprovalGrants, EverythingIsGranted>());
        var (run, socket) = await scene.AskAsync(OrderCall());
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);
        Assert.Empty(scene.Order.Orders);

        Assert.IsType<CommandOutcome.Accepted>(await scene.ApproveAsync(run.RunId));
        await scene.FinishAsync(run.RunId, socket);
        Assert.Single(scene.Order.Orders);
    }

    [Fact]
    public async Task Alert_EachMoment_IsAnEventOfTheRunAndTheRunGoesOn()
    {
        Put(new SupervisionRule("rul_1", 1, "Look first", new() { Kind = RuleConditionKind.Text, Speaker = RuleSpeaker.Person, Value = "pumps" }, RuleEffect.Alert));
        await using var scene = await SceneAsync();
        var (run, socket) = await scene.AskAsync(Call("call_1", "read", "{}"));
        var (_, events) = await scene.FinishAsync(run.RunId, socket);

        // In the append of the question itself: nobody sees one without the other.
        Assert.Equal(
            [RunEventTypes.RunCreated, RunEventTypes.UserMessage, RunEventTypes.RuleFired, RunEventTypes.RunStarted],
            events.Take(4).Select(e => e.Type));
        var fired = Assert.IsType<RuleFired>(events[2].Payload);
        Assert.Equal(new RuleFired("rul_1", 1, "Look first", RuleEffect.Alert, "what the person says contains “pumps”.", 2), fired);
        Assert.Equal(1, scene.Read.Runs);
    }

    [Fact]
    public async Task Pause_ExpressionTakesTooLong_CountsAsMetAndSaysSo_AndTheOtherRulesGoOn()
    {
        Put(
            new SupervisionRule(
                "rul_slow", 1, "Slow", new() { Kind = RuleConditionKind.Text, Speaker = RuleSpeaker.Person, Comparison = RuleComparison.Matches, Value = Slow }, RuleEffect.Pause),
            ToolCalled("read", RuleEffect.Alert));
        await using var scene = await SceneAsync();
        var (run, socket) = await scene.AskAsync(Call("call_1", "read", "{}"));
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        var paused = (await scene.Host.Database.Events.FindAsync(run.RunId, CancellationToken.None))!;
        Assert.Equal(EventActor.Rule("rul_slow"), paused.Pause!.Actor);
        Assert.Equal($"Rule “Slow”: {RuleSentences.Undecided}", paused.Pause.Reason);
        Assert.Equal(0, scene.Read.Runs);
        await ResumeAsync(scene, run);
        var (_, events) = await scene.FinishAsync(run.RunId, socket);

        var fired = events.Where(e => e.Type == RunEventTypes.RuleFired).Select(e => (RuleFired)e.Payload!).ToArray();
        Assert.Equal(["rul_slow", "rul_1"], fired.Select(one => one.RuleId));
        Assert.Equal([true, null], fired.Select(one => one.Undecided));
        Assert.Equal(1, scene.Read.Runs);
    }

    [Fact]
    public async Task Pause_ToolThatTheUpstreamRunsItself_PausesBeforeTheNextTool()
    {
        Put(ToolCalled("web_search", RuleEffect.Pause));
        await using var scene = await SceneAsync();
        const string Search = """{"type":"response.output_item.done","output_index":0,"item":{"id":"ws_1","type":"web_search_call","status":"completed","action":{"type":"search","query":"seal kit"}}}""";
        var (run, socket) = await scene.AskAsync(Search, Call("call_1", "read", "{}", 1));
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        Assert.Equal(0, scene.Read.Runs);
        await ResumeAsync(scene, run);
        var (_, events) = await scene.FinishAsync(run.RunId, socket);

        Assert.Equal(1, scene.Read.Runs);
        Assert.Equal("the tool web_search is called.", Assert.IsType<RuleFired>(Assert.Single(events, e => e.Type == RunEventTypes.RuleFired).Payload).Because);
    }

    private static SupervisionRule ToolCalled(string tool, RuleEffect effect) =>
        new("rul_1", 1, "Look first", new() { Kind = RuleConditionKind.ToolCalled, Tool = tool }, effect);

    private static async Task ResumeAsync(ApprovalScene scene, RunSummary run) => Assert.IsType<CommandOutcome.Accepted>(
        await scene.Host.Runs.AskAsync(run.RunId, new RunCommand.Continue(Supervisor, "looked at"), CancellationToken.None));

    private void Put(params SupervisionRule[] rules) => _rules.Replace(rules);

    private Task<ApprovalScene> SceneAsync(Action<IServiceCollection>? add = null) => StartAsync(add: services =>
    {
        services.AddSingleton<IRunRules>(_rules);
        add?.Invoke(services);
    });

    private sealed class EverythingIsGranted : IApprovalGrants
    {
        public Task<ApprovalGrant?> FindAsync(GrantedCall call, CancellationToken cancellationToken) =>
            Task.FromResult<ApprovalGrant?>(new ApprovalGrant("grt_1", RunHost.Owner, DateTimeOffset.MaxValue));
    }
}
