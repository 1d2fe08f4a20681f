namespace Copilot.Domain.Replay.Lanes;

/// <summary>Finds the times in which a run only waited: for a person, for its turn, for a retry, for somebody to resume it.</summary>
internal static class IdleTime
{
    private const double SmallestPart = 0.05;

    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(2);

    /// <summary>The stretches of at least two seconds that are at least a twentieth of the whole.</summary>
    public static IEnumerable<IdleStretch> Of(DateTimeOffset origin, DateTimeOffset? ended, IReadOnlyList<LaneBar> bars)
    {
        var end = ended ?? Newest(origin, bars);
        var shortest = TimeSpan.FromTicks(Math.Max(s_shortest.Ticks, (long)((end - origin).Ticks * SmallestPart)));
        var reached = origin;
        foreach (var work in bars.SelectMany(bar => bar.Segments).Where(IsWork).OrderBy(segment => segment.From))
        {
            if (work.From - reached >= shortest)
            {
                yield return new IdleStretch(reached, work.From);
            }

            var to = work.To ?? end;
            reached = to > reached ? to : reached;
        }

        if (end - reached >= shortest)
        {
            yield return new IdleStretch(reached, end);
        }
    }

    /// <summary>Since when nothing is done; null while something is.</summary>
    public static DateTimeOffset? Since(DateTimeOffset origin, IReadOnlyList<LaneBar> bars)
    {
        var reached = origin;
        foreach (var work in bars.SelectMany(bar => bar.Segments).Where(IsWork))
        {
            if (work.To is not { } to)
            {
                return null;
            }

            reached = to > reached ? to : reached;
        }

        return reached;
    }

    private static bool IsWork(LaneSegment segment) => segment.Phase is
        LanePhase.Sent or LanePhase.FirstToken or LanePhase.Reasoning or LanePhase.Text or LanePhase.Arguments
        or LanePhase.Executing or LanePhase.Connecting or LanePhase.Compacting;

    private static DateTimeOffset Newest(DateTimeOffset origin, IReadOnlyList<LaneBar> bars) =>
        bars.SelectMany(bar => bar.Segments).Aggregate(origin, (newest, segment) =>
        {
            var at = segment.To ?? segment.From;
            return at > newest ? at : newest;
        });
}
