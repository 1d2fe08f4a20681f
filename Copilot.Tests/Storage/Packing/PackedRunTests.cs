using System.Text;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Storage.Packing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using static Copilot.Tests.Storage.Packing.PackingScene;

namespace Copilot.Tests.Storage.Packing;

/// <summary>Runs that have ended, packed: everything is read as before.</summary>
public sealed class PackedRunTests
{
    [Fact]
    public async Task PackNextAsync_EndedRun_EveryReadAnswersAsBefore()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = await WriteAsync(database.Events, "run_1", deltas: 40);
        var before = await ReadingsAsync(database.Events, run);

        await PackAsync(database, "run_1", segmentEvents: 7);

        Assert.Equal(0L, await database.ScalarAsync<long>("SELECT (SELECT count(*) FROM run_events) + (SELECT count(*) FROM run_payloads)"));
        Assert.Equal(before, await ReadingsAsync(database.Events, run));
        AssertSame(run.All, await AllAsync(database.Events, "run_1"));
        Assert.Empty(await database.Services.GetRequiredService<RunPacker>().ReadDueAsync(Later, 10, [], CancellationToken.None));

        // An append that is repeated because its answer was lost is known.
        await database.Events.AppendAsync([new RunAppend(run.Summary, run.All)], CancellationToken.None);
        await Assert.ThrowsAsync<RunForkedException>(() => database.Events.AppendAsync(
            [new RunAppend(run.Summary, Ended("run_1", deltas: 40).All)], CancellationToken.None));
    }

    [Fact]
    public async Task PackNextAsync_KilledBetweenSteps_LosesNothing()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = await WriteAsync(database.Events, "run_1", deltas: 40);
        var packer = Packer(database, segmentEvents: 16);
        for (var isMore = true; isMore;)
        {
            isMore = await packer.PackNextAsync("run_1", Later, CancellationToken.None);
            await using var left = await database.CopyAfterKillAsync();
            AssertSame(run.All, await AllAsync(left.Events, "run_1"));
            Assert.Equal(await ReadingsAsync(database.Events, run), await ReadingsAsync(left.Events, run));
            await PackAsync(left, "run_1", segmentEvents: 16);
            AssertSame(run.All, await AllAsync(left.Events, "run_1"));
        }
    }

    [Fact]
    public async Task PackNextAsync_SeveralAtOnceWithReaders_EachEventIsThereOnce()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = await WriteAsync(database.Events, "run_1", deltas: 200);
        var packers = Enumerable.Range(0, 3).Select(_ => Task.Run(() => PackAsync(database, "run_1", segmentEvents: 10))).ToArray();
        var packed = Task.WhenAll(packers);

        do
        {
            AssertSame(run.All, await AllAsync(database.Events, "run_1"));
            Assert.Equal(run.All.Count(one => !one.Type.EndsWith(".delta", StringComparison.Ordinal)), (await WithoutPiecesAsync(database.Events, "run_1")).Count);
        }
        while (!packed.IsCompleted);

        await packed;
        AssertSame(run.All, await AllAsync(database.Events, "run_1"));
        Assert.Equal((long)run.All.Count, await database.ScalarAsync<long>("SELECT sum(last_seq - first_seq + 1) FROM run_segments"));
    }

    [Fact]
    public async Task PackNextAsync_RowsWithRandomSaltsOrChanged_StayAsTheyAre()
    {
        await using var database = await TestDatabase.CreateAsync();
        // Its salts, digests and hashes follow from nothing.
        var made = new FakeRun("a");
        var appends = (RunAppend[])[made.Created("Hello"), made.Deltas(5), made.Completed("Done")];
        await database.Events.AppendAsync(appends, CancellationToken.None);

        await PackAsync(database, "run_a", segmentEvents: 3);

        AssertSame([.. appends.SelectMany(append => append.Events)], await AllAsync(database.Events, "run_a"));
    }

    [Fact]
    public async Task ReadDueAsync_RunsInEveryState_OnlyTheEndedOnes()
    {
        await using var database = await TestDatabase.CreateAsync();
        await WriteAsync(database.Events, "run_1", deltas: 1);
        var working = new FakeRun("b");
        await database.Events.AppendAsync([working.Created("Hello"), working.Started(), working.Deltas(3)], CancellationToken.None);
        var packer = database.Services.GetRequiredService<RunPacker>();

        Assert.Equal(["run_1"], await packer.ReadDueAsync(Later, 10, [], CancellationToken.None));
        Assert.Empty(await packer.ReadDueAsync(Later, 10, ["run_1"], CancellationToken.None));
        Assert.Empty(await packer.ReadDueAsync(RunEvents.Start, 10, [], CancellationToken.None));
    }

    [Fact]
    public async Task PackDueAsync_OneCannotBePacked_TheOthersAre()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = await WriteAsync(database.Events, "run_1", deltas: 1);
        await WriteAsync(database.Events, "run_2", deltas: 20);
        await using var db = await database.Contexts.CreateDbContextAsync();
        await db.WriteAsync(
            token => db.Database.ExecuteSqlRawAsync(
                "CREATE TRIGGER refuse BEFORE INSERT ON run_segments WHEN NEW.run_id = 'run_1' BEGIN SELECT RAISE(ABORT, 'refused'); END", token),
            CancellationToken.None);
        var clock = new ManualClock(Later);
        var options = Microsoft.Extensions.Options.Options.Create(new PackingOptions { SegmentEvents = 5, Pause = TimeSpan.Zero });
        using var host = new PackingHost(new RunPacker(database.Contexts, options), options, clock, NullLogger<PackingHost>.Instance);

        await host.PackDueAsync(CancellationToken.None).Soon("all that can be packed is packed");

        Assert.Equal("run_2", await database.ScalarAsync<string>("SELECT group_concat(DISTINCT run_id) FROM run_segments"));
        AssertSame(run.All, await AllAsync(database.Events, "run_1"));
    }

    private static async Task<List<long>> WithoutPiecesAsync(IRunEventStore store, string runId)
    {
        var all = new List<long>();
        while (await store.ReadWithoutPiecesAsync(runId, all.LastOrDefault(), 2, CancellationToken.None) is { Count: > 0 } page)
        {
            all.AddRange(page.Select(one => one.Seq));
        }

        return all;
    }

    /// <summary>What every read of the store answers about a run, as text.</summary>
    private static async Task<string> ReadingsAsync(IRunEventStore store, RunEvents run)
    {
        var runId = run.All[0].RunId;
        var text = new StringBuilder();
        foreach (var after in (long[])[0, 3, 12, run.All.Count - 1, run.All.Count])
        {
            text.AppendJoin(',', (await store.ReadAsync(runId, after, 1_000, CancellationToken.None)).Select(one => one.Seq)).AppendLine();
            text.AppendJoin(',', (await store.ReadWithoutPiecesAsync(runId, after, 3, CancellationToken.None)).Select(one => one.Seq)).AppendLine();
            text.AppendLine(await store.FindHashAsync(runId, after, CancellationToken.None) is { } hash ? Convert.ToHexString(hash) : "none");
        }

        var head = await store.ReadHeadAsync(runId, CancellationToken.None);
        text.AppendLine(head is null ? "none" : Convert.ToHexString(head.Hash.Span));
        await using var output = store.OpenText(new EventText(runId, 4, 2, 6));
        using var reader = new StreamReader(output);
        text.AppendLine(await reader.ReadToEndAsync());
        Assert.Throws<FileNotFoundException>(() => store.OpenText(new EventText(runId, run.All.Count + 1, 0, 1)));
        return text.ToString();
    }
}
