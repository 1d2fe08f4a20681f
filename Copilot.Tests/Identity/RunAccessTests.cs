using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Identity;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Identity;

public sealed class RunAccessTests : IAsyncLifetime
{
    private static readonly RunOwner s_owner = new("usr_owner", "team_default");

    private PeopleHost _host = null!;

    private IRunAccess Access => _host.Services.GetRequiredService<IRunAccess>();

    public async ValueTask InitializeAsync()
    {
        _host = await PeopleHost.StartAsync(new HostSettings());
        await using var db = await _host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync();
        db.Teams.Add(new TeamRow { Id = "team_other", Name = "Other" });
        await db.SaveChangesAsync();
    }

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData(Roles.Staff, "team_default", false, false, false)]
    [InlineData(Roles.Supervisor, "team_default", true, false, true)]
    [InlineData(Roles.Supervisor, "team_other", false, false, false)]
    [InlineData(Roles.Admin, "team_other", true, true, true)]
    public async Task TryAcquire_OtherPersonsRun_FollowsRoleAndTeam(string role, string team, bool view, bool write, bool control)
    {
        var userId = await _host.CreatePersonAsync("anna", role, team);

        Assert.Equal(view ? new EventActor(userId, role) : null, await ActorAsync(userId, s_owner, RunAction.View));
        Assert.Equal(write ? new EventActor(userId, role) : null, await ActorAsync(userId, s_owner, RunAction.Write));
        Assert.Equal(control ? new EventActor(userId, role) : null, await ActorAsync(userId, s_owner, RunAction.Control));
        // What a supervisor may watch they may not wipe out.
        Assert.Equal(write ? new EventActor(userId, role) : null, await ActorAsync(userId, s_owner, RunAction.Erase));
    }

    [Theory]
    [InlineData(RunAction.View)]
    [InlineData(RunAction.Write)]
    [InlineData(RunAction.Control)]
    [InlineData(RunAction.Erase)]
    public async Task TryAcquire_OwnRun_IsAllowedInAnyTeam(RunAction action)
    {
        var userId = await _host.CreatePersonAsync("anna", Roles.Staff, "team_default");

        Assert.NotNull(await ActorAsync(userId, new RunOwner(userId, "team_other"), action));
    }

    [Fact]
    public async Task TryAcquire_UnknownPerson_IsRefused() =>
        Assert.Null(await ActorAsync("usr_owner", s_owner, RunAction.View));

    public static TheoryData<string> Changes => ["lock", "delete", "no roles", "team", "password", "unlock"];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task AnyChange_LeaseOut_IsRevokedWithANewStamp(string change)
    {
        var userId = await _host.CreatePersonAsync("anna", Roles.Supervisor, "team_default");
        var lease = (await Access.TryAcquireAsync(userId, s_owner, RunAction.View, CancellationToken.None))!;
        var stamp = (await _host.Persons.FindAsync(userId, CancellationToken.None))!.SecurityStamp;
        Assert.False(lease.Revoked.IsCancellationRequested);

        var result = await (change switch
        {
            "lock" => _host.People.LockAsync(userId, CancellationToken.None),
            "delete" => _host.People.DeleteAsync(userId, CancellationToken.None),
            "no roles" => _host.People.SetRolesAsync(userId, [], CancellationToken.None),
            "team" => _host.People.MoveToTeamAsync(userId, "team_other", CancellationToken.None),
            "password" => _host.People.SetPasswordAsync(userId, "another long password", CancellationToken.None),
            _ => _host.People.UnlockAsync(userId, CancellationToken.None),
        });

        Assert.Empty(result.Problems);
        Assert.True(lease.Revoked.IsCancellationRequested);
        Assert.NotEqual(stamp, (await _host.Persons.FindAsync(userId, CancellationToken.None))?.SecurityStamp);
        var isStillAllowed = change is "password" or "unlock";
        var next = await Access.TryAcquireAsync(userId, s_owner, RunAction.View, CancellationToken.None);
        Assert.Equal(isStillAllowed, next is not null);
        Assert.False(next?.Revoked.IsCancellationRequested ?? false);
    }

    [Fact]
    public async Task SetRoles_NewRole_CountsAtTheNextCall()
    {
        var userId = await _host.CreatePersonAsync("anna", Roles.Staff, "team_default");
        Assert.Null(await ActorAsync(userId, s_owner, RunAction.Control));

        await _host.People.SetRolesAsync(userId, [Roles.Staff, Roles.Supervisor], CancellationToken.None);

        Assert.Equal(new EventActor(userId, Roles.Supervisor), await ActorAsync(userId, s_owner, RunAction.Control));
    }

    [Fact]
    public async Task SetPassword_TooShort_IsReportedAndChangesNothing()
    {
        var userId = await _host.CreatePersonAsync("anna", Roles.Staff, "team_default");
        var before = await _host.Persons.FindAsync(userId, CancellationToken.None);

        var result = await _host.People.SetPasswordAsync(userId, "short", CancellationToken.None);

        Assert.NotEmpty(result.Problems);
        Assert.Equal(before!.SecurityStamp, (await _host.Persons.FindAsync(userId, CancellationToken.None))!.SecurityStamp);
    }

    [Fact]
    public async Task Create_NameTaken_IsReported()
    {
        await _host.CreatePersonAsync("anna", Roles.Staff, "team_default");

        var (id, change) = await _host.People.CreateAsync(
            new NewPerson("ANNA", "Anna", "team_default", [Roles.Admin], PeopleHost.Password), CancellationToken.None);

        Assert.Null(id);
        Assert.False(change.Succeeded);
    }

    [Fact]
    public async Task Change_UnknownPerson_IsReported() =>
        Assert.Equal(PersonChange.NotFound, await _host.People.LockAsync("usr_none", CancellationToken.None));

    private async Task<EventActor?> ActorAsync(string userId, RunOwner owner, RunAction action) =>
        (await Access.TryAcquireAsync(userId, owner, action, CancellationToken.None))?.Actor;
}
