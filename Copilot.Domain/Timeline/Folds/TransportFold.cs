using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Transports;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;

namespace Copilot.Domain.Timeline.Folds;

/// <summary>Folds <c>transport.*</c>.</summary>
internal static class TransportFold
{
    /// <summary>The state after one of these events.</summary>
    public static TimelineState Apply(TimelineState state, RunEvent e, RunEventPayload payload)
    {
        var mark = e.Mark();
        switch (payload)
        {
            case TransportConnecting connecting:
                return Open(state, e, connecting.Kind, connecting.Host);

            case TransportConnected connected:
                state = Step(
                    state,
                    e,
                    connected.Kind,
                    new ConnectionStep(ConnectionPhase.Connected, connected.Elapsed, null, null, connected.Prepared ?? false));
                return connected.Kind is { } kind && state.Transport?.Kind != kind
                    ? state with { Transports = state.Transports.Set(mark, new TransportUse(kind, null)) }
                    : state;

            case TransportWarmed warmed:
                var usage = warmed.Usage ?? default;
                return Warmed(state, e, usage) with { Usages = state.Usages.Set(mark, state.Usage + usage) };

            case TransportLost lost:
                return Step(state, e, lost.Kind, new ConnectionStep(ConnectionPhase.Lost, null, lost.Reason, null, Prepared: false));

            case TransportClosed closed:
                return Step(
                    state,
                    e,
                    closed.Kind,
                    new ConnectionStep(
                        ConnectionPhase.Closed, null, closed.Reason, closed.CloseCode is >= 0 and <= 4999 and var code ? (int)code : null, Prepared: false));

            case TransportFellBack fellBack:
                state = state.Add(new StatusItem
                {
                    Ordinal = state.Items.Count,
                    FromSeq = e.Seq,
                    At = e.At,
                    Kind = StatusKind.FellBack,
                    Reason = fellBack.Reason,
                    From = fellBack.From,
                    To = fellBack.To,
                    Actor = e.Actor,
                });
                return fellBack.To is { } to
                    ? state with { Transports = state.Transports.Set(mark, new TransportUse(to, fellBack.Reason)) }
                    : state;

            default:
                return state;
        }
    }

    private static TimelineState Open(TimelineState state, RunEvent e, TransportKind? kind, string? host) =>
        state.Add(new ConnectionItem
        {
            Ordinal = state.Items.Count,
            FromSeq = e.Seq,
            At = e.At,
            Kind = kind,
            Host = host,
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
    private static TimelineState Step(TimelineState state, RunEvent e, TransportKind? kind, ConnectionStep step)
    {
        if (state.Index.Connection < 0
            || ((ConnectionItem)state.Items[state.Index.Connection]).Phase is ConnectionPhase.Lost or ConnectionPhase.Closed)
        {
            state = Open(state, e, kind, host: null);
        }

        var connection = (ConnectionItem)state.Items[state.Index.Connection];
        return state.Replace(e.Mark(), connection with { Phases = connection.Phases.Set(e.Mark(), step) });
    }
}
