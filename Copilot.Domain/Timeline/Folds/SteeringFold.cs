using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;

namespace Copilot.Domain.Timeline.Folds;

/// <summary>Folds <c>steer.*</c>.</summary>
internal static class SteeringFold
{
    /// <summary>The state after one of these events.</summary>
    public static TimelineState Apply(TimelineState state, RunEvent e, RunEventPayload payload)
    {
        if (IdOf(payload) is not { } steerId)
        {
            return state.AddRaw(e);
        }

        var known = (SteerItem?)state.Items.FindLast(item => item is SteerItem said && said.SteerId == steerId);
        if (known is null)
        {
            known = new SteerItem
            {
                Ordinal = state.Items.Count,
                FromSeq = e.Seq,
                At = e.At,
                SteerId = steerId,
                Text = (payload as SteerRequested)?.Text ?? "",
                Reason = (payload as SteerRequested)?.Reason,
                Actor = e.Actor,
            };
            state = state.Add(known);
        }

        return payload switch
        {
            SteerSent => Step(state, e, known, SteerPhase.Sending, null),
            SteerDelivered => Step(state, e, known, SteerPhase.Delivered, null),
            SteerFailed failed => Step(state, e, known, failed.Final is true ? SteerPhase.NotDelivered : SteerPhase.Later, failed.Reason),
            _ => state,
        };
    }

    private static string? IdOf(RunEventPayload payload) => payload switch
    {
        SteerRequested requested => requested.SteerId,
        SteerSent sent => sent.SteerId,
        SteerDelivered delivered => delivered.SteerId,
        SteerFailed failed => failed.SteerId,
        _ => null,
    };

    private static TimelineState Step(TimelineState state, RunEvent e, SteerItem said, SteerPhase phase, string? reason) =>
        state.Replace(e.Mark(), said with { Phases = said.Phases.Set(e.Mark(), new SteerStep(phase, reason)) });
}
