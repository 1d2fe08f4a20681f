using Copilot.Domain.Audit;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Storage.Packing;

namespace Copilot.Tests.Audit;

/// <summary>Every kind of byte, row and tail of a run is changed behind the program's back, and the verification says which.</summary>
public sealed class TamperTests : IAsyncLifetime
{
    private AuditScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await AuditScene.CreateAsync();

    public async ValueTask DisposeAsync() => await _scene.DisposeAsync();

    [Fact]
    public async Task Untouched_IsWhole()
    {
        var report = await _scene.VerifyAsync(_scene.Last.Read()!);

        Assert.Empty(report.Findings.Select(AuditScene.Tell));
        Assert.Equal(3, report.Runs);
        Assert.Equal(24, report.Events);
        Assert.Equal(4, report.AccessEntries);
        Assert.Equal(2, report.Checkpoints);
        Assert.Empty(await _scene.TamperAsync(_ => { }));
    }

    [Fact]
    public async Task PackedRun_IsVerifiedAsOthers_AndAChangeOfItIsTold()
    {
        await PackAsync("run_b");

        var report = await _scene.VerifyAsync(_scene.Last.Read()!);

        Assert.Empty(report.Findings.Select(AuditScene.Tell));
        Assert.Equal(3, report.Runs);
        Assert.Equal(24, report.Events);
        Assert.Equal(["Removed run_b 4-6"], await _scene.TamperAsync(file => file.Do("DELETE FROM run_segments WHERE run_id = 'run_b' AND last_seq = 6")));
        Assert.Equal(["Cut run_b 7-8"], await _scene.TamperAsync(file => file.Do("DELETE FROM run_segments WHERE run_id = 'run_b' AND last_seq = 8")));
        Assert.All(
            await _scene.TamperAsync(file => file.Flip("run_segments", "content", "run_id = 'run_b' AND last_seq = 6")),
            finding => Assert.Contains(" run_b ", finding, StringComparison.Ordinal));
        Assert.NotEmpty(await _scene.TamperAsync(file => file.Flip("run_segments", "content", "run_id = 'run_b' AND last_seq = 6")));
        Assert.NotEmpty(await _scene.TamperAsync(file => file.Flip("run_segments", "last_hash", "run_id = 'run_b' AND last_seq = 8")));
    }

    [Fact]
    public async Task RunPackedBeforeItsHeadIsSealed_IsSealedAllTheSame()
    {
        await _scene.WriteAsync("run_d", 8);
        await PackAsync("run_d");

        await _scene.Maker.MakeAsync(CancellationToken.None);

        Assert.Empty((await _scene.VerifyAsync()).Findings.Select(AuditScene.Tell));
        Assert.Equal(["ChainRemoved run_d 1-8"], await _scene.TamperAsync(file =>
        {
            file.Do("DELETE FROM run_segments WHERE run_id = 'run_d'");
            file.Do("DELETE FROM runs WHERE id = 'run_d'");
        }));
    }

    [Theory]
    [InlineData("at", AuditFindingKind.Changed)]
    [InlineData("source", AuditFindingKind.Changed)]
    [InlineData("actor_id", AuditFindingKind.Changed)]
    [InlineData("actor_role", AuditFindingKind.Changed)]
    [InlineData("type", AuditFindingKind.Changed)]
    [InlineData("response_id", AuditFindingKind.Changed)]
    [InlineData("call_id", AuditFindingKind.Changed)]
    [InlineData("payload_digest", AuditFindingKind.Changed)]
    [InlineData("payload", AuditFindingKind.ContentChanged)]
    [InlineData("salt", AuditFindingKind.ContentChanged)]
    [InlineData("hash", AuditFindingKind.HashChanged)]
    public async Task OneByteOfAnEvent_IsToldWithRunAndEvent(string column, AuditFindingKind kind)
    {
        foreach (var seq in new[] { 1, 3, 7 })
        {
            Assert.Equal(
                [$"{kind} run_b {seq}"],
                await _scene.TamperAsync(file => file.Flip("run_events", column, $"run_id = 'run_b' AND seq = {seq}")));
        }

        // Behind the last event nothing tells whether what it says or its hash was changed.
        var last = kind is AuditFindingKind.HashChanged ? AuditFindingKind.Changed : kind;
        Assert.Equal([$"{last} run_b 8"], await _scene.TamperAsync(file => file.Flip("run_events", column, "run_id = 'run_b' AND seq = 8")));
    }

    [Theory]
    [InlineData("source = 'xystem'")]
    [InlineData("actor_id = NULL")]
    [InlineData("actor_role = NULL")]
    [InlineData("at = 9223372036854775807")]
    [InlineData("response_id = NULL")]
    [InlineData("call_id = ''")]
    [InlineData("salt = NULL")]
    [InlineData("payload = NULL")]
    [InlineData("source = 'user', actor_role = 'Staff'")]
    public async Task ValuesThatReadersAreLenientAbout_AreToldAllTheSame(string set)
    {
        var kind = set is "salt = NULL" or "payload = NULL" ? AuditFindingKind.ContentChanged : AuditFindingKind.Changed;

        Assert.Equal([$"{kind} run_a 5"], await _scene.TamperAsync(file => file.Do($"UPDATE run_events SET {set} WHERE run_id = 'run_a' AND seq = 5")));
    }

    [Fact]
    public async Task ContentInARowOfItsOwn_ChangedRemovedOrDoubled_IsTold()
    {
        Assert.Equal(["ContentChanged run_a 4"], await _scene.TamperAsync(file => file.Flip("run_payloads", "payload", "run_id = 'run_a' AND seq = 4")));
        Assert.Equal(["ContentChanged run_a 4"], await _scene.TamperAsync(file => file.Do("DELETE FROM run_payloads WHERE run_id = 'run_a' AND seq = 4")));
        Assert.Equal(["Changed run_a 5"], await _scene.TamperAsync(file => file.Do("INSERT INTO run_payloads VALUES ('run_a', 5, x'00')")));
    }

    [Fact]
    public async Task ContentRemoved_IsToldUnlessADeletionRecordSaysSo()
    {
        const string Remove = "UPDATE run_events SET salt = NULL, payload = NULL WHERE run_id = 'run_c' AND seq IN (2, 3, 6)";
        const string Say = """
            INSERT INTO forgotten_runs (run_id, forgetting_id, events, bytes, head_hash, chain_held_before, planned_at)
            VALUES ('run_c', 'fgt_1', 8, 1, x'00', 1, 1)
            """;

        Assert.Equal(["ContentRemoved run_c 2-3", "ContentRemoved run_c 6"], await _scene.TamperAsync(file => file.Do(Remove)));
        Assert.Empty(await _scene.TamperAsync(file =>
        {
            file.Do(Remove);
            file.Do(Say);
        }));
    }

    [Fact]
    public async Task Removed_IsToldWithItsPlace_AlsoWhenTheRestIsRenumbered()
    {
        Assert.Equal(["Removed run_a 3"], await _scene.TamperAsync(file => file.Do("DELETE FROM run_events WHERE run_id = 'run_a' AND seq = 3")));
        Assert.Equal(["Removed run_a 1-2"], await _scene.TamperAsync(file => file.Do("DELETE FROM run_events WHERE run_id = 'run_a' AND seq < 3")));
        Assert.Equal(
            ["Removed run_a 3-4", "Reordered run_a 5-8 at 3"],
            await _scene.TamperAsync(file =>
            {
                file.Do("DELETE FROM run_events WHERE run_id = 'run_a' AND seq IN (3, 4)");
                file.Do("DELETE FROM run_payloads WHERE run_id = 'run_a'");
                Shift(file, "run_a", from: 5, by: -2);
            }));
    }

    [Fact]
    public async Task Reordered_IsToldWithBothPlaces()
    {
        Assert.Equal(
            ["Reordered run_a 3 at 6", "Reordered run_a 6 at 3"],
            await _scene.TamperAsync(file =>
            {
                file.Do("UPDATE run_events SET seq = 100 WHERE run_id = 'run_a' AND seq = 3");
                file.Do("UPDATE run_events SET seq = 3 WHERE run_id = 'run_a' AND seq = 6");
                file.Do("UPDATE run_events SET seq = 6 WHERE run_id = 'run_a' AND seq = 100");
            }));
        Assert.Equal(
            ["Reordered run_a 2 at 100"],
            await _scene.TamperAsync(file => file.Do("UPDATE run_events SET seq = 100 WHERE run_id = 'run_a' AND seq = 2")));
    }

    [Fact]
    public async Task Inserted_IsToldWithItsPlace()
    {
        Assert.Equal(
            ["Inserted run_a 4", "Reordered run_a 4-8 at 5"],
            await _scene.TamperAsync(file =>
            {
                Shift(file, "run_a", from: 4, by: 1);
                Copy(file, "run_b", 4, "run_a", 4);
            }));
        Assert.Equal(["Inserted run_a 9"], await _scene.TamperAsync(file => Copy(file, "run_b", 3, "run_a", 9)));
    }

    [Fact]
    public async Task MovedToAnotherRun_IsToldWithBothRuns()
    {
        Assert.Equal(
            ["MovedToOtherChain run_a 3 at run_b 9"],
            await _scene.TamperAsync(file => file.Do("UPDATE run_events SET run_id = 'run_b', seq = 9 WHERE run_id = 'run_a' AND seq = 3")));
        Assert.Equal(
            ["MovedToOtherChain run_a 8 at run_b 9"],
            await _scene.TamperAsync(file =>
            {
                file.Do("UPDATE run_events SET run_id = 'run_b', seq = 9 WHERE run_id = 'run_a' AND seq = 8");
                file.Do("UPDATE runs SET head_seq = 7 WHERE id = 'run_a'");
            }));
    }

    [Fact]
    public async Task Tail_CutOffWithItsTraces_IsToldByTheCheckpoint()
    {
        Assert.Equal(["Cut run_a 7-8"], await _scene.TamperAsync(file => file.Do("DELETE FROM run_events WHERE run_id = 'run_a' AND seq > 6")));
        Assert.Equal(["Cut run_a 7-8"], await _scene.TamperAsync(file =>
        {
            file.Do("DELETE FROM run_events WHERE run_id = 'run_a' AND seq > 6");
            file.Do("UPDATE runs SET head_seq = 6 WHERE id = 'run_a'");
        }));
        Assert.Equal(["ChainRemoved run_b 1-8"], await _scene.TamperAsync(file =>
        {
            file.Do("DELETE FROM run_events WHERE run_id = 'run_b'");
            file.Do("DELETE FROM run_payloads WHERE run_id = 'run_b'");
            file.Do("DELETE FROM runs WHERE id = 'run_b'");
        }));
    }

    [Fact]
    public async Task WrittenAnew_HoldsTogetherAndIsToldByTheCheckpoint()
    {
        Assert.Equal(["Rewritten run_b 1-5"], await _scene.TamperAsync(file => Rewrite(file, from: 3)));
        Assert.Equal(["Rewritten run_b 6-8"], await _scene.TamperAsync(file => Rewrite(file, from: 7)));
    }

    // Over negative places, because the primary key is checked row by row.
    private static void Shift(TamperedFile file, string run, int from, int by)
    {
        file.Do($"UPDATE run_events SET seq = -(seq + {by}) WHERE run_id = '{run}' AND seq >= {from}");
        file.Do($"UPDATE run_events SET seq = -seq WHERE run_id = '{run}' AND seq < 0");
        file.Do($"UPDATE run_payloads SET seq = seq + {by} WHERE run_id = '{run}' AND seq >= {from}");
    }

    private static void Copy(TamperedFile file, string run, int seq, string toRun, int toSeq) => file.Do($"""
        INSERT INTO run_events (run_id, seq, at, source, actor_id, actor_role, type, response_id, call_id, payload, salt, payload_digest, hash)
        SELECT '{toRun}', {toSeq}, at, source, actor_id, actor_role, type, response_id, call_id, payload, salt, payload_digest, hash
        FROM run_events WHERE run_id = '{run}' AND seq = {seq}
        """);

    // Run b with other words from a place on, and every hash computed as it should be.
    private void Rewrite(TamperedFile file, int from)
    {
        var events = _scene.Database.Events.ReadAsync("run_b", 0, 100, CancellationToken.None).GetAwaiter().GetResult();
        var previous = from == 1 ? RunEventChain.Start : events[from - 2].Hash;
        foreach (var one in events.Skip(from - 1))
        {
            var written = RunEventChain.Seal("run_b", one.Seq, previous, new RunEventDraft
            {
                At = one.At,
                Source = one.Source,
                Actor = one.Actor,
                Type = one.Type,
                ResponseId = one.ResponseId,
                CallId = one.CallId,
                Data = "{}"u8.ToArray(),
            });
            file.Do($"DELETE FROM run_payloads WHERE run_id = 'run_b' AND seq = {one.Seq}");
            file.Do($"""
                UPDATE run_events SET payload = {TamperedFile.Hex(written.Data)}, salt = {TamperedFile.Hex(written.Salt)}, payload_digest = {TamperedFile.Hex(written.PayloadDigest)}, hash = {TamperedFile.Hex(written.Hash)}
                WHERE run_id = 'run_b' AND seq = {one.Seq}
                """);
            previous = written.Hash;
        }
    }

    private async Task PackAsync(string runId)
    {
        var packer = new RunPacker(_scene.Database.Contexts, Microsoft.Extensions.Options.Options.Create(new PackingOptions { SegmentEvents = 3 }));
        while (await packer.PackNextAsync(runId, DateTimeOffset.UnixEpoch, CancellationToken.None))
        {
        }
    }
}
