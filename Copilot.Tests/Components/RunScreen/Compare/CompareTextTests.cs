using Copilot.Domain.Replay;
using Copilot.Domain.Replay.Compare;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Components.RunScreen.Compare;

namespace Copilot.Tests.Components.RunScreen.Compare;

public sealed class CompareTextTests
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(2_000, 2_000, "same")]
    [InlineData(2_000, 2_000.3, "same")]
    [InlineData(2_000, 2_040, "+40 ms")]
    [InlineData(3_000, 2_000, "−1.0 s")]
    public void TotalsOf_Times_SaysTheDifferenceThatCanBeSeen(double first, double second, string difference)
    {
        var rows = CompareText.TotalsOf(new RunComparison(Totals(first), Totals(second), []), isTechnical: false, showsCosts: false);

        Assert.Equal(difference, rows.Single(row => row.Name == CompareText.Time).Difference);
    }

    private static RunTotals Totals(double milliseconds) => new(
        RunStatus.Completed, "m", new RunStretch(new SeqRange(1, 2), s_start, s_start.AddMilliseconds(milliseconds)), 1, 0, 0, null);
}
