using Copilot.Web.Storage.Sessions;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Hosts;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Tests.Storage;

/// <summary>What is committed stays, what is not was never there.</summary>
public sealed class DurabilityTests
{
    [Fact]
    public async Task AppendAsync_DiskFull_CommitsNothingAndWorksAgainLater()
    {
        await using var database = await TestDatabase.CreateAsync();
        var (a, b) = (new FakeRun("a"), new FakeRun("b"));
        await database.Events.AppendAsync([a.Created("Hello"), b.Created("Hello")], CancellationToken.None);
        RunAppend[] appends = [a.Deltas(1), b.Append(("noted", $"\"{new string('x', 500_000)}\""))];
        database.FillDisk();

        var full = await Assert.ThrowsAsync<StorageUnavailableException>(
            () => database.Events.AppendAsync(appends, CancellationToken.None));

        Assert.Equal("The disk is full.", full.Message);
        Assert.Equal(2, (await database.Events.ReadHeadAsync("run_a", CancellationToken.None))!.Seq);
        Assert.Equal(2, (await database.Events.FindAsync("run_a", CancellationToken.None))!.HeadSeq);
        Assert.Equal(2, (await database.Events.ReadHeadAsync("run_b", CancellationToken.None))!.Seq);

        database.FreeDisk();
        await database.Events.AppendAsync(appends, CancellationToken.None);

        Assert.Equal(3, (await database.Events.ReadHeadAsync("run_a", CancellationToken.None))!.Seq);
        Assert.Equal(500_002, (await database.Events.ReadHeadAsync("run_b", CancellationToken.None))!.Data.Length);
    }

    [Fact]
    public async Task RenameAsync_DiskFull_ThrowsUnavailable()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.Events.AppendAsync([new FakeRun("a").Created("Hello")], CancellationToken.None);
        await using (var db = await database.Contexts.CreateDbContextAsync())
        {
            // The index takes its pages in advance; from here every write needs a new one.
            await db.WriteAsync(
                token => db.Database.ExecuteSqlRawAsync("CREATE TRIGGER fill AFTER UPDATE ON sessions BEGIN INSERT INTO teams VALUES (hex(randomblob(8)), hex(zeroblob(500000))); END", token),
                CancellationToken.None);
        }

        database.FillDisk();

        await Assert.ThrowsAsync<StorageUnavailableException>(
            () => database.Sessions.RenameAsync("ses_a", "Contoso", CancellationToken.None));

        Assert.Equal("Hello", (await database.Sessions.FindAsync("ses_a", CancellationToken.None))!.Title);
    }

    [Fact]
    public async Task Open_KilledInTheMiddleOfATransaction_HasOnlyWhatWasCommitted()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = new FakeRun("a");
        await database.Events.AppendAsync([run.Created("Hello")], CancellationToken.None);
        await using var db = await database.Contexts.CreateDbContextAsync();
        TestDatabase? left = null;
        var walBefore = new FileInfo(database.Path + "-wal").Length;

        await Assert.ThrowsAsync<FormatException>(() => db.WriteAsync<int>(
            async token =>
            {
                // With a cache of one page the rows reach the write-ahead log before the commit does.
                await db.Database.ExecuteSqlRawAsync("PRAGMA cache_size = 1", token);
                await db.Database.ExecuteSqlRawAsync(
                    """
                    INSERT INTO run_events (run_id, seq, at, source, type, payload_digest, hash)
                    WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
                    SELECT 'run_a', i, i, 'agent', 'noted', randomblob(32), randomblob(32) FROM n
                    """,
                    token);
                Assert.InRange(new FileInfo(database.Path + "-wal").Length, walBefore + 100_000, long.MaxValue);
                left = await database.CopyAfterKillAsync();
                throw new FormatException("killed");
            },
            CancellationToken.None));

        await using var restarted = left!;
        Assert.Equal(2, (await restarted.Events.ReadHeadAsync("run_a", CancellationToken.None))!.Seq);
        Assert.Equal("ok", await restarted.ScalarAsync<string>("PRAGMA integrity_check"));
        await restarted.Events.AppendAsync([run.Started()], CancellationToken.None);
        Assert.Equal(3, (await restarted.Events.ReadHeadAsync("run_a", CancellationToken.None))!.Seq);
    }

    [Fact]
    public async Task Open_KilledRightAfterACommit_HasIt()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = new FakeRun("a");
        await database.Events.AppendAsync([run.Created("Hello")], CancellationToken.None);

        await using var restarted = await database.CopyAfterKillAsync();

        Assert.Equal(2, (await restarted.Events.ReadHeadAsync("run_a", CancellationToken.None))!.Seq);
        Assert.Single(await restarted.Sessions.ListAsync("usr_1", SessionFilter.All, "hell", null, 10, CancellationToken.None));
    }

    [Fact]
    public async Task Open_KilledInTheMiddleOfAMigration_DoesNotWaitForItsLock()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.CloseAsync();
        File.Delete(database.Path);
        await using (var connection = new SqliteConnection($"Data Source={database.Path};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = """
                CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-11-23 08:00:00');
                """;
            await command.ExecuteNonQueryAsync();
        }

        await database.ReopenAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(1, await database.ScalarAsync<long>("SELECT count(*) FROM agents"));
    }

    [Fact]
    public async Task Close_AfterManyAppends_LeavesNoWriteAheadLog()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = new FakeRun("a");
        await database.Events.AppendAsync([run.Created("Hello")], CancellationToken.None);
        await database.Events.AppendAsync([run.Deltas(2000)], CancellationToken.None);

        await database.CloseAsync();

        Assert.False(File.Exists(database.Path + "-wal"));
        await database.ReopenAsync();
        Assert.Equal(2002, (await database.Events.ReadHeadAsync("run_a", CancellationToken.None))!.Seq);
    }
}
