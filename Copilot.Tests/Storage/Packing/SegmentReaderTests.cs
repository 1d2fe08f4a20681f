using System.Text;
using Copilot.Domain.Runs.Events;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Storage.Packing;
using Copilot.Web.Storage.Runs;
using Microsoft.EntityFrameworkCore;
using static Copilot.Tests.Storage.Packing.PackingScene;

namespace Copilot.Tests.Storage.Packing;

public sealed class SegmentReaderTests
{
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
