using Copilot.Domain.Runs.Events;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Components.Alerts;
using Copilot.Web.Runs;
using Copilot.Web.Supervision;
using Copilot.Web.Supervision.Claims;
using Copilot.Web.Supervision.Alerts;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Supervision.Alerts;

/// <summary>Alerts from when they are raised until they are cleared, and whose they are in between.</summary>
public sealed class RunAlertsTests : SupervisionScene
{
    private static readonly TimeSpan s_escalateAfter = new AlertOptions().EscalateAfter;

    [Fact]
    public async Task Apply_SignThatStands_IsRaisedOnceAndClearedWhenItGoes()
    {
        var changed = Alerts.Changed;
        await ApplyAsync(Sign("silent"));
        await changed.Soon("those who wait are told");
        var raised = Assert.Single(Alerts.Open);

        var second = Alerts.Changed;
        await ApplyAsync(Sign("silent"));

        Assert.False(second.IsCompleted);
        Assert.Same(raised, Assert.Single(Alerts.Open));
        Assert.Equal(1, Alerts.Waiting(Team).Count);
        Assert.Equal(0, Alerts.Waiting(OtherTeam).Count);

        // Right after a start not all runs are known again.
        await Alerts.ApplyAsync([], clears: false, CancellationToken.None);
        Assert.Single(Alerts.Open);
        await ApplyAsync();
        Assert.Empty(Alerts.Open);

        // The next time is another alert.
        await ApplyAsync(Sign("silent"));
        Assert.NotEqual(raised.Id, Assert.Single(Alerts.Open).Id);
    }

    [Fact]
    public async Task Apply_NobodyClaimsIt_EscalatesOnce()
    {
        await ApplyAsync(Sign("silent"));
        Assert.Equal(_clock.GetUtcNow() + s_escalateAfter, Alerts.NextAt(_clock.GetUtcNow()));
        _clock.Advance(s_escalateAfter);

        await ApplyAsync(Sign("silent"));

        var escalated = Assert.Single(Alerts.Open);
        Assert.Equal(_clock.GetUtcNow(), escalated.EscalatedAt);
        var changed = Alerts.Changed;
        _clock.Advance(s_escalateAfter);
        await ApplyAsync(Sign("silent"));
        Assert.False(changed.IsCompleted);
        Assert.Null(Alerts.NextAt(_clock.GetUtcNow()));
    }

    [Fact]
    public async Task Claim_ByTwoAtOnce_CountsForOneAndTellsTheOtherWho()
    {
        await ApplyAsync(Sign("silent"));
        var id = Assert.Single(Alerts.Open).Id;

        var results = await Task.WhenAll(
            Task.Run(() => Alerts.ClaimAsync(Supervisor, id, CancellationToken.None)),
            Task.Run(() => Alerts.ClaimAsync(SecondSupervisor, id, CancellationToken.None)));

        var owner = Assert.Single(Alerts.Open).Owner!;
        var lost = Assert.Single(results, result => !result.Accepted);
        Assert.Equal(RefusalCode.Conflict, lost.Code);
        Assert.Equal(RunClaimsText.ClaimedBy(owner.Name), lost.Problem);
        Assert.Equal(owner, Presence.ClaimOf("run_1"));
        _clock.Advance(s_escalateAfter);
        await ApplyAsync(Sign("silent") with { Claim = owner });
        Assert.Null(Assert.Single(Alerts.Open).EscalatedAt);
    }

    [Fact]
    public async Task Apply_RunClaimedOnTheWall_IsOwnedUntilItIsReleasedThere()
    {
        await ApplyAsync(Sign("silent"));
        var claim = new RunClaim(Supervisor, "sue", _clock.GetUtcNow());

        await ApplyAsync(Sign("silent") with { Claim = claim });
        Assert.Equal(claim, Assert.Single(Alerts.Open).Owner);
        Assert.Equal(0, Alerts.Waiting(Team).Count);

        await ApplyAsync(Sign("silent"));
        Assert.Null(Assert.Single(Alerts.Open).Owner);
    }

    [Fact]
    public async Task Release_ByWhoHasIt_GivesTheRunBack()
    {
        await ApplyAsync(Sign("silent"));
        var id = Assert.Single(Alerts.Open).Id;
        await Alerts.ClaimAsync(Supervisor, id, CancellationToken.None);

        Assert.Equal(RefusalCode.Conflict, (await Alerts.ReleaseAsync(SecondSupervisor, id, CancellationToken.None)).Code);
        Assert.True((await Alerts.ReleaseAsync(Supervisor, id, CancellationToken.None)).Accepted);

        Assert.Null(Presence.ClaimOf("run_1"));
        Assert.Equal(1, Alerts.Waiting(Team).Count);
    }

    [Fact]
    public async Task Snooze_RestsUntilItsTimeAndThenEscalates()
    {
        await ApplyAsync(Sign("silent"));
        var rest = TimeSpan.FromMinutes(15);
        Assert.True((await Alerts.SnoozeAsync(Supervisor, Assert.Single(Alerts.Open).Id, rest, CancellationToken.None)).Accepted);
        Assert.Equal(0, Alerts.Waiting(Team).Count);
        var entry = Assert.Single((await Alerts.ReadAsync(SecondSupervisor, CancellationToken.None))!);
        Assert.EndsWith(" by sue", AlertText.State(entry, _clock.GetUtcNow(), TimeZoneInfo.Utc), StringComparison.Ordinal);
        _clock.Advance(s_escalateAfter);
        await ApplyAsync(Sign("silent"));
        Assert.Null(Assert.Single(Alerts.Open).EscalatedAt);

        var changed = Alerts.Changed;
        _clock.Advance(rest - s_escalateAfter);
        await ApplyAsync(Sign("silent"));

        await changed.Soon("the end of the snooze is told");
        Assert.Equal(1, Alerts.Waiting(Team).Count);
        _clock.Advance(s_escalateAfter);
        await ApplyAsync(Sign("silent"));
        Assert.NotNull(Assert.Single(Alerts.Open).EscalatedAt);
        Assert.Equal(RefusalCode.Invalid, (await Alerts.SnoozeAsync(Supervisor, "alr_1", TimeSpan.FromDays(2), CancellationToken.None)).Code);
    }

    [Fact]
    public async Task Acknowledge_IsLeftAtThat()
    {
        await ApplyAsync(Sign("silent"));

        Assert.True((await Alerts.AcknowledgeAsync(Supervisor, Assert.Single(Alerts.Open).Id, CancellationToken.None)).Accepted);

        var seen = Assert.Single(Alerts.Open);
        Assert.Equal("sue", seen.AcknowledgedBy);
        Assert.Equal(_clock.GetUtcNow(), seen.AcknowledgedAt);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.True((await Alerts.AcknowledgeAsync(SecondSupervisor, seen.Id, CancellationToken.None)).Accepted);
        Assert.Equal(seen, Assert.Single(Alerts.Open));
        Assert.Equal(0, Alerts.Waiting(Team).Count);
        _clock.Advance(s_escalateAfter);
        await ApplyAsync(Sign("silent"));
        Assert.Null(Assert.Single(Alerts.Open).EscalatedAt);
    }

    [Fact]
    public async Task Alerts_OfAnotherTeam_AreNotThere()
    {
        await ApplyAsync(Sign("silent"));
        var id = Assert.Single(Alerts.Open).Id;

        Assert.Single((await Alerts.ReadAsync(Supervisor, CancellationToken.None))!);
        Assert.Single((await Alerts.ReadAsync(Admin, CancellationToken.None))!);
        Assert.Empty((await Alerts.ReadAsync(OtherSupervisor, CancellationToken.None))!);
        Assert.Null(await Alerts.ReadAsync(Staff, CancellationToken.None));
        foreach (var userId in (string[])[OtherSupervisor, Staff])
        {
            Assert.Equal(RefusalCode.NotFound, (await Alerts.ClaimAsync(userId, id, CancellationToken.None)).Code);
            Assert.Equal(RefusalCode.NotFound, (await Alerts.AcknowledgeAsync(userId, id, CancellationToken.None)).Code);
        }
    }

    [Fact]
    public async Task Claim_OfARequestForHelp_AcceptsIt()
    {
        var run = await StartRunAsync(Staff);
        await Help.RequestAsync(Staff, run.RunId, "why", callId: null, CancellationToken.None);
        await ApplyAsync(Sign(AlertEngine.HelpRequested) with { RunId = run.RunId });

        Assert.True((await Alerts.ClaimAsync(Supervisor, Assert.Single(Alerts.Open).Id, CancellationToken.None)).Accepted);

        Assert.Equal("sue", Help.Find(run.RunId)?.Helper?.Name);
    }

    [Fact]
    public async Task Apply_RulesOfOneRun_AreAlertsOfTheirOwnThatWaitForSomebodyAfterItsEnd()
    {
        await ApplyAsync(RuleSign("rul_1", 1), RuleSign("rul_2", 1));
        Assert.Equal(["Rule rul_1", "Rule rul_2"], Alerts.Open.Select(alert => alert.RuleName).Order());

        // The run is over, and nobody has looked.
        await ApplyAsync();
        Assert.Equal(2, Alerts.Waiting(Team).Count);
        var first = Alerts.Open.Single(alert => alert.RuleId == "rul_1");
        Assert.True((await Alerts.AcknowledgeAsync(Supervisor, first.Id, CancellationToken.None)).Accepted);
        await ApplyAsync();

        Assert.Equal("rul_2", Assert.Single(Alerts.Open).RuleId);
        using var restarted = ActivatorUtilities.CreateInstance<RunAlerts>(_host.Services);
        await restarted.LoadAsync(CancellationToken.None);
        Assert.Equal(Alerts.Open, restarted.Open);
    }

    [Fact]
    public async Task Apply_RuleFiresAgain_CountsOnAndIsRaisedAnewForWhoHasAcknowledgedIt()
    {
        await ApplyAsync(RuleSign("rul_1", 1));
        var raised = Assert.Single(Alerts.Open);
        await ApplyAsync(RuleSign("rul_1", 2));
        Assert.Equal(raised with { Firings = 2, Seq = 20 }, Assert.Single(Alerts.Open));

        await Alerts.AcknowledgeAsync(Supervisor, raised.Id, CancellationToken.None);
        await ApplyAsync(RuleSign("rul_1", 2));
        Assert.Equal(0, Alerts.Waiting(Team).Count);
        await ApplyAsync(RuleSign("rul_1", 3));
        await ApplyAsync(RuleSign("rul_1", 3));

        Assert.Equal(1, Alerts.Waiting(Team).Count);
        Assert.NotEqual(raised.Id, Assert.Single(Alerts.Open).Id);
    }

    [Fact]
    public async Task Load_AfterARestart_HasTheAlertsAndTheirOwners()
    {
        await ApplyAsync(Sign("silent"), Sign("tool_overdue"));
        await Alerts.ClaimAsync(Supervisor, Alerts.Open.First(alert => alert.Kind == "silent").Id, CancellationToken.None);

        using var restarted = ActivatorUtilities.CreateInstance<RunAlerts>(_host.Services);
        await restarted.LoadAsync(CancellationToken.None);

        Assert.Equal(Alerts.Open.OrderBy(alert => alert.Id), restarted.Open.OrderBy(alert => alert.Id));
    }

    [Fact]
    public async Task Apply_AddressThatWantsTheKind_HasAReportOfEachChange()
    {
        await ApplyAsync(Sign("tool_overdue"), Sign("silent"));
        _clock.Advance(s_escalateAfter);
        await ApplyAsync(Sign("tool_overdue"), Sign("silent"));
        await ApplyAsync();

        var due = await _host.Services.GetRequiredService<AlertReports>().ReadDueAsync(10, CancellationToken.None);

        Assert.Equal(3, due.Count);
        Assert.Single(due.Select(report => report.AlertId).Distinct());
        Assert.Equal(["cleared", "escalated", "raised"], due.Select(report => report.Id.Split('_')[^2]).Order());
    }

    private static AlertSign Sign(string kind) => new("run_1", "ses_1", new RunOwner("usr_1", Team), kind, Tool: null, Claim: null);

    private Task ApplyAsync(params AlertSign[] signs) => Alerts.ApplyAsync(signs, clears: true, CancellationToken.None);

    private static AlertSign RuleSign(string ruleId, int firings) =>
        Sign("rule_fired") with { RuleId = ruleId, RuleName = $"Rule {ruleId}", Firings = firings, Seq = firings * 10 };
}
