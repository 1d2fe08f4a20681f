using Copilot.Domain.Replay.Clock;
using Copilot.Domain.Replay.Lanes;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.State;

namespace Copilot.Domain.Replay;

/// <summary>What a stretch of a run took.</summary>
/// <param name="Range">Its events.</param>
/// <param name="From">When it begins (UTC).</param>
/// <param name="To">When it ends (UTC).</param>
public sealed record RunStretch(SeqRange Range, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>From its first event to its last.</summary>
    public TimeSpan Time => To - From;

    /// <summary>Tokens that were reported in it.</summary>
    public ResponseUsage Usage { get; private init; }

    /// <summary>What became known of the cost in it, in micro-units; null where nothing did.</summary>
    public long? CostMicros { get; private init; }

    /// <summary>The currency, or null.</summary>
    public string? Currency { get; private init; }

    /// <summary>True where something was paid in it whose amount is not known.</summary>
    public bool IsCostPartial { get; private init; }

    /// <summary>How long at least one tool worked.</summary>
    public TimeSpan ToolTime { get; private init; }

    /// <summary>How long the run waited: for a person, its turn, a retry, or somebody to resume it.</summary>
    public TimeSpan WaitingTime { get; private init; }

    /// <summary>Size of the payloads of its events, in bytes.</summary>
    public long Bytes { get; private init; }

    /// <summary>Measures a stretch; null where the run has no events.</summary>
    /// <param name="state">The run's timeline.</param>
    /// <param name="lanes">The lanes of the same timeline.</param>
    /// <param name="times">When its events happened.</param>
    /// <param name="range">The events; those that the run does not have are left out.</param>
    public static RunStretch? Of(TimelineState state, RunLanes lanes, EventTimes times, SeqRange range)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(lanes);
        ArgumentNullException.ThrowIfNull(times);
        ArgumentNullException.ThrowIfNull(range);
        if (times.TimeOf(range.First) is not { } from || times.TimeOf(range.Last) is not { } to)
        {
            return null;
        }

        var (before, after) = (state.Usages.Clip(range.First - 1).Current, state.Usages.Clip(range.Last).Current);
        var paid = state.Costs.Clip(range.First - 1).Current ?? RunCost.Zero;
        var cost = state.Costs.Clip(range.Last).Current ?? RunCost.Zero;
        return new RunStretch(range, from, to)
        {
            Usage = new ResponseUsage(
                after.InputTokens - before.InputTokens, after.CachedTokens - before.CachedTokens,
                after.OutputTokens - before.OutputTokens, after.ReasoningTokens - before.ReasoningTokens),
            CostMicros = cost.Priced > paid.Priced ? cost.Micros - paid.Micros : null,
            Currency = cost.Currency,
            IsCostPartial = cost.Gaps > paid.Gaps,
            ToolTime = Covered(Segments(lanes, LanePhase.Executing), from, to),
            WaitingTime = Covered(
                Segments(lanes, LanePhase.Approval, LanePhase.Question, LanePhase.Queued, LanePhase.Retry, LanePhase.Interrupted).Concat(Held(state)), from, to),
            Bytes = times.BytesOf(range.First, range.Last),
        };
    }

    private static IEnumerable<(DateTimeOffset From, DateTimeOffset To)> Segments(RunLanes lanes, params LanePhase[] phases) => lanes.Bars
        .SelectMany(bar => bar.Segments)
        .Where(segment => phases.Contains(segment.Phase))
        .Select(segment => (segment.From, segment.To ?? DateTimeOffset.MaxValue));

    private static IEnumerable<(DateTimeOffset From, DateTimeOffset To)> Held(TimelineState state)
    {
        var steps = state.Statuses.Steps;
        for (var place = 0; place < steps.Length; place++)
        {
            if (steps[place].Value is RunStatus.Waiting)
            {
                yield return (steps[place].At, place + 1 < steps.Length ? steps[place + 1].At : DateTimeOffset.MaxValue);
            }
        }
    }

    // Times that overlap count once.
    private static TimeSpan Covered(IEnumerable<(DateTimeOffset From, DateTimeOffset To)> times, DateTimeOffset from, DateTimeOffset to)
    {
        var (sum, reached) = (TimeSpan.Zero, from);
        foreach (var time in times.OrderBy(one => one.From))
        {
            var begin = time.From > reached ? time.From : reached;
            var end = time.To < to ? time.To : to;
            if (end > begin)
            {
                sum += end - begin;
                reached = end;
            }
        }

        return sum;
    }
}
