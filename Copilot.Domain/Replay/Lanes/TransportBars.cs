using Copilot.Domain.Timeline.Items;

namespace Copilot.Domain.Replay.Lanes;

/// <summary>The connections' lane.</summary>
internal static class TransportBars
{
    /// <summary>A connection, from its opening to its end.</summary>
    public static LaneBar Of(ConnectionItem connection, RunMoments moments)
    {
        var segments = new SegmentBuilder(LanePhase.Connecting, connection.At);
        DateTimeOffset? end = null;
        foreach (var step in connection.Phases.Steps)
        {
            if (step.Value.Phase is ConnectionPhase.Connected)
            {
                segments.Then(LanePhase.Connected, step.At);
            }
            else if (step.Value.Phase is ConnectionPhase.Lost or ConnectionPhase.Closed)
            {
                end = step.At;
            }
        }

        end ??= moments.ConnectionEndAfter(connection.FromSeq);
        return new LaneBar
        {
            Id = $"c{connection.Ordinal}",
            Lane = Lane.Transport,
            Item = connection,
            Seq = connection.FromSeq,
            Outcome = connection.Phase is ConnectionPhase.Lost ? LaneOutcome.Failed : end is null ? LaneOutcome.Open : LaneOutcome.Done,
            Segments = segments.EndOrOpen(end),
        };
    }

    /// <summary>Something that happened to a connection.</summary>
    public static LaneBar Of(StatusItem status) => new()
    {
        Id = $"c{status.Ordinal}",
        Lane = Lane.Transport,
        Item = status,
        Seq = status.FromSeq,
        Outcome = status.Kind is StatusKind.UpstreamError ? LaneOutcome.Failed : LaneOutcome.Done,
        Segments = new SegmentBuilder(LanePhase.Connecting, status.At).End(status.At),
    };
}
