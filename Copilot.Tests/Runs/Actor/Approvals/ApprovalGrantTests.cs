using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Grants;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Tools;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Runs;
using Copilot.Web.Runs.Grants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static Copilot.Tests.Runs.Actor.Approvals.ApprovalScene;

namespace Copilot.Tests.Runs.Actor.Approvals;

/// <summary>Permissions that are given once: what they cover, and what they never do.</summary>
public sealed class ApprovalGrantTests
{
    private static readonly ChangedBy s_owner = new("usr_1", "Una", "page");
    private static readonly GrantRequest s_here = new(GrantScope.Session, TimeSpan.FromHours(8));
    private static readonly GrantRequest s_agent = new(GrantScope.Agent, TimeSpan.FromDays(7));

    private static readonly GrantedCall s_order = new(new RunOwner("usr_1", "team_default"), "ses_1", "agt_default", "orders_place", null);

    private readonly ScriptedAccess _access = new();

    [Fact]
    public async Task Remember_InThisConversation_CoversTheNextCallUntilItIsRevoked()
    {
        await using var scene = await StartAsync();
        await RememberAsync(scene, s_here);
        var grant = Assert.Single(await Grants(scene).ListAsync("usr_1", CancellationToken.None));
        Assert.Equal("orders_place", grant.Tool);
        Assert.Equal(GrantScope.Session, grant.Scope);
        Assert.Equal("ses_1", grant.ScopeId);
        Assert.Equal(scene.Clock.GetUtcNow() + TimeSpan.FromHours(8), grant.ExpiresAt);

        var (run, socket) = await scene.AskAsync(OrderCall());
        var (_, events) = await scene.FinishAsync(run.RunId, socket);

        Assert.Equal(2, scene.Order.Orders.Count);
        Assert.DoesNotContain(events, e => e.Type == RunEventTypes.RunWaiting);
        Assert.Equal(
            [RunEventTypes.ApprovalRequested, RunEventTypes.ApprovalApproved, RunEventTypes.ToolStarted],
            Between(events, RunEventTypes.ApprovalRequested, RunEventTypes.ToolStarted));
        var approved = events.Only(RunEventTypes.ApprovalApproved);
        Assert.Equal("usr_1", approved.Actor!.Id);
        Assert.Equal(grant.Id, approved.Text("grant_id"));
        Assert.Equal(RunTime.ToMicroseconds(grant.ExpiresAt), approved.Number("grant_expires_micros"));

        Assert.True((await Grants(scene).RevokeAsync(s_owner, grant.Id, CancellationToken.None)).Succeeded);
        Assert.False((await Grants(scene).RevokeAsync(s_owner, grant.Id, CancellationToken.None)).Succeeded);
        await AssertAsksAsync(scene, RunHost.Request("Order two pumps", "ses_1"));
        await using var db = await scene.Host.Database.Contexts.CreateDbContextAsync();
        Assert.Equal(
            [AuditAction.PermissionGiven, AuditAction.PermissionRevoked],
            await db.PeopleAudit.Where(row => row.ObjectId == grant.Id).OrderBy(row => row.Id).Select(row => row.Action).ToListAsync());
    }

    [Fact]
    public async Task Find_AnythingElse_IsAsked()
    {
        await using var scene = await StartAsync();
        await RememberAsync(scene, s_here);

        var elsewhere = RunHost.Request("Order two pumps", "ses_2");
        await AssertAsksAsync(scene, elsewhere);
        await AssertAsksAsync(scene, elsewhere with
        {
            SessionId = "ses_3",
            Owner = new RunOwner("usr_2", "team_default"),
            Actor = new EventActor("usr_2", "Staff"),
        });
        scene.Clock.Advance(TimeSpan.FromHours(8));
        await AssertAsksAsync(scene, RunHost.Request("Order two pumps", "ses_1"));
    }

    [Fact]
    public async Task Remember_ForTheAgent_CoversOtherConversationsOfThePersonAlone()
    {
        await using var scene = await StartAsync();
        await RememberAsync(scene, s_agent);

        var elsewhere = RunHost.Request("Order two pumps", "ses_2");
        var (run, socket) = await scene.AskAsync(elsewhere, OrderCall());
        await scene.FinishAsync(run.RunId, socket);
        Assert.Equal(2, scene.Order.Orders.Count);
        await AssertAsksAsync(scene, elsewhere with { SessionId = "ses_3", Agent = elsewhere.Agent with { Id = "agt_other" } });
        await AssertAsksAsync(scene, elsewhere with
        {
            SessionId = "ses_4",
            Owner = new RunOwner("usr_2", "team_default"),
            Actor = new EventActor("usr_2", "Staff"),
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Never_RulesOutTheNextCallsUntilItIsRevoked_AlsoWhatIsAskedAboutEachTime(bool eachTime)
    {
        await using var scene = await StartAsync(eachTime ? options => options.AskEachTime.Add("orders_place") : null);
        if (!eachTime)
        {
            // One against it counts, however long one for it does.
            await RememberAsync(scene, s_agent);
        }

        await Grants(scene).AddAsync(s_owner, s_order, s_here, denies: true, CancellationToken.None);
        var before = scene.Order.Orders.Count;
        var (run, socket) = await scene.AskAsync(OrderCall());
        var (frame, events) = await scene.FinishAsync(run.RunId, socket);

        Assert.Equal(before, scene.Order.Orders.Count);
        Assert.DoesNotContain(events, e => e.Type == RunEventTypes.RunWaiting);
        var denied = events.Only(RunEventTypes.ApprovalDenied);
        var ruled = (await Grants(scene).ListAsync("usr_1", CancellationToken.None)).Single(grant => grant.Denies);
        Assert.Equal("usr_1", denied.Actor!.Id);
        Assert.Equal(ruled.Id, denied.Text("grant_id"));
        Assert.Equal(RunTime.ToMicroseconds(ruled.ExpiresAt), denied.Number("grant_expires_micros"));
        Assert.Contains(denied.Text("reason")!, Assert.Single(Outputs(frame, "call_1")), StringComparison.Ordinal);

        Assert.True((await Grants(scene).RevokeAsync(s_owner, ruled.Id, CancellationToken.None)).Succeeded);
        if (eachTime)
        {
            await scene.Host.Runs.WhenIdleAsync().Soon("the run is let go");
            await AssertAsksAsync(scene, RunHost.Request("Order two pumps", "ses_1"));
        }
    }

    [Fact]
    public async Task Never_IsChosenAtACallThatWaits_DeniesItAndTheNext()
    {
        await using var scene = await StartAsync(options => options.FourEyes.Add("orders_place"));
        var (run, socket) = await scene.AskAsync(OrderCall());
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);
        Assert.True((await Remember(scene).DecideAsync(s_owner, run, Choice("call_1", s_here, approve: false), CancellationToken.None)).Accepted);
        var (_, events) = await scene.FinishAsync(run.RunId, socket);
        Assert.Null(events.Only(RunEventTypes.ApprovalDenied).Text("grant_id"));
        await scene.Host.Runs.WhenIdleAsync().Soon("the run is let go");

        var (next, again) = await scene.AskAsync(OrderCall());
        var (_, later) = await scene.FinishAsync(next.RunId, again);

        Assert.NotNull(later.Only(RunEventTypes.ApprovalDenied).Text("grant_id"));
        Assert.Empty(scene.Order.Orders);
    }

    [Fact]
    public async Task Find_GiverMayNoLongerApprove_IsAsked()
    {
        await using var scene = await StartAsync();
        await RememberAsync(scene, s_here);

        _access.Allows = (_, _, _) => false;

        await AssertAsksAsync(scene, RunHost.Request("Order two pumps", "ses_1"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Remember_ToolThatIsAskedAboutEachTime_IsRefusedAndNeverCovered(bool fourEyes)
    {
        await using var scene = await StartAsync(options => (fourEyes ? options.FourEyes : options.AskEachTime).Add("orders_place"));
        var (run, socket) = await scene.AskAsync(OrderCall());
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);

        Assert.Equal(RefusalCode.Conflict, (await Remember(scene).DecideAsync(s_owner, run, Choice("call_1", s_here), CancellationToken.None)).Code);
        await scene.DenyAsync(run.RunId);
        await scene.FinishAsync(run.RunId, socket);
        await scene.Host.Runs.WhenIdleAsync().Soon("the run is let go");

        // One from before the tool became so.
        await Grants(scene).AddAsync(
            s_owner, new GrantedCall(new RunOwner("usr_1", "team_default"), "ses_1", "agt_default", "orders_place", null), s_here, denies: false, CancellationToken.None);
        await AssertAsksAsync(scene, RunHost.Request("Order two pumps", "ses_1"));
        Assert.Empty(scene.Order.Orders);
    }

    [Fact]
    public async Task Find_ToolOfAServer_CoversThatServersToolOnly()
    {
        await using var scene = await StartAsync();
        var (run, socket) = await scene.AskAsync(McpRequest("mcpr_1"));
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);
        Assert.True((await Remember(scene).DecideAsync(s_owner, run, Choice("mcpr_1", s_agent), CancellationToken.None)).Accepted);
        await scene.FinishAsync(run.RunId, socket);
        await scene.Host.Runs.WhenIdleAsync().Soon("the run is let go");

        var (next, again) = await scene.AskAsync(McpRequest("mcpr_2"));
        var (_, events) = await scene.FinishAsync(next.RunId, again);

        Assert.NotNull(events.Only(RunEventTypes.ApprovalApproved).Text("grant_id"));
        var owner = new RunOwner("usr_1", "team_default");
        Assert.Null(await Grants(scene).FindAsync(new GrantedCall(owner, "ses_1", "agt_default", "refund", null), CancellationToken.None));
        Assert.Null(await Grants(scene).FindAsync(new GrantedCall(owner, "ses_1", "agt_default", "refund", "other"), CancellationToken.None));
    }

    [Fact]
    public async Task Find_PermissionsCannotBeRead_IsAsked()
    {
        await using var scene = await ApprovalScene.StartAsync(add: services => services.AddSingleton<IApprovalGrants, BrokenGrants>());

        await AssertAsksAsync(scene, RunHost.Request("Order two pumps", "ses_1"));
    }

    private Task<ApprovalScene> StartAsync(Action<ToolOptions>? configure = null) => ApprovalScene.StartAsync(configure, add: services =>
    {
        services.AddSingleton<IRunAccess>(_access);
        services.AddSingleton<PersonStore>();
        services.AddSingleton<PeopleAudit>();
        services.AddSingleton<DecideApproval>();
        services.AddSingleton<ApprovalGrants>();
        services.AddSingleton<IApprovalGrants>(provider => provider.GetRequiredService<ApprovalGrants>());
        services.AddSingleton<RememberApproval>();
    });

    private static ApprovalGrants Grants(ApprovalScene scene) => scene.Host.Database.Services.GetRequiredService<ApprovalGrants>();

    private static RememberApproval Remember(ApprovalScene scene) => scene.Host.Database.Services.GetRequiredService<RememberApproval>();

    private static ApprovalChoice Choice(string callId, GrantRequest request, bool approve = true) => new(callId, approve, null, null) { Remember = request };

    private static async Task RememberAsync(ApprovalScene scene, GrantRequest request)
    {
        var (run, socket) = await scene.AskAsync(OrderCall());
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);
        Assert.True((await Remember(scene).DecideAsync(s_owner, run, Choice("call_1", request), CancellationToken.None)).Accepted);
        var (_, events) = await scene.FinishAsync(run.RunId, socket);
        Assert.Null(events.Only(RunEventTypes.ApprovalApproved).Text("grant_id"));
        await scene.Host.Runs.WhenIdleAsync().Soon("the run is let go");
    }

    private static async Task AssertAsksAsync(ApprovalScene scene, RunRequest request)
    {
        var before = scene.Order.Orders.Count;
        var (run, socket) = await scene.AskAsync(request, OrderCall());
        await scene.Host.SeeAsync(run.RunId, RunEventTypes.RunWaiting);
        await scene.DenyAsync(run.RunId);
        await scene.FinishAsync(run.RunId, socket);
        await scene.Host.Runs.WhenIdleAsync().Soon("the run is let go");
        Assert.Equal(before, scene.Order.Orders.Count);
    }

    private sealed class BrokenGrants : IApprovalGrants
    {
        public Task<ApprovalGrant?> FindAsync(GrantedCall call, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("The table is gone.");
    }
}
