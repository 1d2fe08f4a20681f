using System.Collections.Immutable;

namespace Copilot.Domain.Replay.Lanes;

/// <summary>
/// Puts the bars of a lane under one another where they overlap: each into the first row that is free when it begins. A bar therefore
/// stays in its row while it grows.
/// </summary>
internal static class LaneRows
{
    /// <summary>All bars in order, each with its row.</summary>
    public static ImmutableArray<LaneBar> Place(IEnumerable<LaneBar> bars)
    {
        var placed = ImmutableArray.CreateBuilder<LaneBar>();
        foreach (var lane in bars.GroupBy(bar => bar.Lane).OrderBy(lane => lane.Key))
        {
            var ends = new List<DateTimeOffset?>();
            foreach (var bar in lane.OrderBy(bar => bar.From).ThenBy(bar => bar.Seq).ThenBy(bar => bar.Id, StringComparer.Ordinal))
            {
                var row = ends.FindIndex(end => end <= bar.From);
                if (row < 0)
                {
                    row = ends.Count;
                    ends.Add(null);
                }

                ends[row] = bar.To;
                placed.Add(bar with { Row = row });
            }
        }

        return placed.ToImmutable();
    }
}
