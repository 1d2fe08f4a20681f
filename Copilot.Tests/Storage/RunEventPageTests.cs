using Copilot.Tests.Shared.Hosts;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Tests.Storage;

public sealed class RunEventPageTests
{
    private static readonly string s_large = new('x', 3 * 1024 * 1024);

    [Fact]
    public async Task ReadAsync_LargeEvents_PageEndsOnceItHasItsBytes()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = new FakeRun("a");
        await database.Events.AppendAsync([run.Created("Draw")], CancellationToken.None);
        for (var i = 0; i < 5; i++)
        {
            await database.Events.AppendAsync([run.Append(("response.image_generation_call.partial_image", s_large))], CancellationToken.None);
        }

        var pages = new List<int>();
        var after = 0L;
        while (await database.Events.ReadAsync("run_a", after, 1_000, CancellationToken.None) is { Count: > 0 } page)
        {
            pages.Add(page.Count);
            after = page[^1].Seq;
        }

        Assert.Equal([4, 2, 1], pages);
        Assert.Equal(7, after);
    }

    [Fact]
    public async Task FindHashAsync_EventWithDataErasedOrMissing_IsItsHashOrNull()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = new FakeRun("a");
        var created = run.Created("Draw");
        await database.Events.AppendAsync([created], CancellationToken.None);
        await using var db = await database.Contexts.CreateDbContextAsync();
        await db.WriteAsync(
            token => db.RunEvents.Where(row => row.Seq == 2).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.Salt, (byte[]?)null).SetProperty(row => row.Payload, (byte[]?)null), token),
            CancellationToken.None);

        Assert.Equal(created.Events[0].Hash.ToArray(), await database.Events.FindHashAsync("run_a", 1, CancellationToken.None));
        Assert.Null(await database.Events.FindHashAsync("run_a", 2, CancellationToken.None));
        Assert.Null(await database.Events.FindHashAsync("run_a", 3, CancellationToken.None));
    }

    [Fact]
    public async Task AppendAsync_DeltasAlone_MoveTheHeadAndLeaveTheSummaryInPlace()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = new FakeRun("a");
        await database.Events.AppendAsync([run.Created("Hello")], CancellationToken.None);
        await database.Events.AppendAsync([run.Started()], CancellationToken.None);
        await using var db = await database.Contexts.CreateDbContextAsync();
        var before = await db.Runs.AsNoTracking().Select(row => row.Summary).SingleAsync();

        await database.Events.AppendAsync([run.Deltas(25)], CancellationToken.None);

        Assert.Equal(before, await db.Runs.AsNoTracking().Select(row => row.Summary).SingleAsync());
        var found = await database.Events.FindAsync("run_a", CancellationToken.None);
        Assert.Equal(run.Summary.HeadSeq, found!.HeadSeq);
        Assert.Equal(run.Summary.LastEventAt, found.LastEventAt);

        await database.Events.AppendAsync([run.Completed("Done")], CancellationToken.None);

        found = await database.Events.FindAsync("run_a", CancellationToken.None);
        Assert.Equal("Done", found!.OutputText);
    }
}
