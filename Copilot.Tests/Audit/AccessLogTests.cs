using Copilot.Domain.Audit;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Audit;
using Copilot.Web.Identity;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Audit;

public sealed class AccessLogTests : IAsyncLifetime
{
    private AuditScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await AuditScene.CreateAsync();

    public async ValueTask DisposeAsync() => await _scene.DisposeAsync();

    [Fact]
    public async Task Record_ByManyAndByTwoProcesses_IsOneChain()
    {
        // With a write lock of its own, as a command beside the server has it.
        await using var services = new ServiceCollection().AddLogging().AddCopilotStorage(_scene.Database.ConnectionString).BuildServiceProvider();
        using var other = new AccessLog(services.GetRequiredService<IDbContextFactory<CopilotDbContext>>(), TimeProvider.System);
        AccessLog[] logs = [_scene.Log, other];

        await Task.WhenAll(Enumerable.Range(0, 40).Select(number => Task.Run(() => logs[number % 2].RecordAsync(
            new AccessEntry { Action = AccessActions.Exported, ActorName = "Ada", Address = "192.0.2.7", ObjectId = $"run_{number}" },
            CancellationToken.None)))).Soon("everything is recorded");

        var report = await _scene.VerifyAsync();
        Assert.Empty(report.Findings.Select(AuditScene.Tell));
        Assert.Equal(44, report.AccessEntries);
    }

    [Fact]
    public async Task Record_DiskFull_SaysSo_AndTheNextOneContinuesTheChain()
    {
        _scene.Database.FillDisk();
        await Assert.ThrowsAsync<AccessNotRecordedException>(async () =>
        {
            for (var more = 0; more < 1_000; more++)
            {
                await _scene.RecordAsync("usr_2", new string('x', 1_000));
            }
        });

        _scene.Database.FreeDisk();
        await _scene.RecordAsync("usr_2", "run_a");

        Assert.Empty((await _scene.VerifyAsync()).Findings.Select(AuditScene.Tell));
    }

    [Fact]
    public async Task Reads_AskedAgainInTheSameWay_AreOneEntryForTenMinutes()
    {
        var clock = new ManualClock();
        var reads = new AccessReads(_scene.Log, new PersonStore(_scene.Database.Contexts), clock);
        var read = new AccessRead(AccessActions.RunOpened, "usr_2", "key_1", "192.0.2.7", "run_a");

        await reads.RecordAsync(read, "usr_1", CancellationToken.None);
        await reads.RecordAsync(read, "usr_1", CancellationToken.None);
        await reads.RecordAsync(read with { Address = "192.0.2.8" }, "usr_1", CancellationToken.None);
        await reads.RecordAsync(read, "usr_2", CancellationToken.None);
        clock.Advance(AccessReads.Window);
        await reads.RecordAsync(read, "usr_1", CancellationToken.None);

        await using var db = await _scene.Database.Contexts.CreateDbContextAsync();
        Assert.Equal(
            ["192.0.2.7", "192.0.2.8", "192.0.2.7"],
            await db.AccessLog.Where(row => row.KeyId == "key_1").OrderBy(row => row.Seq).Select(row => row.Address).ToListAsync());
    }

    [Fact]
    public async Task Rows_AreRefusedToBeChangedOrDeleted()
    {
        foreach (var table in new[] { "access_log", "audit_checkpoints", "audit_heads" })
        {
            foreach (var sql in new[] { $"DELETE FROM {table}", $"UPDATE {table} SET hash = x'00'" })
            {
                var refused = await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => _scene.Database.ScalarAsync<object>(sql));
                Assert.Contains("append-only", refused.Message, StringComparison.Ordinal);
            }
        }
    }
}
