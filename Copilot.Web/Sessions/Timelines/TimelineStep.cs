using Copilot.Domain.Replay;
using Copilot.Domain.Replay.Clock;
using Copilot.Domain.Timeline.State;

namespace Copilot.Web.Sessions.Timelines;

/// <summary>A run's timeline after a batch of events.</summary>
/// <param name="State">The fold of all events so far.</param>
/// <param name="UrgentSeq">Seq of the newest event that people should see at once; 0 before the first.</param>
/// <param name="HasEnded">True when no event will follow.</param>
internal sealed record TimelineStep(TimelineState State, long UrgentSeq, bool HasEnded)
{
    /// <summary>When its events came; only as far as they were read (<see cref="RunTimelines.HoldWhole"/>).</summary>
    public EventDensity Density { get; init; } = EventDensity.Empty;

    /// <summary>When each of them came; only as far as they were read.</summary>
    public EventTimes Times { get; init; } = EventTimes.Empty;
}
