using System.Globalization;
using System.Text;
using Copilot.Domain.Erasure;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Storage.Packing;
using Copilot.Web.Storage.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Storage;

/// <summary>Runs that have ended, packed: everything is read as before.</summary>
public sealed class PackedRunTests
{
    private static readonly DateTimeOffset s_later = RunEvents.Start.AddDays(1);

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
        Assert.Empty(await database.Services.GetRequiredService<RunPacker>().ReadDueAsync(s_later, 10, [], CancellationToken.None));

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
            isMore = await packer.PackNextAsync("run_1", s_later, CancellationToken.None);
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
    public async Task ReadAsync_SegmentWasChanged_TheChangedEventDoesNotVerify()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = await WriteAsync(database.Events, "run_1", deltas: 20);
        var keys = SaltKeys.None;
        await using (var db = await database.Contexts.CreateDbContextAsync())
        {
            keys = new SaltKeys(await RunSegments.Keys(db, "run_1").ToListAsync());
        }

        var segment = SegmentWriter.Pack(run.All, RunEventChain.Start, keys, erase: false);
        AssertSame(run.All, SegmentReader.Read(segment, keys));

        // Changed in its row, before it was packed.
        var changed = run.All.Select(one => one.Seq == 9 ? Changed(one) : one).ToList();
        var other = SegmentWriter.Pack(changed, RunEventChain.Start, keys, erase: false);
        Assert.Equal(9, FirstBroken(SegmentReader.Read(other, keys)));

        // Any damage: what is read never verifies, and never fails to be read.
        for (var at = 0; at < segment.Content.Length; at += 3)
        {
            var damaged = Copy(segment, at);
            var events = SegmentReader.Read(damaged, keys);
            Assert.Equal(run.All.Count, events.Count);
            Assert.True(FirstBroken(events) is not null || run.All.Zip(events).All(pair => RunEventRowMapping.IsSame(pair.First, pair.Second)), $"byte {at} was changed unnoticed");
        }

        Assert.NotNull(FirstBroken(SegmentReader.Read(segment, SaltKeys.None)));
    }

    [Fact]
    public async Task EraseEventsAsync_PackedRun_DigestsStayAndVerify()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = await WriteAsync(database.Events, "run_1", deltas: 20);
        var packer = Packer(database, segmentEvents: 8);
        // Two segments and the rest in rows, as it is when somebody deletes while it is packed.
        await packer.PackNextAsync("run_1", s_later, CancellationToken.None);
        await packer.PackNextAsync("run_1", s_later, CancellationToken.None);
        var store = database.Services.GetRequiredService<IErasureStore>();

        for (long? after = 0; after is { } seq;)
        {
            after = await store.EraseEventsAsync("run_1", seq, 5, CancellationToken.None);
            await using var left = await database.CopyAfterKillAsync();
            Assert.Null(FirstBroken(await AllAsync(left.Events, "run_1")));
        }

        var erased = await AllAsync(database.Events, "run_1");
        Assert.All(erased, one => Assert.True(one.IsErased && one.Data.IsEmpty));
        Assert.Equal(run.All.Select(one => Convert.ToHexString(one.Hash.Span)), erased.Select(one => Convert.ToHexString(one.Hash.Span)));
        Assert.Equal(run.All.Select(one => Convert.ToHexString(one.PayloadDigest.Span)), erased.Select(one => Convert.ToHexString(one.PayloadDigest.Span)));
        Assert.Null(await database.Events.FindHashAsync("run_1", 3, CancellationToken.None));

        await PackAsync(database, "run_1", segmentEvents: 8);
        Assert.Null(FirstBroken(await AllAsync(database.Events, "run_1")));
        Assert.All(await AllAsync(database.Events, "run_1"), one => Assert.True(one.IsErased));
    }

    [Fact]
    public async Task PackNextAsync_ErasedWhileItIsPacked_NothingComesBack()
    {
        await using var database = await TestDatabase.CreateAsync();
        await WriteAsync(database.Events, "run_1", deltas: 150);
        var store = database.Services.GetRequiredService<IErasureStore>();
        var packing = Task.Run(() => PackAsync(database, "run_1", segmentEvents: 9));

        for (long? after = 0; after is { } seq;)
        {
            after = await store.EraseEventsAsync("run_1", seq, 4, CancellationToken.None);
        }

        await packing;
        var events = await AllAsync(database.Events, "run_1");
        Assert.All(events, one => Assert.True(one.IsErased));
        Assert.Null(FirstBroken(events));
    }

    [Fact]
    public async Task ReadDueAsync_RunsInEveryState_OnlyTheEndedOnes()
    {
        await using var database = await TestDatabase.CreateAsync();
        await WriteAsync(database.Events, "run_1", deltas: 1);
        var working = new FakeRun("b");
        await database.Events.AppendAsync([working.Created("Hello"), working.Started(), working.Deltas(3)], CancellationToken.None);
        var packer = database.Services.GetRequiredService<RunPacker>();

        Assert.Equal(["run_1"], await packer.ReadDueAsync(s_later, 10, [], CancellationToken.None));
        Assert.Empty(await packer.ReadDueAsync(s_later, 10, ["run_1"], CancellationToken.None));
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
        var clock = new ManualClock(s_later);
        var options = Microsoft.Extensions.Options.Options.Create(new PackingOptions { SegmentEvents = 5, Pause = TimeSpan.Zero });
        using var host = new PackingHost(new RunPacker(database.Contexts, options), options, clock, NullLogger<PackingHost>.Instance);

        await host.PackDueAsync(CancellationToken.None).Soon("all that can be packed is packed");

        Assert.Equal("run_2", await database.ScalarAsync<string>("SELECT group_concat(DISTINCT run_id) FROM run_segments"));
        AssertSame(run.All, await AllAsync(database.Events, "run_1"));
    }

    /// <summary>A run with everything that a log has: an actor, a call, a payload with a row of its own, an answer in pieces.</summary>
    private static RunEvents Ended(string runId, int deltas)
    {
        var run = new RunEvents(runId).Created("ses_" + runId, "usr_1");
        run.Own("run.started", "{}");
        run.Tool("tool.started", "call_1", """{"name":"Zoë 😀","sequence_number":7}""");
        run.Tool("tool.completed", "call_1", $$"""{"output":"{{new string('x', RunStatements.LargePayload)}}"}""");
        for (var i = 0; i < deltas; i++)
        {
            // Counts on, skips, and is written in a way that would not be written again.
            var number = i % 10 == 9 ? "7.0" : (i % 7 == 0 ? i + 100 : i).ToString(CultureInfo.InvariantCulture);
            run.Upstream($$"""{"type":"response.output_text.delta","sequence_number":{{number}},"item_id":"msg_1","output_index":0,"content_index":0,"delta":" word {{i}}"}""");
        }

        run.Own("run.completed", """{"duration_ms":5}""");
        return run;
    }

    private static async Task<RunEvents> WriteAsync(IRunEventStore events, string runId, int deltas)
    {
        var run = Ended(runId, deltas);
        await events.AppendAsync([new RunAppend(run.Summary, run.All)], CancellationToken.None);
        return run;
    }

    private static RunPacker Packer(TestDatabase database, int segmentEvents) =>
        new(database.Contexts, Microsoft.Extensions.Options.Options.Create(new PackingOptions { SegmentEvents = segmentEvents }));

    private static async Task PackAsync(TestDatabase database, string runId, int segmentEvents)
    {
        var packer = Packer(database, segmentEvents);
        while (await packer.PackNextAsync(runId, s_later, CancellationToken.None))
        {
        }
    }

    private static async Task<List<RunEvent>> AllAsync(IRunEventStore store, string runId)
    {
        var all = new List<RunEvent>();
        while (await store.ReadAsync(runId, all.LastOrDefault()?.Seq ?? 0, 6, CancellationToken.None) is { Count: > 0 } page)
        {
            all.AddRange(page);
        }

        return all;
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

    private static void AssertSame(IReadOnlyList<RunEvent> expected, IReadOnlyList<RunEvent> actual)
    {
        Assert.Equal(expected.Select(one => one.Seq), actual.Select(one => one.Seq));
        Assert.All(expected.Zip(actual), pair => Assert.True(RunEventRowMapping.IsSame(pair.First, pair.Second), $"event {pair.First.Seq} differs"));
    }

    private static long? FirstBroken(IReadOnlyList<RunEvent> events)
    {
        var previous = RunEventChain.Start;
        foreach (var one in events)
        {
            if (!RunEventChain.Verify(one, previous))
            {
                return one.Seq;
            }

            previous = one.Hash;
        }

        return null;
    }

    private static RunEvent Changed(RunEvent one)
    {
        var digest = new byte[32];
        var data = Encoding.UTF8.GetBytes("""{"type":"response.output_text.delta","delta":"forged"}""");
        RunEventChain.ComputeDigest(one.Salt.Span, data, digest);
        return new RunEvent
        {
            RunId = one.RunId, Seq = one.Seq, At = one.At, Source = one.Source, Type = one.Type, Data = data, Salt = one.Salt, PayloadDigest = digest, Hash = one.Hash,
        };
    }

    private static RunSegmentRow Copy(RunSegmentRow segment, int changedAt)
    {
        var content = segment.Content.ToArray();
        content[changedAt] ^= 1;
        return new RunSegmentRow
        {
            RunId = segment.RunId, FirstSeq = segment.FirstSeq, LastSeq = segment.LastSeq,
            PreviousHash = segment.PreviousHash, LastHash = segment.LastHash, Content = content,
        };
    }
}
