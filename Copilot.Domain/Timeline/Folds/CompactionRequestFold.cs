using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Timeline.Folds;

/// <summary>Folds <c>compaction.*</c>.</summary>
internal static class CompactionRequestFold
{
    /// <summary>The state after one of these events.</summary>
    public static TimelineState Apply(TimelineState state, RunEvent e, RunEventPayload payload)
    {
        var started = payload as CompactionStarted;
        var open = (CompactionRequestItem?)state.Items.FindLast(item => item is CompactionRequestItem { IsOpen: true });
        if (started is not null || open is null)
        {
            open = new CompactionRequestItem
            {
                Ordinal = state.Items.Count,
                FromSeq = e.Seq,
                At = e.At,
                Reason = started?.Reason,
                InputItems = started?.InputItems,
                Bytes = started?.Bytes,
            };
            state = state.Add(open);
        }

        return payload switch
        {
            CompactionCompleted completed => Done(state, e, completed, open),
            CompactionFailed failed => state.Replace(e.Mark(), Cut(open, e.Mark(), failed.Reason)),
            _ => state,
        };
    }

    /// <summary>An open one when nothing more can come.</summary>
    public static CompactionRequestItem Cut(CompactionRequestItem open, SeqMark mark, string? reason) =>
        open with { Phases = open.Phases.Set(mark, new CompactionStep(CompactionPhase.Failed, null, null, reason)) };

    private static TimelineState Done(TimelineState state, RunEvent e, CompactionCompleted completed, CompactionRequestItem open)
    {
        state = state.Replace(e.Mark(), open with
        {
            Phases = open.Phases.Set(
                e.Mark(), new CompactionStep(CompactionPhase.Compacted, completed.Items?.Count, completed.Usage, null)),
        });
        return completed.Usage is { } usage ? state with { Usages = state.Usages.Set(e.Mark(), state.Usage + usage) } : state;
    }
}
