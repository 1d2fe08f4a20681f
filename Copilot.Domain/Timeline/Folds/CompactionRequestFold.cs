using Copilot.Domain.Runs.Events;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Timeline.Folds;

/// <summary>Folds <c>compaction.*</c>.</summary>
internal static class CompactionRequestFold
{
    /// <summary>The state after one of these events.</summary>
    public static TimelineState Apply(TimelineState state, RunEvent e, EventData data)
    {
        var open = (CompactionRequestItem?)state.Items.FindLast(item => item is CompactionRequestItem { IsOpen: true });
        if (e.Type == RunEventTypes.CompactionStarted || open is null)
        {
            open = new CompactionRequestItem
            {
                Ordinal = state.Items.Count,
                FromSeq = e.Seq,
                At = e.At,
                Reason = e.Type == RunEventTypes.CompactionStarted ? data.Text("reason") : null,
                InputItems = data.Number("input_items"),
                Bytes = data.Number("bytes"),
            };
            state = state.Add(open);
        }

        return e.Type switch
        {
            RunEventTypes.CompactionCompleted => Done(state, e, data, open),
            RunEventTypes.CompactionFailed => state.Replace(e.Mark(), Cut(open, e.Mark(), data.Text("reason"))),
            _ => state,
        };
    }

    /// <summary>An open one when nothing more can come.</summary>
    public static CompactionRequestItem Cut(CompactionRequestItem open, SeqMark mark, string? reason) =>
        open with { Phases = open.Phases.Set(mark, new CompactionStep(CompactionPhase.Failed, null, null, reason)) };

    private static TimelineState Done(TimelineState state, RunEvent e, EventData data, CompactionRequestItem open)
    {
        var usage = data.Usage();
        state = state.Replace(e.Mark(), open with
        {
            Phases = open.Phases.Set(e.Mark(), new CompactionStep(CompactionPhase.Compacted, data.Count("items"), usage, null)),
        });
        return usage is { } cost ? state with { Usages = state.Usages.Set(e.Mark(), state.Usage + cost) } : state;
    }
}
