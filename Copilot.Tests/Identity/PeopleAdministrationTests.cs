using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Identity;
using Copilot.Web.Security;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Identity;

public sealed class PeopleAdministrationTests : IAsyncLifetime
{
    private PeopleHost _host = null!;
    private string _adminId = null!;
    private ChangedBy _admin = null!;

    private PeopleAdministration Administration => _host.Services.GetRequiredService<PeopleAdministration>();

    private PeopleAudit Audit => _host.Services.GetRequiredService<PeopleAudit>();

    public static TheoryData<string> Endings => ["lock", "delete", "demote"];

    public async ValueTask InitializeAsync()
    {
        _host = await PeopleHost.StartAsync(new HostSettings());
        _adminId = await _host.CreatePersonAsync("ada", Roles.Admin, "team_default");
        _admin = TestKeys.Owner(_adminId);
    }

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task LastAdmin_CannotBeLockedDeletedOrDemoted_UntilThereIsAnother(string how)
    {
        Assert.Equal([AdministrationText.LastAdmin], (await EndAsync(how, _admin, _adminId)).Problems);
        Assert.Equal([AdministrationText.LastAdmin], (await EndAsync(how, ChangedBy.CommandLine, _adminId)).Problems);
        Assert.Empty(await AuditAsync(_adminId));

        await _host.CreatePersonAsync("bob", Roles.Admin, "team_default");

        Assert.Empty((await EndAsync(how, _admin, _adminId)).Problems);
    }

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task TwoAdmins_WhoEndEachOtherAtOnce_LeaveOne(string how)
    {
        var other = await _host.CreatePersonAsync("bob", Roles.Admin, "team_default");

        // One in this process, one by a command with services of its own.
        var command = how switch
        {
            "lock" => (string[])["people", "lock", "ada"],
            "delete" => ["people", "delete", "ada", "--yes"],
            _ => ["people", "role", "ada", "Staff"],
        };
        var results = await Task.WhenAll(
            Task.Run(async () => (await EndAsync(how, _admin, other)).Succeeded),
            Task.Run(async () => (await TestCommand.RunAsync(_host, command)).ExitCode == 0));

        Assert.Single(results, result => result);
    }

    [Fact]
    public async Task Changes_AreInTheAuditWithWhoAndFromWhere()
    {
        var userId = await _host.CreatePersonAsync("sam", Roles.Staff, "team_default");

        Assert.Empty((await Administration.SetRoleAsync(_admin, userId, "supervisor", CancellationToken.None)).Problems);
        Assert.Empty((await Administration.SetTeamAsync(_admin, userId, "Field", CancellationToken.None)).Problems);
        Assert.Empty((await Administration.LockAsync(_admin, userId, CancellationToken.None)).Problems);
        Assert.Empty((await Administration.UnlockAsync(_admin, userId, CancellationToken.None)).Problems);
        Assert.Empty((await Administration.SignOutEverywhereAsync(_admin, userId, CancellationToken.None)).Problems);
        Assert.Empty((await Administration.DeleteAsync(_admin, userId, CancellationToken.None)).Problems);

        var entries = await AuditAsync(userId);
        Assert.Equal(
            [AuditAction.Deleted, AuditAction.SignedOut, AuditAction.Unlocked, AuditAction.Locked, AuditAction.TeamChanged, AuditAction.RoleChanged],
            entries.Select(entry => entry.Action));
        Assert.All(entries, entry => Assert.Equal("127.0.0.1", entry.Origin));
        Assert.Equal("Staff", entries[5].Before);
        Assert.Equal("Supervisor", entries[5].After);
        Assert.Equal("Office", entries[4].Before);
        Assert.Equal("Field", entries[4].After);
    }

    [Fact]
    public async Task Change_ToWhatIsThere_ChangesNothingAndIsNotInTheAudit()
    {
        var userId = await _host.CreatePersonAsync("sam", Roles.Staff, "team_default");
        var stamp = (await _host.Persons.FindAsync(userId, CancellationToken.None))!.SecurityStamp;

        Assert.True((await Administration.SetRoleAsync(_admin, userId, "Staff", CancellationToken.None)).IsUnchanged);
        Assert.True((await Administration.SetTeamAsync(_admin, userId, "office", CancellationToken.None)).IsUnchanged);
        Assert.True((await Administration.UnlockAsync(_admin, userId, CancellationToken.None)).IsUnchanged);

        Assert.Equal(stamp, (await _host.Persons.FindAsync(userId, CancellationToken.None))!.SecurityStamp);
        Assert.Empty(await AuditAsync(userId));
    }

    [Theory]
    [InlineData(Roles.Staff)]
    [InlineData(Roles.Supervisor)]
    public async Task Change_BySomebodyWhoIsNoAdmin_IsRefused(string role)
    {
        var caller = TestKeys.Owner(await _host.CreatePersonAsync("sam", role, "team_default"));

        Assert.Equal([AdministrationText.AdminsOnly], (await EndAsync("lock", caller, _adminId)).Problems);
        Assert.Equal([AdministrationText.AdminsOnly], (await EndAsync("delete", caller, _adminId)).Problems);
        Assert.Equal([AdministrationText.AdminsOnly], (await Administration.SetRoleAsync(caller, caller.UserId!, Roles.Admin, CancellationToken.None)).Problems);
        Assert.Null(await _host.Services.GetRequiredService<PeopleDirectory>().ListAsync(caller, CancellationToken.None));
        Assert.Null(await Audit.OfPersonAsync(caller, _adminId, 10, CancellationToken.None));
        Assert.Null(await Audit.NewestAsync(caller, 10, CancellationToken.None));
    }

    [Fact]
    public async Task Change_ByAnAdminWhoWasLockedMeanwhile_IsRefused()
    {
        await _host.CreatePersonAsync("bob", Roles.Admin, "team_default");
        await _host.People.LockAsync(_adminId, CancellationToken.None);

        Assert.Equal([AdministrationText.AdminsOnly], (await EndAsync("delete", _admin, _adminId)).Problems);
    }

    [Theory]
    [InlineData("UPDATE people_audit SET action = 'x'")]
    [InlineData("DELETE FROM people_audit")]
    public async Task Audit_ChangedOrDeleted_IsRefusedByTheDatabase(string sql)
    {
        var userId = await _host.CreatePersonAsync("sam", Roles.Staff, "team_default");
        await EndAsync("lock", _admin, userId);
        await using var db = await _host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync();

        var refused = await Assert.ThrowsAsync<SqliteException>(
            () => db.WriteAsync(token => db.Database.ExecuteSqlRawAsync(sql, token), CancellationToken.None));

        Assert.Contains("append-only", refused.Message, StringComparison.Ordinal);
        Assert.Single(await AuditAsync(userId));
    }

    [Fact]
    public async Task Keys_ArePeoplesOwn_AndAdminsSeeAndRevokeThem()
    {
        var keys = _host.Services.GetRequiredService<ApiKeys>();
        var owner = TestKeys.Owner(await _host.CreatePersonAsync("sam", Roles.Staff, "team_default"));
        var other = TestKeys.Owner(await _host.CreatePersonAsync("tom", Roles.Supervisor, "team_default"));
        var key = await keys.CreateAsync(owner.UserId!, "n8n", CancellationToken.None);
        var request = new ApiKeyRequest("mine", [ApiScopes.RunsRead], ExpiresAt: null);

        Assert.Null((await keys.CreateAsync(other, owner.UserId!, request, CancellationToken.None)).Key);
        Assert.Null((await keys.CreateAsync(_admin, owner.UserId!, request, CancellationToken.None)).Key);
        Assert.Null(await keys.ListAsync(other, owner.UserId!, CancellationToken.None));
        Assert.Null(await keys.ListAllAsync(other, CancellationToken.None));
        Assert.False((await keys.RevokeAsync(other, key.Id, CancellationToken.None)).Succeeded);
        Assert.Equal([key.Id], (await keys.ListAsync(_admin, owner.UserId!, CancellationToken.None))!.Select(one => one.Id));
        Assert.True((await keys.RevokeAsync(_admin, key.Id, CancellationToken.None)).Succeeded);

        Assert.Null(await keys.AuthenticateAsync(key.Key, CancellationToken.None));
        Assert.Equal([AuditAction.KeyRevoked, AuditAction.KeyCreated], (await AuditAsync(owner.UserId!)).Select(entry => entry.Action));
    }

    [Theory]
    [InlineData("", "runs:read", 1)]
    [InlineData("n8n", "", 1)]
    [InlineData("n8n", "runs:all", 1)]
    [InlineData("n8n", "runs:read", 0)]
    public async Task Key_ThatCannotBeUsed_IsRefused(string name, string scopes, int days)
    {
        var (key, change) = await _host.Services.GetRequiredService<ApiKeys>().CreateAsync(
            _admin,
            _adminId,
            new ApiKeyRequest(name, scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries), DateTimeOffset.UnixEpoch.AddDays(days * 100_000)),
            CancellationToken.None);

        Assert.Null(key);
        Assert.Single(change.Problems);
    }

    private Task<PersonChange> EndAsync(string how, ChangedBy by, string userId) => how switch
    {
        "lock" => Administration.LockAsync(by, userId, CancellationToken.None),
        "delete" => Administration.DeleteAsync(by, userId, CancellationToken.None),
        _ => Administration.SetRoleAsync(by, userId, Roles.Staff, CancellationToken.None),
    };

    private async Task<IReadOnlyList<AuditEntry>> AuditAsync(string userId) =>
        (await Audit.OfPersonAsync(ChangedBy.CommandLine, userId, 20, CancellationToken.None))!;
}
