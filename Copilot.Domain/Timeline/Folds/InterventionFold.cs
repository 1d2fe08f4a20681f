using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;

namespace Copilot.Domain.Timeline.Folds;

/// <summary>Folds <c>supervisor.*</c>.</summary>
internal static class InterventionFold
{
    /// <summary>The state after one of these events.</summary>
    public static TimelineState Apply(TimelineState state, RunEvent e, SupervisorAction action) => KindOf(action) is { } kind
        ? state.Add(new InterventionItem
        {
            Ordinal = state.Items.Count,
            FromSeq = e.Seq,
            At = e.At,
            Kind = kind,
            Actor = e.Actor,
            Reason = action.Reason,
            Text = (action as SupervisorWrote)?.Text,
            Tool = kind is InterventionKind.CancelledCall ? ToolOf(state, e.CallId) : null,
        })
        : state.AddRaw(e);

    private static InterventionKind? KindOf(SupervisorAction action) => action switch
    {
        SupervisorPaused => InterventionKind.Paused,
        SupervisorResumed => InterventionKind.Resumed,
        SupervisorTookOver => InterventionKind.TookOver,
        SupervisorWrote => InterventionKind.Wrote,
        SupervisorHandedBack => InterventionKind.HandedBack,
        SupervisorCancelledCall => InterventionKind.CancelledCall,
        SupervisorRetried => InterventionKind.Retried,
        _ => null,
    };

    private static string? ToolOf(TimelineState state, string? callId) =>
        callId is not null && state.Index.Calls.TryGetValue(callId, out var ordinal) ? (state.Items[ordinal] as ToolCallItem)?.Name.Current : null;
}
