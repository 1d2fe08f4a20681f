using System.Collections.Immutable;

namespace Copilot.Domain.Replay.Lanes;

/// <summary>
/// Puts the parts of a bar one after another. A moment that lies before the part under way, because a clock was set back, counts as its
/// beginning: no part is negative, and none overlaps another.
/// </summary>
internal sealed class SegmentBuilder(LanePhase phase, DateTimeOffset from)
{
    private readonly ImmutableArray<LaneSegment>.Builder _segments = ImmutableArray.CreateBuilder<LaneSegment>();
    private LanePhase _phase = phase;
    private DateTimeOffset _from = from;

    /// <summary>From this moment on the time is spent on something else.</summary>
    public SegmentBuilder Then(LanePhase phase, DateTimeOffset at)
    {
        if (phase == _phase)
        {
            return this;
        }

        var end = at < _from ? _from : at;
        if (end > _from)
        {
            _segments.Add(new LaneSegment(_phase, _from, end));
        }

        (_phase, _from) = (phase, end);
        return this;
    }

    /// <summary>The parts; the last one goes on.</summary>
    public ImmutableArray<LaneSegment> Open()
    {
        _segments.Add(new LaneSegment(_phase, _from, null));
        return _segments.ToImmutable();
    }

    /// <summary>The parts up to an end.</summary>
    public ImmutableArray<LaneSegment> End(DateTimeOffset at)
    {
        // A bar that took no time at all still has a part: it is drawn as a moment.
        if (at > _from || _segments.Count == 0)
        {
            _segments.Add(new LaneSegment(_phase, _from, at < _from ? _from : at));
        }

        return _segments.ToImmutable();
    }

    /// <summary>The parts up to an end, or open without one.</summary>
    public ImmutableArray<LaneSegment> EndOrOpen(DateTimeOffset? at) => at is { } end ? End(end) : Open();
}
