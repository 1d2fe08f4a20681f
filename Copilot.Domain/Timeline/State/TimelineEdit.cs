using System.Collections.Immutable;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Timeline.State;

/// <summary>The few ways in which a fold changes a state.</summary>
internal static class TimelineEdit
{
    /// <summary>The place of an event.</summary>
    public static SeqMark Mark(this RunEvent e) => new(e.Seq, e.At);

    /// <summary>Adds an item; its ordinal must be the number of items there are.</summary>
    public static TimelineState Add(this TimelineState state, TimelineItem item) => state with { Items = state.Items.Add(item) };

    /// <summary>
    /// Puts an edited item in its place. Every edit leaves the event's seq in the item, so one that left none changed nothing
    /// and the old reference stays.
    /// </summary>
    public static TimelineState Replace(this TimelineState state, SeqMark mark, TimelineItem item) =>
        item.ToSeq <= mark.Seq ? state : state with { Items = state.Items.SetItem(item.Ordinal, item) };

    /// <summary>Adds an event that is not known, to the last item where that is of the same kind.</summary>
    public static TimelineState AddRaw(this TimelineState state, RunEvent e)
    {
        var occurrence = new RawOccurrence(e.Seq, e.At, e.Data);
        var last = state.Items.IsEmpty ? null : state.Items[^1] as RawItem;
        return last is not null && last.Forgotten == e.IsErased && (e.IsErased || last.Type == e.Type)
            ? state.Replace(e.Mark(), last with { Events = last.Events.Add(occurrence) })
            : state.Add(new RawItem
            {
                Ordinal = state.Items.Count,
                FromSeq = e.Seq,
                At = e.At,
                Type = e.Type,
                Forgotten = e.IsErased,
                Events = [occurrence],
            });
    }

    /// <summary>
    /// Closes what is still open from an ordinal on, because its response or the run ended: texts stay as they are, calls that
    /// were never asked for are cancelled, and the outcome of calls that were running is unknown.
    /// </summary>
    public static TimelineState CloseOpen(this TimelineState state, SeqMark mark, int from, Func<TimelineItem, TimelineItem> close)
    {
        var items = state.Items;
        for (var index = Math.Max(0, from); index < items.Count; index++)
        {
            var item = items[index];
            if (item.IsOpen && close(item) is var closed && closed.ToSeq > mark.Seq)
            {
                items = items.SetItem(index, closed);
            }
        }

        return state with { Items = items, Index = state.Index.Open is null ? state.Index : state.Index with { Open = null } };
    }

    /// <summary>The place of a part of a kind and index, or where it belongs when it is not there (as a complement).</summary>
    public static int FindPart(this ImmutableArray<TextPart> parts, TextPartKind kind, int index)
    {
        for (var place = 0; place < parts.Length; place++)
        {
            var part = parts[place];
            if (part.Kind == kind && part.Index == index)
            {
                return place;
            }

            if (Order(part.Kind, part.Index).CompareTo(Order(kind, index)) > 0)
            {
                return ~place;
            }
        }

        return ~parts.Length;
    }

    private static (int Group, int Index, TextPartKind Kind) Order(TextPartKind kind, int index) =>
        (kind is TextPartKind.Reasoning ? 1 : 0, index, kind);
}
