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
    /// <param name="a">The first run.</param>
    /// <param name="timesOfA">When its events happened.</param>
    /// <param name="b">The second run.</param>
    /// <param name="timesOfB">When its events happened.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static RunComparison Of(
        TimelineState a, EventTimes timesOfA, TimelineState b, EventTimes timesOfB, CancellationToken cancellationToken) => new(
        RunTotals.Of(a, timesOfA), RunTotals.Of(b, timesOfB), StepAlignment.Of(RunSteps.Of(a), RunSteps.Of(b), cancellationToken));

    /// <summary>Says which steps a fork has taken from the other run's log: it has them, although it did not carry them out.</summary>
    /// <param name="ofA">Seq of the first that the second has not taken any more; 0 where it has taken nothing.</param>
    /// <param name="ofB">Seq of the second that the first has not taken any more; 0 where it has taken nothing.</param>
    public RunComparison WithTaken(long ofA, long ofB) => this with
    {
        Steps =
        [
            .. Steps.Select(pair => pair with
            {
                IsTaken = (pair.B is null && pair.A?.FromSeq < ofA) || (pair.A is null && pair.B?.FromSeq < ofB),
            }),
        ],
    };
}
