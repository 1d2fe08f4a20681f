using Copilot.Domain.Erasure;
using Copilot.Domain.Runs.Events;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static Copilot.Tests.Storage.Packing.PackingScene;

namespace Copilot.Tests.Storage.Packing;

/// <summary>Packed runs whose content is deleted: nothing of it comes back, and the chain still verifies.</summary>
public sealed class PackedRunErasureTests
{
    [Fact]
    public async Task EraseEventsAsync_PackedRun_DigestsStayAndVerify()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = await WriteAsync(database.Events, "run_1", deltas: 20);
        var packer = Packer(database, segmentEvents: 8);
        // Two segments and the rest in rows, as it is when somebody deletes while it is packed.
        await packer.PackNextAsync("run_1", Later, CancellationToken.None);
        await packer.PackNextAsync("run_1", Later, CancellationToken.None);
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
}
