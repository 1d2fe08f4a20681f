using System.Collections.Immutable;
using Copilot.Domain.Replay.Lanes;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;

namespace Copilot.Domain.Replay.Stops;

/// <summary>The places of a run that somebody steps to.</summary>
public sealed class RunStops
{
    private readonly ImmutableArray<long>[] _stops;
    private readonly long _head;

    private RunStops(long head, ImmutableArray<long>[] stops) => (_head, _stops) = (head, stops);

    /// <summary>A run without events.</summary>
    public static RunStops Empty { get; } = Of(TimelineState.Empty, RunLanes.Empty);

    /// <summary>The stops of a run.</summary>
    /// <param name="state">Its timeline.</param>
    /// <param name="lanes">The lanes of the same timeline.</param>
    public static RunStops Of(TimelineState state, RunLanes lanes)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(lanes);
        return new RunStops(state.HeadSeq, [.. Enum.GetValues<StopKind>().Select(kind => SeqsOf(kind, state, lanes).Distinct().Order().ToImmutableArray())]);
    }

    /// <summary>The same stops and those where people have commented, which stands beside the run and not in it.</summary>
    /// <param name="comments">Seqs of the events.</param>
    public RunStops WithComments(IEnumerable<long> comments)
    {
        var places = comments.Where(seq => seq >= 1 && seq <= _head).Distinct().Order().ToImmutableArray();
        var stops = (ImmutableArray<long>[])_stops.Clone();
        stops[(int)StopKind.Comment] = places;
        stops[(int)StopKind.Marker] = [.. _stops[(int)StopKind.Marker].Union(places).Order()];
        return new RunStops(_head, stops);
    }

    /// <summary>How many there are of a kind.</summary>
    public long Count(StopKind kind) => kind is StopKind.Event ? _head : _stops[(int)kind].Length;

    /// <summary>Seq of the next one after an event (or of the last one before it); null where there is none.</summary>
    /// <param name="kind">What is looked for.</param>
    /// <param name="seq">Seq of the playhead.</param>
    /// <param name="forward">Whether it is looked for after it, or before it.</param>
    public long? From(StopKind kind, long seq, bool forward)
    {
        if (kind is StopKind.Event)
        {
            var next = forward ? seq + 1 : seq - 1;
            return next >= 1 && next <= _head ? next : null;
        }

        var stops = _stops[(int)kind];
        var place = stops.BinarySearch(seq);
        place = place < 0 ? forward ? ~place : ~place - 1 : forward ? place + 1 : place - 1;
        return place >= 0 && place < stops.Length ? stops[place] : null;
    }

    private static IEnumerable<long> SeqsOf(StopKind kind, TimelineState state, RunLanes lanes) => kind switch
    {
        StopKind.Tool => state.Items.SelectMany(ToolSeqs),
        StopKind.Turn => state.Items.Where(item => item is AttemptItem or UserMessageItem or SteerItem).Select(item => item.FromSeq),
        StopKind.Marker => lanes.Marks.Select(mark => mark.Seq),
        StopKind.Error => lanes.Marks.Where(mark => mark.Kind is LaneMarkKind.Error).Select(mark => mark.Seq),
        StopKind.Approval => lanes.Marks.Where(mark => mark.Kind is LaneMarkKind.Approval).Select(mark => mark.Seq),
        StopKind.Intervention => state.Items.Where(item => item is InterventionItem or SteerItem or BudgetItem { IsRaised: true }).Select(item => item.FromSeq)
            .Concat(state.Items.OfType<ToolCallItem>().SelectMany(call => call.Approval.Steps).Where(step => step.Value.Actor is not null).Select(step => step.Seq))
            .Concat(state.Items.OfType<ToolCallItem>().SelectMany(call => call.Question.Steps).Where(step => step.Value.Actor is not null).Select(step => step.Seq)),
        _ => [],
    };

    private static IEnumerable<long> ToolSeqs(TimelineItem item) => item switch
    {
        ToolCallItem { Steps.IsSet: true } call => call.Steps.Steps.Where(step => step.Value.State is not ToolCallState.Requested).Select(step => step.Seq),
        HostedToolItem hosted => hosted.Done is { } done ? [hosted.FromSeq, done.Seq] : [hosted.FromSeq],
        _ => [],
    };
}
