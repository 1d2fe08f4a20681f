using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Tests.Storage;

/// <summary>What is read back from the log: pages, erased payloads, summaries.</summary>
public sealed class EfRunEventReadTests
{
    [Fact]
    public async Task ReadAsync_PageByPage_YieldsEveryEventOnce()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = new FakeRun("a");
        await database.Events.AppendAsync([run.Created("Hello")], CancellationToken.None);
        await database.Events.AppendAsync([run.Deltas(25)], CancellationToken.None);

        var seqs = new List<long>();
        while (await database.Events.ReadAsync("run_a", seqs.LastOrDefault(), 10, CancellationToken.None) is { Count: > 0 } page)
        {
            seqs.AddRange(page.Select(row => row.Seq));
        }

        Assert.Equal(Enumerable.Range(1, 27).Select(i => (long)i), seqs);
    }

    [Fact]
    public async Task ReadWithoutPiecesAsync_DeltasAndPartialImages_AreLeftOut()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = new FakeRun("a");
        await database.Events.AppendAsync([run.Created("Hello"), run.Started(), run.Deltas(5)], CancellationToken.None);
        var log = new RunEvents("run_b").Created("ses_b", "usr_1");
        log.Own("ours.delta", "{}");
        log.Upstream("""{"type":"response.image_generation_call.partial_image","item_id":"ig_1","output_index":0,"partial_image_b64":"AA=="}""");
        log.Upstream("""{"type":"response.output_text.done","item_id":"msg_1","output_index":0,"content_index":0,"text":"Hi"}""");
        await database.Events.AppendAsync([new RunAppend(log.Summary, log.All)], CancellationToken.None);

        Assert.DoesNotContain(
            await database.Events.ReadWithoutPiecesAsync("run_a", 0, 100, CancellationToken.None),
            one => one.Type.EndsWith(".delta", StringComparison.Ordinal));
        Assert.Equal(
            ["run.created", "ours.delta", "response.output_text.done"],
            (await database.Events.ReadWithoutPiecesAsync("run_b", 0, 100, CancellationToken.None)).Select(one => one.Type));
        Assert.Equal([4L], (await database.Events.ReadWithoutPiecesAsync("run_b", 2, 1, CancellationToken.None)).Select(one => one.Seq));
    }

    [Fact]
    public async Task ReadAsync_UnknownRun_IsEmpty()
    {
        await using var database = await TestDatabase.CreateAsync();

        Assert.Empty(await database.Events.ReadAsync("run_none", 0, 10, CancellationToken.None));
        Assert.Null(await database.Events.ReadHeadAsync("run_none", CancellationToken.None));
        Assert.Null(await database.Events.FindAsync("run_none", CancellationToken.None));
    }

    [Fact]
    public async Task ReadAsync_ErasedPayload_IsAnEmptyEventWithItsDigest()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = new FakeRun("a");
        var created = run.Created("Hello");
        await database.Events.AppendAsync([created], CancellationToken.None);
        await using (var db = await database.Contexts.CreateDbContextAsync())
        {
            await db.WriteAsync(
                token => db.RunEvents.Where(row => row.Seq == 2).ExecuteUpdateAsync(
                    set => set.SetProperty(row => row.Payload, (byte[]?)null).SetProperty(row => row.Salt, (byte[]?)null),
                    token),
                CancellationToken.None);
        }

        var message = (await database.Events.ReadHeadAsync("run_a", CancellationToken.None))!;

        Assert.True(message.IsErased);
        Assert.True(message.Data.IsEmpty);
        Assert.Null(message.Text("text"));
        Assert.Equal(created.Events[1].PayloadDigest.ToArray(), message.PayloadDigest.ToArray());
    }

    [Fact]
    public async Task FindAsync_SummaryWithEveryField_RoundTrips()
    {
        await using var database = await TestDatabase.CreateAsync();
        var expected = FakeRun.Full();
        var created = new FakeRun("full").Append((RunEventTypes.RunCreated, "{}"));
        await database.Events.AppendAsync([created with { Summary = expected }], CancellationToken.None);

        var actual = (await database.Events.FindAsync("run_full", CancellationToken.None))!;

        Assert.Equal(expected.ActiveTools, actual.ActiveTools);
        Assert.Equal(expected.Files, actual.Files);
        Assert.Equal(expected.PendingApprovals, actual.PendingApprovals);
        Assert.Equal(expected.PendingQuestions.Select(one => one with { Choices = [] }), actual.PendingQuestions.Select(one => one with { Choices = [] }));
        Assert.Equal(expected.PendingQuestions[0].Choices, actual.PendingQuestions[0].Choices);
        Assert.Equal(Flat(expected), Flat(actual));
    }

    [Fact]
    public async Task ReadUnfinishedAsync_RunsInEveryStatus_ReturnsTheUnfinished()
    {
        await using var database = await TestDatabase.CreateAsync();
        foreach (var status in Enum.GetValues<RunStatus>())
        {
            var run = new FakeRun(status.ToWire());
            run.Summary = run.Summary with { Status = status };
            await database.Events.AppendAsync([run.Created("Hello")], CancellationToken.None);
        }

        var unfinished = await database.Events.ReadUnfinishedAsync(CancellationToken.None);

        Assert.Equal(["run_queued", "run_running", "run_waiting"], unfinished.Select(run => run.RunId));
    }

    [Fact]
    public async Task ReadSessionAsync_SeveralRuns_OldestFirst()
    {
        await using var database = await TestDatabase.CreateAsync();
        foreach (var (name, minute) in new[] { ("b", 2), ("c", 3), ("a", 1) })
        {
            var run = new FakeRun(name);
            run.Summary = run.Summary with { SessionId = "ses_1", CreatedAt = FakeRun.Start.AddMinutes(minute) };
            await database.Events.AppendAsync([run.Created("Hello")], CancellationToken.None);
        }

        var runs = await database.Events.ReadSessionAsync("ses_1", CancellationToken.None);

        Assert.Equal(runs.Select(RunHead.Of), await database.Events.ReadSessionHeadsAsync("ses_1", CancellationToken.None));
        Assert.Equal(["run_a", "run_b", "run_c"], runs.Select(run => run.RunId));
    }

    /// <summary>Without its lists, which a record compares by reference.</summary>
    private static RunSummary Flat(RunSummary summary) => summary with { ActiveTools = [], Files = [], PendingApprovals = [], PendingQuestions = [] };
}
