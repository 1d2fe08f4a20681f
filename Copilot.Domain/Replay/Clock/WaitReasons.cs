using Copilot.Domain.Replay.Lanes;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;

namespace Copilot.Domain.Replay.Clock;

/// <summary>Tells what a run waited for.</summary>
public sealed class WaitReasons
{
    // What filled the time counts; of two that filled it alike, the one that could have ended it.
    private static readonly WaitReason[] s_order = [WaitReason.Person, WaitReason.Tool, WaitReason.Transport, WaitReason.Model];

    private readonly List<(WaitReason Reason, DateTimeOffset From, DateTimeOffset To)> _times = [];

    /// <summary>Reads them from a run.</summary>
    /// <param name="state">Its timeline.</param>
    /// <param name="lanes">The lanes of the same timeline.</param>
    public WaitReasons(TimelineState state, RunLanes lanes)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(lanes);
        foreach (var segment in lanes.Bars.SelectMany(bar => bar.Segments))
        {
            if (ReasonOf(segment.Phase) is { } reason)
            {
                _times.Add((reason, segment.From, segment.To ?? DateTimeOffset.MaxValue));
            }
        }

        // A run that a person holds has no bar that says so.
        for (var place = 0; place < state.Statuses.Steps.Length; place++)
        {
            var step = state.Statuses.Steps[place];
            if (step.Value is RunStatus.Waiting)
            {
                _times.Add((WaitReason.Person, step.At, place + 1 < state.Statuses.Steps.Length ? state.Statuses.Steps[place + 1].At : DateTimeOffset.MaxValue));
            }
        }
    }

    /// <summary>What the run waited for in a time in which nothing was recorded.</summary>
    public WaitReason Between(DateTimeOffset from, DateTimeOffset to)
    {
        var (found, longest) = (WaitReason.Nothing, TimeSpan.Zero);
        foreach (var reason in s_order)
        {
            foreach (var time in _times)
            {
                var length = (time.To < to ? time.To : to) - (time.From > from ? time.From : from);
                if (time.Reason == reason && length > longest)
                {
                    (found, longest) = (reason, length);
                }
            }
        }

        return found;
    }

    private static WaitReason? ReasonOf(LanePhase phase) => phase switch
    {
        LanePhase.Approval or LanePhase.Question => WaitReason.Person,
        LanePhase.Executing => WaitReason.Tool,
        LanePhase.Connecting or LanePhase.Retry => WaitReason.Transport,
        LanePhase.Sent or LanePhase.FirstToken or LanePhase.Reasoning or LanePhase.Text or LanePhase.Arguments or LanePhase.Compacting => WaitReason.Model,
        _ => null,
    };
}
