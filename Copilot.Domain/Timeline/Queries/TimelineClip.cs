using Copilot.Domain.Timeline.State;

namespace Copilot.Domain.Timeline.Queries;

/// <summary>The state at a playhead, without folding again.</summary>
public static class TimelineClip
{
    /// <summary>
    /// The state when the event with this number was the newest: equal to folding only the events up to it. Items that had
    /// their present value by then keep their reference.
    /// </summary>
    public static TimelineState At(TimelineState state, long seq)
    {
        if (seq >= state.HeadSeq)
        {
            return state;
        }

        if (seq <= 0)
        {
            return TimelineState.Empty;
        }

        var items = state.Items.ToBuilder();
        for (var index = items.Count - 1; index >= 0; index--)
        {
            var clipped = items[index].Clip(seq);
            if (clipped is null)
            {
                items.RemoveAt(index);
            }
            else if (!ReferenceEquals(clipped, items[index]))
            {
                items[index] = clipped;
            }
        }

        return state with
        {
            HeadSeq = seq,
            Items = items.ToImmutable(),
            Statuses = state.Statuses.Clip(seq),
            Transports = state.Transports.Clip(seq),
            Usages = state.Usages.Clip(seq),
            Costs = state.Costs.Clip(seq),
            Agents = state.Agents.Clip(seq),
            TextFormat = state.TextFormat.Clip(seq),
            Index = state.Index.Clip(items),
        };
    }
}
