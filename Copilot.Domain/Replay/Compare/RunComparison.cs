using Copilot.Domain.Replay.Clock;
using Copilot.Domain.Timeline.State;

namespace Copilot.Domain.Replay.Compare;

/// <summary>Two runs side by side, or two moments of one.</summary>
/// <param name="A">What the first took.</param>
/// <param name="B">What the second took.</param>
/// <param name="Steps">Their steps beside each other.</param>
public sealed record RunComparison(RunTotals A, RunTotals B, IReadOnlyList<StepPair> Steps)
{
    /// <summary>Compares two timelines, each at the moment that it was clipped to.</summary>
    public static RunComparison Of(TimelineState a, EventTimes timesOfA, TimelineState b, EventTimes timesOfB) => new(
        RunTotals.Of(a, timesOfA), RunTotals.Of(b, timesOfB), StepAlignment.Of(RunSteps.Of(a), RunSteps.Of(b)));
}
