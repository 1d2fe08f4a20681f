using System.Net;
using Copilot.Domain.Audit;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries.Supervision;
using Copilot.Tests.Api;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Runs;
using Copilot.Web.Supervision.Rules;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Supervision.Rules;

/// <summary>Who may write which rule, by page and by API, and that it counts at once.</summary>
public sealed class SupervisionRulesTests : RuleScene
{
    [Fact]
    public async Task Create_BySupervisor_IsForTheirTeamInForceAtOnceAndAfterARestart()
    {
        var changed = InForce.Changed;
        var created = await Rules.CreateAsync(TestKeys.Owner(Supervisor), s_draft, CancellationToken.None);

        Assert.True(created.Result.Accepted);
        await changed.Soon("the board is told");
        var rule = Assert.Single(InForce.Evaluators).Rule;
        Assert.Equal(Team, rule.TeamId);
        Assert.True(InForce.IsInForce(rule.Id));

        var restarted = new RulesInForce(Microsoft.Extensions.Logging.Abstractions.NullLogger<RulesInForce>.Instance);
        using var rules = ActivatorUtilities.CreateInstance<SupervisionRules>(_host.Services, restarted);
        await rules.LoadAsync(CancellationToken.None);
        Assert.Equal(rule, Assert.Single(restarted.Evaluators).Rule);
    }

    [Fact]
    public async Task Changes_EachWithItsAuthor_AreInTheAudit()
    {
        var id = await CreateAsync(Supervisor);
        Assert.True((await Rules.SwitchAsync(TestKeys.Owner(Supervisor), id, isOn: false, CancellationToken.None)).Result.Accepted);
        Assert.Empty(InForce.Evaluators);
        Assert.True((await Rules.ChangeAsync(TestKeys.Owner(Admin), id, s_draft with { Name = "Huge orders", TeamId = Team }, CancellationToken.None)).Result.Accepted);
        Assert.Equal(2, Assert.Single(InForce.Evaluators).Rule.Revision);
        Assert.True((await Rules.RemoveAsync(TestKeys.Owner(Supervisor), id, CancellationToken.None)).Result.Accepted);
        Assert.Empty(InForce.Evaluators);

        var audit = await _host.Services.GetRequiredService<PeopleAudit>().NewestAsync(TestKeys.Owner(Admin), 20, CancellationToken.None);
        var about = audit!.Where(entry => entry.Action.StartsWith("rule_", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            [AuditAction.RuleRemoved, AuditAction.RuleChanged, AuditAction.RuleChanged, AuditAction.RuleCreated],
            about.Select(entry => entry.Action));
        Assert.Equal("When quantity of any tool is above 500 in runs of team_default: require approval of the call.", about[^1].After);
        Assert.All(about, entry => Assert.Equal(id, entry.ObjectId));
    }

    [Fact]
    public async Task Rules_OfOtherTeams_AreNotThere()
    {
        var id = await CreateAsync(Supervisor);
        var all = await CreateAsync(Admin);
        var other = TestKeys.Owner(OtherSupervisor);

        Assert.Equal(RefusalCode.NotFound, (await Rules.RemoveAsync(other, id, CancellationToken.None)).Result.Code);
        Assert.Equal(RefusalCode.NotFound, (await Rules.ChangeAsync(other, id, s_draft, CancellationToken.None)).Result.Code);
        Assert.Equal(RefusalCode.Denied, (await Rules.SwitchAsync(other, all, isOn: false, CancellationToken.None)).Result.Code);
        Assert.Equal(RefusalCode.Invalid, (await Rules.CreateAsync(other, s_draft with { TeamId = Team }, CancellationToken.None)).Result.Code);
        Assert.Equal(RefusalCode.NotFound, (await Rules.CreateAsync(TestKeys.Owner(Staff), s_draft, CancellationToken.None)).Result.Code);

        // What binds their team they see, and cannot change.
        var seen = Assert.Single((await Rules.ReadAsync(OtherSupervisor, CancellationToken.None))!);
        Assert.Equal(all, seen.What.Id);
        Assert.False(seen.IsTheirs);
        Assert.Equal(2, (await Rules.ReadAsync(SecondSupervisor, CancellationToken.None))!.Count);
        Assert.Null(await Rules.ReadAsync(Staff, CancellationToken.None));
        Assert.Equal(2, InForce.Evaluators.Count);
    }

    [Fact]
    public async Task Change_SomebodyWasFaster_IsRefusedWithTheirName()
    {
        var id = await CreateAsync(Supervisor);
        await Rules.ChangeAsync(TestKeys.Owner(SecondSupervisor), id, s_draft with { Name = "Other", Revision = 1 }, CancellationToken.None);

        var late = await Rules.ChangeAsync(TestKeys.Owner(Supervisor), id, s_draft with { Revision = 1 }, CancellationToken.None);

        Assert.Equal(RefusalCode.Conflict, late.Result.Code);
        Assert.Equal("Other", Assert.Single(InForce.Evaluators).Rule.Name);
    }

    [Fact]
    public async Task Note_NewestFiring_IsWhatTheListShows()
    {
        var id = await CreateAsync(Supervisor);
        RuleFiring Firing(int minute) => new(id, 1, "Large orders", RuleEffect.Approval, _clock.GetUtcNow().AddMinutes(minute), 40 + minute, 1);

        await Rules.NoteAsync([("run_2", Firing(2)), ("run_1", Firing(1))], CancellationToken.None);
        await Rules.NoteAsync([("run_0", Firing(0))], CancellationToken.None);

        var rule = Assert.Single((await Rules.ReadAsync(Supervisor, CancellationToken.None))!);
        Assert.Equal("run_2", rule.FiredRunId);
        Assert.Equal(42, rule.FiredSeq);
    }

    [Fact]
    public async Task Api_Supervisor_TriesWritesListsChangesAndRemoves()
    {
        using var supervisor = await ProgramAsync(Supervisor);
        await StoreRunAsync("one", Staff, Team, _clock.GetUtcNow().AddDays(-1), 900, 2, 501);
        using var tried = await supervisor.PostAsync("/api/rules/try", Json(LargeOrder));
        var trial = await RunApiTests.JsonAsync(tried);

        Assert.Equal(2, trial.GetProperty("count").GetInt32());
        Assert.Equal("run_one", trial.GetProperty("moments")[0].GetProperty("run_id").GetString());
        var shown = Assert.Single(await AccessAsync(AccessActions.RuleTried));
        Assert.Equal(Supervisor, shown.ActorId);
        Assert.Equal("When quantity of any tool is above 500 in runs of team_default: require approval of the call.", shown.ObjectId);
        Assert.Equal(SupervisionRulesText.Shown(1), shown.After);
        Assert.Empty(InForce.Evaluators);

        using var created = await supervisor.PostAsync("/api/rules", Json(LargeOrder));
        var rule = await RunApiTests.JsonAsync(created);
        var address = $"/api/rules/{rule.GetProperty("id").GetString()}";
        using var off = await supervisor.PutAsync(address, Json(LargeOrder[..^1] + ""","on":false,"revision":1}"""));
        using var list = await supervisor.GetAsync("/api/rules");
        using var removed = await supervisor.DeleteAsync(address);
        using var again = await supervisor.DeleteAsync(address);

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(Team, rule.GetProperty("team_id").GetString());
        Assert.False((await RunApiTests.JsonAsync(off)).GetProperty("on").GetBoolean());
        Assert.Single((await RunApiTests.JsonAsync(list)).GetProperty("rules").EnumerateArray());
        Assert.Equal(HttpStatusCode.OK, removed.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Fact]
    public async Task Api_Staff_Answers404WhateverTheySend()
    {
        var id = await CreateAsync(Supervisor);
        using var staff = await ProgramAsync(Staff);

        foreach (var request in (Func<Task<HttpResponseMessage>>[])
        [
            () => staff.GetAsync("/api/rules"),
            () => staff.PostAsync("/api/rules", Json("{")),
            () => staff.PostAsync("/api/rules/try", Json(LargeOrder)),
            () => staff.PutAsync($"/api/rules/{id}", Json(LargeOrder)),
            () => staff.DeleteAsync($"/api/rules/{id}"),
        ])
        {
            using var response = await request();
            await RunApiTests.AssertProblemAsync(response, HttpStatusCode.NotFound);
        }

        Assert.Single(InForce.Evaluators);
    }

    [Theory]
    [InlineData("""{"name":"a","kind":"cost","effect":"alert"}""", "cost")]
    [InlineData("""{"name":"a","kind":"silence","seconds":9,"effect":"approval"}""", "effect")]
    [InlineData("""{"kind":"repetition","times":3,"effect":"alert"}""", "name")]
    [InlineData("""{"name":"a","kind":"text","comparison":"matches","value":"(?=a)","effect":"alert"}""", "value")]
    [InlineData("""{"name":"a","kind":"other","effect":"alert"}""", "kind")]
    [InlineData("""{"name":"a","kind":"repetition","times":3,"effect":"alert","agent":"Nobody"}""", "agent")]
    public async Task Api_RuleThatCannotBe_NamesTheField(string body, string field)
    {
        using var supervisor = await ProgramAsync(Supervisor);

        using var response = await supervisor.PostAsync("/api/rules", Json(body));

        await RunApiTests.AssertProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Equal(field, (await RunApiTests.JsonAsync(response)).GetProperty("field").GetString());
        Assert.Empty(InForce.Evaluators);
    }

    [Fact]
    public async Task Note_ExpressionTookTooLong_StaysInTheListUntilTheRuleIsChanged()
    {
        var id = await CreateAsync(Supervisor);
        RuleFiring Firing(long revision, int minute) => new(id, revision, "Large orders", RuleEffect.Approval, _clock.GetUtcNow().AddMinutes(minute), 40 + minute, 1)
        {
            UndecidedAt = _clock.GetUtcNow(),
            UndecidedAbout = 7,
        };

        // It was slow once, and has fired as usual since.
        await Rules.NoteAsync([("run_1", Firing(1, minute: 3)), ("run_2", Firing(1, minute: 4) with { UndecidedAt = null, UndecidedAbout = null })], CancellationToken.None);
        await Rules.SwitchAsync(TestKeys.Owner(Supervisor), id, isOn: false, CancellationToken.None);
        using var restarted = ActivatorUtilities.CreateInstance<SupervisionRules>(_host.Services);
        var rule = Assert.Single((await restarted.ReadAsync(Supervisor, CancellationToken.None))!);
        using var supervisor = await ProgramAsync(Supervisor);
        using var list = await supervisor.GetAsync("/api/rules");

        Assert.Equal("run_2", rule.FiredRunId);
        Assert.Equal(_clock.GetUtcNow(), rule.UndecidedAt);
        Assert.Equal("run_1", rule.UndecidedRunId);
        Assert.Equal(7, rule.UndecidedSeq);
        var told = (await RunApiTests.JsonAsync(list)).GetProperty("rules")[0].GetProperty("last_undecided");
        Assert.Equal("run_1", told.GetProperty("run_id").GetString());
        Assert.Equal(7, told.GetProperty("seq").GetInt64());

        // The new version has done nothing yet, also where a run of the old one is only told of now.
        await Rules.ChangeAsync(TestKeys.Owner(Supervisor), id, s_draft, CancellationToken.None);
        await Rules.NoteAsync([("run_1", Firing(1, minute: 5))], CancellationToken.None);
        var changed = Assert.Single((await Rules.ReadAsync(Supervisor, CancellationToken.None))!);
        Assert.Equal("run_1", changed.FiredRunId);
        Assert.Null(changed.UndecidedAt);
        Assert.Null(changed.UndecidedRunId);
    }
}
