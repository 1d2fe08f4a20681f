using Copilot.Web.Storage.Sessions;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Runs;

namespace Copilot.Tests.Storage;

public sealed class EfRunEventStoreTests
{
    [Fact]
    public async Task AppendAsync_NewRun_IsReadBackToTheByte()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = new FakeRun("a");
        var first = run.Created("Is the part in stock?");
        var second = run.Append(
            (RunEventTypes.RunStarted, "{}"),
            ("response.created", """{ "type":"response.created",  "sequence_number":0, "ü":"\u00e9" }"""),
            (RunEventTypes.ToolStarted, """{"name":"inventory_search","deadline_ms":30000}"""));

        await database.Events.AppendAsync([first], CancellationToken.None);
        await database.Events.AppendAsync([second], CancellationToken.None);

        var events = await database.Events.ReadAsync("run_a", 0, 100, CancellationToken.None);
        AssertSame([.. first.Events, .. second.Events], events);
        AssertSame([second.Events[^1]], [(await database.Events.ReadHeadAsync("run_a", CancellationToken.None))!]);
    }

    [Fact]
    public async Task AppendAsync_OneOfTwoRunsForked_CommitsNeither()
    {
        await using var database = await TestDatabase.CreateAsync();
        var (good, bad) = (new FakeRun("good"), new FakeRun("bad"));
        await database.Events.AppendAsync([good.Created("One"), bad.Created("Two")], CancellationToken.None);
        await database.Events.AppendAsync([Other(bad)], CancellationToken.None);

        var fork = await Assert.ThrowsAsync<RunForkedException>(
            () => database.Events.AppendAsync([good.Deltas(3), bad.Started()], CancellationToken.None));

        Assert.Equal("run_bad", fork.RunId);
        Assert.Equal(2, (await database.Events.ReadHeadAsync("run_good", CancellationToken.None))!.Seq);
        Assert.Equal(2, (await database.Events.FindAsync("run_good", CancellationToken.None))!.HeadSeq);
    }

    [Theory]
    [InlineData("usr_2", false)]
    [InlineData("usr_1", true)]
    public async Task AppendAsync_NewRunInAForeignOrDeletedSession_CommitsNothing(string owner, bool isDeleted)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using (var db = await database.Contexts.CreateDbContextAsync())
        {
            db.Sessions.Add(new SessionRow
            {
                Id = "ses_a", UserId = owner, TeamId = "team_default", Title = "Theirs", CreatedAt = 1, UpdatedAt = 1, DeletedAt = isDeleted ? 2 : null,
            });
            await db.SaveChangesAsync();
        }

        var taken = await Assert.ThrowsAsync<SessionTakenException>(
            () => database.Events.AppendAsync([new FakeRun("a").Created("Mine")], CancellationToken.None));

        Assert.Equal("ses_a", taken.SessionId);
        Assert.Empty(await database.Events.ReadSessionAsync("ses_a", CancellationToken.None));
        Assert.Equal("Theirs", await database.ScalarAsync<string>("SELECT title FROM sessions"));
    }

    [Fact]
    public async Task AppendAsync_SameAppendAgain_IsDoneAlready()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = new FakeRun("a");
        var created = run.Created("Hello");
        var started = run.Started();
        await database.Events.AppendAsync([created], CancellationToken.None);
        await database.Events.AppendAsync([started], CancellationToken.None);

        await database.Events.AppendAsync([started], CancellationToken.None);
        await database.Events.AppendAsync([created], CancellationToken.None);

        AssertSame([.. created.Events, .. started.Events], await database.Events.ReadAsync("run_a", 0, 100, CancellationToken.None));
        Assert.Equal(3, (await database.Events.FindAsync("run_a", CancellationToken.None))!.HeadSeq);
    }

    [Fact]
    public async Task AppendAsync_OneByteDiffersFromWhatIsStored_IsAFork()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = new FakeRun("a");
        await database.Events.AppendAsync([run.Created("Hello")], CancellationToken.None);
        var mine = run.Append((RunEventTypes.RunStarted, """{"a":1}"""));
        await database.Events.AppendAsync([mine], CancellationToken.None);
        var row = mine.Events[0];
        var hash = row.Hash.ToArray();
        hash[31] ^= 1;
        var other = new RunEvent
        {
            RunId = row.RunId,
            Seq = row.Seq,
            At = row.At,
            Source = row.Source,
            Type = row.Type,
            Data = row.Data,
            Salt = row.Salt,
            PayloadDigest = row.PayloadDigest,
            Hash = hash,
        };

        await Assert.ThrowsAsync<RunForkedException>(
            () => database.Events.AppendAsync([mine with { Events = [other] }], CancellationToken.None));
    }

    [Fact]
    public async Task AppendAsync_PartlyStored_IsAFork()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = new FakeRun("a");
        await database.Events.AppendAsync([run.Created("Hello")], CancellationToken.None);
        var both = run.Append((RunEventTypes.RunStarted, "{}"), (RunEventTypes.TransportConnecting, "{}"));
        await database.Events.AppendAsync(
            [new RunAppend(both.Summary with { HeadSeq = 3 }, [both.Events[0]])], CancellationToken.None);

        await Assert.ThrowsAsync<RunForkedException>(() => database.Events.AppendAsync([both], CancellationToken.None));

        Assert.Equal(3, (await database.Events.ReadHeadAsync("run_a", CancellationToken.None))!.Seq);
    }

    [Fact]
    public async Task AppendAsync_HoleAfterTheHead_IsRefused()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = new FakeRun("a");
        await database.Events.AppendAsync([run.Created("Hello")], CancellationToken.None);
        run.Started();

        await Assert.ThrowsAsync<RunForkedException>(() => database.Events.AppendAsync([run.Deltas(1)], CancellationToken.None));

        Assert.Equal(2, (await database.Events.ReadHeadAsync("run_a", CancellationToken.None))!.Seq);
    }

    [Fact]
    public async Task AppendAsync_RunNeverCreated_IsRefused()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = new FakeRun("a");
        run.Created("Hello");

        await Assert.ThrowsAsync<RunForkedException>(() => database.Events.AppendAsync([run.Started()], CancellationToken.None));
    }

    [Fact]
    public async Task AppendAsync_HoleInsideTheAppend_IsRefused()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = new FakeRun("a");
        var created = run.Created("Hello");
        var deltas = run.Deltas(3);
        var holed = new RunAppend(deltas.Summary, [created.Events[0], created.Events[1], deltas.Events[1], deltas.Events[2]]);

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => database.Events.AppendAsync([holed], CancellationToken.None));

        Assert.Contains("hole before event 4", refused.Message, StringComparison.Ordinal);
        Assert.Null(await database.Events.FindAsync("run_a", CancellationToken.None));
    }

    [Fact]
    public async Task AppendAsync_SameMessageInOneSession_IsAForkOfTheSecondRun()
    {
        await using var database = await TestDatabase.CreateAsync();
        var (first, second) = (new FakeRun("a"), new FakeRun("b"));
        second.Summary = second.Summary with { SessionId = "ses_a" };
        await database.Events.AppendAsync([first.Created("Hello", "msg_1")], CancellationToken.None);

        var fork = await Assert.ThrowsAsync<RunForkedException>(
            () => database.Events.AppendAsync([second.Created("Hello", "msg_1")], CancellationToken.None));

        Assert.Equal("run_b", fork.RunId);
        Assert.Single(await database.Events.ReadSessionAsync("ses_a", CancellationToken.None));
    }

    [Fact]
    public async Task AppendAsync_TwoAppendsOfOneRun_AreOneAfterTheOther()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = new FakeRun("a");

        await database.Events.AppendAsync([run.Created("Hello"), run.Started(), run.Deltas(2)], CancellationToken.None);

        Assert.Equal(5, (await database.Events.ReadHeadAsync("run_a", CancellationToken.None))!.Seq);
        Assert.Equal(RunStatus.Running, (await database.Events.FindAsync("run_a", CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task AppendAsync_HostileText_IsSavedAndFound()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = new FakeRun("a");

        await database.Events.AppendAsync([run.Created("a\0b \ud800 '); DROP TABLE runs; -- \u202e pump")], CancellationToken.None);
        await database.Events.AppendAsync([run.Completed("\0\udc00\"")], CancellationToken.None);

        Assert.Equal(3, (await database.Events.FindAsync("run_a", CancellationToken.None))!.HeadSeq);
        Assert.Single(await database.Sessions.ListAsync("usr_1", SessionFilter.All, "pump", null, 10, CancellationToken.None));
    }

    [Fact]
    public async Task AppendAsync_LargePayload_IsStoredInASeparateRow()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = new FakeRun("a");
        await database.Events.AppendAsync([run.Created("Hello")], CancellationToken.None);
        var largest = new string('x', RunStatements.LargePayload - 2);
        var append = run.Append(("noted", $"\"{largest}\""), ("noted", $"\"{largest}y\""));

        await database.Events.AppendAsync([append], CancellationToken.None);
        await database.Events.AppendAsync([append], CancellationToken.None);

        AssertSame(append.Events, await database.Events.ReadAsync("run_a", 2, 10, CancellationToken.None));
        AssertSame([append.Events[1]], [(await database.Events.ReadHeadAsync("run_a", CancellationToken.None))!]);
        Assert.Equal(4, await database.ScalarAsync<long>("SELECT seq FROM run_payloads"));
    }

    private static void AssertSame(IReadOnlyList<RunEvent> expected, IReadOnlyList<RunEvent> actual)
    {
        Assert.Equal(expected.Select(row => row.Seq), actual.Select(row => row.Seq));
        Assert.All(expected.Zip(actual), pair => Assert.True(
            RunEventRowMapping.IsSame(pair.First, pair.Second) && pair.First.At == pair.Second.At,
            $"event {pair.First.Seq} is not what was appended"));
    }

    /// <summary>What another owner has made of the run meanwhile.</summary>
    private static RunAppend Other(FakeRun run) =>
        new FakeRun("bad") { Summary = run.Summary }.Append((RunEventTypes.RunInterrupted, """{"reason":"restart"}"""));
}
