using System.Globalization;
using Copilot.Domain.Erasure;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Storage.Packing;
using Copilot.Web.Storage.Runs;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Tests.Storage.Packing;

/// <summary>Runs that have ended, how they are packed, and how their logs are read and compared.</summary>
internal static class PackingScene
{
    /// <summary>A time at which what has ended is due.</summary>
    public static readonly DateTimeOffset Later = RunEvents.Start.AddDays(1);

    /// <summary>A run with everything that a log has: an actor, a call, a payload with a row of its own, an answer in pieces.</summary>
    public static RunEvents Ended(string runId, int deltas)
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

    public static async Task<RunEvents> WriteAsync(IRunEventStore events, string runId, int deltas)
    {
        var run = Ended(runId, deltas);
        await events.AppendAsync([new RunAppend(run.Summary, run.All)], CancellationToken.None);
        return run;
    }

    public static RunPacker Packer(TestDatabase database, int segmentEvents) =>
        new(database.Contexts, Microsoft.Extensions.Options.Options.Create(new PackingOptions { SegmentEvents = segmentEvents }));

    public static async Task PackAsync(TestDatabase database, string runId, int segmentEvents)
    {
        var packer = Packer(database, segmentEvents);
        while (await packer.PackNextAsync(runId, Later, CancellationToken.None))
        {
        }
    }

    public static async Task<List<RunEvent>> AllAsync(IRunEventStore store, string runId)
    {
        var all = new List<RunEvent>();
        while (await store.ReadAsync(runId, all.LastOrDefault()?.Seq ?? 0, 6, CancellationToken.None) is { Count: > 0 } page)
        {
            all.AddRange(page);
        }

        return all;
    }

    public static void AssertSame(IReadOnlyList<RunEvent> expected, IReadOnlyList<RunEvent> actual)
    {
        Assert.Equal(expected.Select(one => one.Seq), actual.Select(one => one.Seq));
        Assert.All(expected.Zip(actual), pair => Assert.True(RunEventRowMapping.IsSame(pair.First, pair.Second), $"event {pair.First.Seq} differs"));
    }

    public static long? FirstBroken(IReadOnlyList<RunEvent> events)
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
}
