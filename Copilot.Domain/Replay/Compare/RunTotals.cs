using Copilot.Domain.Replay.Clock;
using Copilot.Domain.Replay.Lanes;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;

namespace Copilot.Domain.Replay.Compare;

/// <summary>What a run took up to a moment, in numbers.</summary>
/// <param name="Status">Where it was.</param>
/// <param name="Model">The model that was asked for, or that answered; null where neither is known.</param>
/// <param name="Stretch">Time, tokens, cost, tool time, waiting time and size; null before its first event.</param>
/// <param name="Requests">Requests that were sent.</param>
/// <param name="Calls">Calls of tools.</param>
/// <param name="Failed">Calls that failed, timed out, or whose outcome nobody knows.</param>
/// <param name="Transport">What carried it last, or null.</param>
public sealed record RunTotals(RunStatus Status, string? Model, RunStretch? Stretch, int Requests, int Calls, int Failed, TransportUse? Transport)
{
    /// <summary>Counts them.</summary>
    /// <param name="state">The run's timeline at that moment.</param>
    /// <param name="times">When its events happened.</param>
    public static RunTotals Of(TimelineState state, EventTimes times)
    {
        ArgumentNullException.ThrowIfNull(state);
        var steps = TimelineSteps.Of(state);
        return new RunTotals(
            state.Status,
            state.Agent?.Model ?? (state.Items.FindLast(item => item is AttemptItem { Model.IsSet: true }) as AttemptItem)?.Model.Current,
            state.HeadSeq == 0 ? null : RunStretch.Of(state, RunLanes.Of(state), times, new SeqRange(1, state.HeadSeq)),
            state.Items.Count(item => item is AttemptItem),
            steps.Tools,
            steps.Failed,
            state.Transport);
    }
}
