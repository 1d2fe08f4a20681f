using System.Collections.Immutable;
using Copilot.Domain.Replay;
using Copilot.Domain.Replay.Lanes;
using Copilot.Web.Components.Timeline.Shared;

namespace Copilot.Web.Components.RunScreen.Lanes;

/// <summary>
/// What the script that draws the lanes is told: at first everything, then only what has changed. Times are milliseconds from the run's
/// beginning. Belongs to one view, and is used on its circuit's thread.
/// </summary>
/// <param name="names">What people and tools are called.</param>
/// <param name="isTechnical">Whether connections are shown.</param>
internal sealed class LaneDrawing(TimelineNames names, bool isTechnical)
{
    private readonly Dictionary<string, LaneBar> _sent = [];
    private ImmutableArray<long> _lastSeqs = [];
    private TimeSpan _width;
    private ImmutableArray<LaneMark> _marks = [];
    private ImmutableArray<IdleStretch> _idle = [];

    /// <summary>What has changed since the last time.</summary>
    /// <param name="lanes">The lanes now.</param>
    /// <param name="density">When the events came.</param>
    /// <param name="now">The server's clock.</param>
    /// <param name="grows">Whether what is open grows with the clock.</param>
    public LaneUpdate Next(RunLanes lanes, EventDensity density, DateTimeOffset now, bool grows)
    {
        var origin = lanes.Origin ?? now;
        var bars = new List<object?[]>();
        foreach (var bar in lanes.Bars)
        {
            if ((bar.Lane is Lane.Transport && !isTechnical) || (_sent.TryGetValue(bar.Id, out var known) && IsSame(known, bar)))
            {
                continue;
            }

            _sent[bar.Id] = bar;
            bars.Add(
            [
                bar.Id, (int)bar.Lane, bar.Row, LaneText.Label(bar, names), (int)bar.Outcome, Ms(bar.From), bar.Seq,
                bar.Segments.Select(one => new object?[] { (int)one.Phase, one.To is { } to ? Ms(to) : null }).ToArray(),
            ]);
        }

        // Events are only added: what came before the first stretch that has changed stands.
        var same = _width == density.Width ? _lastSeqs.AsSpan().CommonPrefixLength(density.LastSeqs.AsSpan()) : 0;
        var update = new LaneUpdate
        {
            Now = Ms(now),
            End = lanes.End is { } end ? Ms(end) : null,
            Grows = grows,
            Bars = bars,
            Marks = _marks.AsSpan().SequenceEqual(lanes.Marks.AsSpan()) ? null : [.. lanes.Marks.Select(mark => new[] { (int)mark.Kind, Ms(mark.At), mark.Seq })],
            Idle = _idle.AsSpan().SequenceEqual(lanes.Idle.AsSpan()) ? null : [.. lanes.Idle.Select(idle => new[] { Ms(idle.From), Ms(idle.To) })],
            IdleSince = lanes.IdleSince is { } since ? Ms(since) : null,
            Width = density.Width.TotalMilliseconds,
            Counts = same == density.LastSeqs.Length && same == _lastSeqs.Length ? null : [.. density.Counts.Skip(same)],
            CountsFrom = same,
        };
        (_lastSeqs, _width, _marks, _idle) = (density.LastSeqs, density.Width, lanes.Marks, lanes.Idle);
        return update;

        double Ms(DateTimeOffset at) => Math.Round((at - origin).TotalMilliseconds, 1);
    }

    // A label is read from the item: as long as that is the same, so is the label.
    private static bool IsSame(LaneBar known, LaneBar bar) => ReferenceEquals(known.Item, bar.Item)
        && known.Row == bar.Row
        && known.Outcome == bar.Outcome
        && known.Segments.AsSpan().SequenceEqual(bar.Segments.AsSpan());
}
