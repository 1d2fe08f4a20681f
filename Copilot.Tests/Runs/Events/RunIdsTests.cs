using Copilot.Domain.Runs.Events;
using Copilot.Tests.Shared.Clock;
using Microsoft.Extensions.Time.Testing;

namespace Copilot.Tests.Runs.Events;

public sealed class RunIdsTests
{
    [Fact]
    public void NewRun_ManyInOneMillisecond_SortInTheirOrder()
    {
        var clock = new ManualClock();

        var ids = Enumerable.Range(0, 10_000).Select(_ => RunIds.NewRun(clock)).ToArray();

        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void NewRun_ClockIsSetBack_SortsAfterTheLast()
    {
        var clock = new FakeTimeProvider { };
        clock.AdjustTime(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));
        var first = RunIds.NewRun(clock);
        clock.AdjustTime(new DateTimeOffset(2026, 11, 23, 7, 0, 0, TimeSpan.Zero));

        Assert.True(string.CompareOrdinal(first, RunIds.NewRun(clock)) < 0);
    }

    [Fact]
    public void NewRun_IsAVersion7Guid()
    {
        var id = Guid.ParseExact(RunIds.NewRun(TimeProvider.System)["run_".Length..], "n");

        Assert.Equal(7, id.Version);
        Assert.Equal(0b10, id.Variant >> 2);
    }
}
