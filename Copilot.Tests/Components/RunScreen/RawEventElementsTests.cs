using Copilot.Domain.Runs.Events;
using Copilot.Web.Components.RunScreen;
using Copilot.Web.Sessions.RunScreen;

namespace Copilot.Tests.Components.RunScreen;

public sealed class RawEventElementsTests
{
    private readonly RawEventElements _elements = new();

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Assign_ScrollsOn_EachEventKeepsItsElement(int step)
    {
        var before = Assign(100, step, 20);

        var after = Assign(100 + (5 * step), step, 20);

        Assert.Equal(before[5..], after[..15]);
        Assert.Empty(after[15..].Select(row => row.Element).Intersect(before.Select(row => row.Element)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Assign_JumpsFarAndBack_TheElementsShowOtherEvents(int step)
    {
        var first = Assign(5_000, step, 20).Select(row => row.Element).ToArray();

        Assert.Equal(first, Assign(9_000, step, 20).Select(row => row.Element));
        Assert.Equal(first, Assign(40, step, 20).Select(row => row.Element));
    }

    [Fact]
    public void Assign_FilteredRows_HaveElementsOfTheirOwn()
    {
        Assign(1, 1, 3);

        var rows = _elements.Assign([Event(10), Event(17), Event(40)]);

        Assert.Equal(3, rows.Select(row => row.Element).Distinct().Count());
        Assert.Empty(_elements.Assign([]));
    }

    private RawEventRow[] Assign(long top, int step, int count) =>
        [.. _elements.Assign([.. Enumerable.Range(0, count).Select(row => Event(top + (row * step)))])];

    private static RawEvent Event(long seq) => new(seq, DateTimeOffset.UnixEpoch, null, EventSource.Upstream, null, "type", 2, "{}");
}
