using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Identity;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Erasure;
using Copilot.Web.Storage.Packing;
using Copilot.Web.Storage.Runs;
using Copilot.Web.Storage.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Copilot.Tests.Storage;

public sealed class StorageRegistrationTests
{
    [Theory]
    [InlineData("PRAGMA synchronous", 2)]
    [InlineData("PRAGMA busy_timeout", 5000)]
    [InlineData("PRAGMA secure_delete", 1)]
    [InlineData("PRAGMA foreign_keys", 1)]
    [InlineData("PRAGMA auto_vacuum", 2)]
    [InlineData("SELECT v FROM search_texts_config WHERE k = 'secure-delete'", 1)]
    [InlineData("SELECT v FROM find_texts_config WHERE k = 'secure-delete'", 1)]
    public async Task MigrateAsync_NewFile_IsSafe(string question, long expected)
    {
        await using var database = await TestDatabase.CreateAsync();

        Assert.Equal(expected, await database.ScalarAsync<long>(question));
        Assert.Equal("wal", await database.ScalarAsync<string>("PRAGMA journal_mode"));
    }

    [Fact]
    public async Task Connection_FromThePool_IsNotSetAgain()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using (var first = await database.Contexts.CreateDbContextAsync())
        {
            await first.Database.OpenConnectionAsync();
            await using var change = first.Database.GetDbConnection().CreateCommand();
            change.CommandText = "PRAGMA busy_timeout = 4321";
            await change.ExecuteScalarAsync();
        }

        // The pool gives back the one that was used last.
        Assert.Equal(4321, await database.ScalarAsync<long>("PRAGMA busy_timeout"));
        await using var other = await database.Contexts.CreateDbContextAsync();
        await using var another = await database.Contexts.CreateDbContextAsync();
        await other.Database.OpenConnectionAsync();
        await another.Database.OpenConnectionAsync();
        await using var command = another.Database.GetDbConnection().CreateCommand();
        command.CommandText = "PRAGMA busy_timeout";
        Assert.Equal(5000L, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task MigrateAsync_NewFile_MatchesTheModel()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var db = await database.Contexts.CreateDbContextAsync();

        Assert.False(db.Database.HasPendingModelChanges(), "the model has changed since the last migration");
        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
    }

    [Fact]
    public async Task MigrateAsync_NewFile_HasItsFirstRows()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var db = await database.Contexts.CreateDbContextAsync();

        Assert.Equal([Roles.Admin, Roles.Staff, Roles.Supervisor], await db.Roles.Select(role => role.Name!).OrderBy(name => name).ToListAsync());
        Assert.Equal(["team_default"], await db.Teams.Select(team => team.Id).ToListAsync());
    }

    [Fact]
    public async Task GetDefaultAsync_NewFile_IsTheSeededAgent()
    {
        await using var database = await TestDatabase.CreateAsync();

        var agent = await database.Agents.GetDefaultAsync(CancellationToken.None);

        Assert.Equal("agt_default", agent.Id);
        Assert.Equal(1, agent.Version);
        Assert.Equal("Copilot", agent.Name);
        Assert.Contains("field-service", agent.Instructions, StringComparison.Ordinal);
        Assert.Equal(25, agent.MaxToolRounds);
        Assert.Equal(3, agent.MaxFailedRounds);
        Assert.Equal(TimeSpan.FromHours(1), agent.MaxDuration);
        Assert.Null(agent.Tools);
    }

    [Fact]
    public async Task GetDefaultAsync_NewerVersion_IsTheCurrentOne()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using (var db = await database.Contexts.CreateDbContextAsync())
        {
            db.AgentVersions.Add(new AgentVersionRow
            {
                AgentId = "agt_default",
                Version = 2,
                Definition = """{"id":"agt_default","version":2,"name":"Second","instructions":"Help.","tools":["a"]}""",
                CreatedAt = 0,
            });
            (await db.Agents.SingleAsync()).CurrentVersion = 2;
            await db.SaveChangesAsync();
        }

        var agent = await database.Agents.GetDefaultAsync(CancellationToken.None);

        Assert.Equal(2, agent.Version);
        Assert.Equal("Second", agent.Name);
        Assert.Equal(["a"], agent.Tools!);
    }

    [Fact]
    public async Task HealthCheck_MigratedAndNot_DiffersByState()
    {
        await using var database = await TestDatabase.CreateAsync();
        var health = database.Services.GetRequiredService<HealthCheckService>();

        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Entries[StorageServiceCollectionExtensions.HealthCheckName].Status);
        await using (var db = await database.Contexts.CreateDbContextAsync())
        {
            await db.WriteAsync(
                token => db.Database.ExecuteSqlRawAsync("""DELETE FROM "__EFMigrationsHistory" """, token), CancellationToken.None);
        }

        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync()).Entries[StorageServiceCollectionExtensions.HealthCheckName].Status);
    }

    [Theory]
    [InlineData(null, "App_Data/copilot.db")]
    [InlineData("Data Source=other/my.db", "other/my.db")]
    public void ConnectionString_RelativeFile_IsUnderTheContentRoot(string? configured, string expected)
    {
        var root = Path.GetFullPath("root");

        var actual = StorageServiceCollectionExtensions.ConnectionString(configured, root);

        Assert.Equal($"Data Source={Path.GetFullPath(expected, root)}", actual);
    }

    [Fact]
    public async Task MigrateAsync_FileThatIsUpToDate_IsNotWritten()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var db = await database.Contexts.CreateDbContextAsync();
        await db.Database.OpenConnectionAsync();
        var before = await VersionAsync(db);

        await StorageServiceCollectionExtensions.MigrateAsync(database.Services, CancellationToken.None);

        Assert.Equal(before, await VersionAsync(db));
    }

    [Fact]
    public async Task OpenAsync_RoomOnTheDisk_ReservesAMegabyteOnce()
    {
        await using var database = await TestDatabase.CreateAsync();
        await StorageServiceCollectionExtensions.OpenAsync(database.Services, database.ConnectionString, CancellationToken.None);
        var reserve = new FileInfo(database.Path + ".reserve");
        var written = reserve.LastWriteTimeUtc;
        await StorageServiceCollectionExtensions.OpenAsync(database.Services, database.ConnectionString, CancellationToken.None);
        reserve.Refresh();

        Assert.Equal(1024 * 1024, reserve.Length);
        Assert.Equal(written, reserve.LastWriteTimeUtc);
        Assert.True(DiskReserve.TryGiveUp(database.Path));
        Assert.False(DiskReserve.TryGiveUp(database.Path));
    }

    [Fact]
    public async Task InterruptedRuns_AreFoundByTheirIndex()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var db = await database.Contexts.CreateDbContextAsync();

        Assert.Contains("ix_runs_status_created_at_id", await PlanAsync(db, EfRunEventStore.Interrupted(db).ToQueryString()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnfinishedRuns_AreFoundByTheirIndex()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var db = await database.Contexts.CreateDbContextAsync();

        Assert.Contains("ix_runs_status", await PlanAsync(db, EfRunEventStore.Unfinished(db).ToQueryString()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SessionCosts_AreSummedFromTheirIndexAlone()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var db = await database.Contexts.CreateDbContextAsync();
        // The parameter is written into the text, because a plan is made of a text alone.
        var sql = SessionStore.Costs(db, "ses_1").ToQueryString();

        Assert.Contains(
            "COVERING INDEX ix_runs_session_id_cost_currency",
            await PlanAsync(db, sql[sql.IndexOf("SELECT", StringComparison.Ordinal)..].Replace("@sessionId", "'ses_1'", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenDeletionsAndDueSessions_AreFoundByTheirIndexes()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var db = await database.Contexts.CreateDbContextAsync();
        var due = EfRetentionStore.Due(db, 1).ToQueryString();

        Assert.Contains("ix_forgettings_next_at_id", await PlanAsync(db, EfErasureStore.ToVerify(db).ToQueryString()), StringComparison.Ordinal);
        Assert.Contains(
            "ix_sessions_updated_at_id",
            await PlanAsync(db, due[due.IndexOf("SELECT", StringComparison.Ordinal)..].Replace("@at", "1", StringComparison.Ordinal)),
            StringComparison.Ordinal);
        var ended = RunPacker.Due(db, 1).ToQueryString();
        Assert.Contains(
            "ix_runs_completed_at",
            await PlanAsync(db, ended[ended.IndexOf("SELECT", StringComparison.Ordinal)..].Replace("@before", "1", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    private static async Task<string> PlanAsync(CopilotDbContext db, string sql)
    {
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {sql}";
        await using var reader = await command.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await reader.ReadAsync())
        {
            plan.Add(reader.GetString(3));
        }

        return string.Join('\n', plan);
    }

    // Changes when another connection has written the file.
    private static async Task<long> VersionAsync(CopilotDbContext db)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = "PRAGMA data_version";
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
