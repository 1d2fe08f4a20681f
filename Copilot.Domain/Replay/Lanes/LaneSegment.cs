namespace Copilot.Domain.Replay.Lanes;

/// <summary>A part of a bar. The parts of a bar follow one another without gap.</summary>
/// <param name="Phase">What the time was spent on.</param>
/// <param name="From">When it began (UTC).</param>
/// <param name="To">When it ended; null while it goes on, which only the last part of a bar may do.</param>
public readonly record struct LaneSegment(LanePhase Phase, DateTimeOffset From, DateTimeOffset? To);
