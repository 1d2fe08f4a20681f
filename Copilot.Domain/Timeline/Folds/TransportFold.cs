using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;

namespace Copilot.Domain.Timeline.Folds;

/// <summary>Folds <c>transport.*</c>.</summary>
internal static class TransportFold
{
    /// <summary>The state after one of these events.</summary>
    public static TimelineState Apply(TimelineState state, RunEvent e, EventData data)
    {
        var mark = e.Mark();
        switch (e.Type)
        {
            case RunEventTypes.TransportConnecting:
                return Open(state, e, data);

            case RunEventTypes.TransportConnected:
                state = Step(state, e, data, ConnectionPhase.Connected);
                return data.Transport("kind") is { } kind && state.Transport?.Kind != kind
                    ? state with { Transports = state.Transports.Set(mark, new TransportUse(kind, null)) }
                    : state;

            case RunEventTypes.TransportWarmed:
                var usage = data.Usage() ?? default;
                return Warmed(state, e, usage) with { Usages = state.Usages.Set(mark, state.Usage + usage) };

            case RunEventTypes.TransportLost:
                return Step(state, e, data, ConnectionPhase.Lost);

            case RunEventTypes.TransportClosed:
                return Step(state, e, data, ConnectionPhase.Closed);

            default:
                var to = data.Transport("to");
                state = state.Add(new StatusItem
                {
                    Ordinal = state.Items.Count,
                    FromSeq = e.Seq,
                    At = e.At,
                    Kind = StatusKind.FellBack,
                    Reason = data.Text("reason"),
                    From = data.Transport("from"),
                    To = to,
                    Actor = e.Actor,
                });
                return to is null
                    ? state
                    : state with { Transports = state.Transports.Set(mark, new TransportUse(to.Value, data.Text("reason"))) };
        }
    }

    private static TimelineState Open(TimelineState state, RunEvent e, EventData data) =>
        state.Add(new ConnectionItem
        {
            Ordinal = state.Items.Count,
            FromSeq = e.Seq,
            At = e.At,
            Kind = data.Transport("kind"),
            Host = data.Text("host"),
        }) with
        {
            Index = state.Index with { Connection = state.Items.Count },
        };

    /// <summary>Says of the newest connection what the upstream had read on it; without one the event says nothing.</summary>
    private static TimelineState Warmed(TimelineState state, RunEvent e, ResponseUsage usage) =>
        state.Index.Connection >= 0 && state.Items[state.Index.Connection] is ConnectionItem connection
            ? state.Replace(e.Mark(), connection with { Warmed = connection.Warmed.Set(e.Mark(), usage.InputTokens) })
            : state;

    /// <summary>Moves the newest connection on; one that ended is not moved again, the event then speaks of another.</summary>
    private static TimelineState Step(TimelineState state, RunEvent e, EventData data, ConnectionPhase phase)
    {
        if (state.Index.Connection < 0
            || ((ConnectionItem)state.Items[state.Index.Connection]).Phase is ConnectionPhase.Lost or ConnectionPhase.Closed)
        {
            state = Open(state, e, data);
        }

        var connection = (ConnectionItem)state.Items[state.Index.Connection];
        return state.Replace(e.Mark(), connection with
        {
            Phases = connection.Phases.Set(e.Mark(), new ConnectionStep(
                phase,
                data.Milliseconds("elapsed_ms"),
                data.Text("reason"),
                data.Number("close_code") is { } code and >= 0 and <= 4999 ? (int)code : null,
                data.Flag("prepared") ?? false)),
        });
    }
}
