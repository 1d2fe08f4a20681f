using System.Net;
using Copilot.Domain.Audit;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Supervision;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Security;
using Copilot.Web.Storage;
using Copilot.Web.Supervision.Incident;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Audit;

/// <summary>What programs read of others, and what is changed, is in the access log.</summary>
public sealed class AccessApiTests : SupervisionScene
{
    [Fact]
    public async Task RunOfAnother_ReadOverTheApi_IsAnEntryWithKeyAndAddress_AndOnesOwnIsNone()
    {
        var run = await StartRunAsync(Staff);
        var (admin, adminKey) = await ProgramAsync(Admin);
        var (owner, _) = await ProgramAsync(Staff);

        foreach (var client in new[] { owner, admin, admin })
        {
            using var answer = await client.GetAsync($"/api/runs/{run.RunId}");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        await using var db = await _host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync();
        var entry = await db.AccessLog.SingleAsync(row => row.ObjectId == run.RunId);
        Assert.Equal(AccessActions.RunAttached, entry.Action);
        Assert.Equal(Admin, entry.ActorId);
        Assert.Equal("ada", entry.ActorName);
        Assert.Equal(Roles.Admin, entry.ActorRole);
        Assert.Equal(adminKey, entry.KeyId);
        Assert.Equal(Staff, entry.OwnerId);
        Assert.Equal("127.0.0.1", entry.Address);
        admin.Dispose();
        owner.Dispose();
    }

    [Fact]
    public async Task Changes_AreInTheChain_WithTheirReasons_AndTheCommandVerifiesIt()
    {
        Assert.True((await Levers.SetAsync(TestKeys.Owner(Admin), LeverKind.StopIntakeAll, "", "the provider is down", CancellationToken.None)).Result.Accepted);

        await using var db = await _host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync();
        var entry = await db.AccessLog.SingleAsync(row => row.Action == AuditAction.LeverSet);
        Assert.Equal("the provider is down", entry.Reason);
        Assert.Equal(await db.PeopleAudit.LongCountAsync(), await db.AccessLog.LongCountAsync());
        var whole = await TestCommand.RunAsync(_host, "audit", "verify", "--json");
        Assert.Equal(0, whole.ExitCode);

        await db.Database.OpenConnectionAsync();
        var connection = db.Database.GetDbConnection();
        foreach (var sql in new[] { "DROP TRIGGER access_log_no_update", "UPDATE access_log SET reason = 'none' WHERE action = 'lever_set'" })
        {
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            await command.ExecuteNonQueryAsync();
        }

        var changed = await TestCommand.RunAsync(_host, "audit", "verify");
        Assert.Equal(1, changed.ExitCode);
        Assert.Contains($"entry {entry.Seq} was changed", changed.Out, StringComparison.Ordinal);
        var missing = await TestCommand.RunAsync($"Data Source={Path.Combine(_host.ContentRoot, "none.db")}", _host.ContentRoot, "", "audit", "verify");
        Assert.Equal(3, missing.ExitCode);
        Assert.False(File.Exists(Path.Combine(_host.ContentRoot, "none.db")));
        Assert.Equal(2, (await TestCommand.RunAsync(_host, "audit", "verify", "--from", "soon")).ExitCode);
        Assert.Equal(2, (await TestCommand.RunAsync(_host, "audit", "verify", "--checkpoint", Path.Combine(_host.ContentRoot, "none.txt"))).ExitCode);
    }

    private async Task<(HttpClient Client, string KeyId)> ProgramAsync(string userId)
    {
        var (key, _) = await _host.Services.GetRequiredService<ApiKeys>().CreateAsync(
            TestKeys.Owner(userId), userId, new ApiKeyRequest("test", ApiScopes.All, null), CancellationToken.None);
        return (_host.Program(key!.Key), key.Id);
    }
}
