using Copilot.Domain.Runs.Events;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;

namespace Copilot.Domain.Timeline.Folds;

/// <summary>Folds <c>steer.*</c>.</summary>
internal static class SteeringFold
{
    /// <summary>The state after one of these events.</summary>
    public static TimelineState Apply(TimelineState state, RunEvent e, EventData data)
    {
        if (data.Text("steer_id") is not { } steerId)
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
                Text = data.Text("text") ?? "",
                Actor = e.Actor,
            };
            state = state.Add(known);
        }

        return e.Type switch
        {
            RunEventTypes.SteerSent => Step(state, e, known, SteerPhase.Sending, null),
            RunEventTypes.SteerDelivered => Step(state, e, known, SteerPhase.Heard, null),
            RunEventTypes.SteerFailed => Step(
                state, e, known, data.Flag("final") is true ? SteerPhase.Unheard : SteerPhase.Later, data.Text("reason")),
            _ => state,
        };
    }

    private static TimelineState Step(TimelineState state, RunEvent e, SteerItem said, SteerPhase phase, string? reason) =>
        state.Replace(e.Mark(), said with { Phases = said.Phases.Set(e.Mark(), new SteerStep(phase, reason)) });
}
