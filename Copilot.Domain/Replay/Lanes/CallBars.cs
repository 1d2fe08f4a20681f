using Copilot.Domain.Timeline.Items;

namespace Copilot.Domain.Replay.Lanes;

/// <summary>The tools' lane. A call that was carried out again after a restart has a bar for each time.</summary>
internal static class CallBars
{
    /// <summary>The bars of a call, in order; at least one.</summary>
    public static IEnumerable<LaneBar> Of(ToolCallItem call, RunMoments moments)
    {
        var segments = new SegmentBuilder(LanePhase.Arguments, call.At);
        var (number, seq, hasRun, ended, state) = (0, call.FromSeq, false, (DateTimeOffset?)null, ToolCallState.Arguments);
        foreach (var (at, phase, step, place) in Moments(call))
        {
            if (step is ToolCallState.Running && hasRun)
            {
                yield return Bar(call, number++, seq, segments.End(ended ?? at), OutcomeOf(ended is null ? ToolCallState.OutcomeUnknown : state));
                (segments, seq, ended) = (new SegmentBuilder(LanePhase.Executing, at), place, null);
            }
            else
            {
                segments.Then(phase, at);
            }

            hasRun |= step is ToolCallState.Running;
            (state, ended) = (step ?? state, step is { } reached && HasEnded(reached) ? at : ended);
        }

        if (ended is { } end)
        {
            // The output goes out with the next request; where none follows, the call ends with its own end.
            var sent = moments.SentAfter(call.Steps.LastSeq);
            yield return Bar(
                call, number, seq, sent is null && moments.EndedAt is null ? segments.Open() : segments.End(sent ?? end), OutcomeOf(state));
        }
        else
        {
            yield return Bar(call, number, seq, segments.EndOrOpen(call.Superseded?.At ?? moments.EndedAt), call.Superseded is null ? OutcomeOf(state) : LaneOutcome.Dropped);
        }
    }

    /// <summary>A call that the upstream carries out.</summary>
    public static LaneBar Of(HostedToolItem hosted)
    {
        var segments = new SegmentBuilder(LanePhase.Executing, hosted.At);
        foreach (var step in hosted.Approval.Steps)
        {
            segments.Then(step.Value.State is ApprovalState.Waiting ? LanePhase.Approval : LanePhase.Executing, step.At);
        }

        var end = hosted.Superseded?.At ?? (hosted.IsOpen ? null : hosted.Approval.Since ?? hosted.Done?.At ?? hosted.At);
        return new LaneBar
        {
            Id = $"t{hosted.Ordinal}",
            Lane = Lane.Tools,
            Item = hosted,
            Seq = hosted.FromSeq,
            Outcome = hosted switch
            {
                { Superseded: not null } => LaneOutcome.Dropped,
                { IsOpen: true } => LaneOutcome.Open,
                { HasFailed: true } or { WasCut: true } => LaneOutcome.Failed,
                { Approval.Current.State: ApprovalState.Denied or ApprovalState.Expired or ApprovalState.Withdrawn } => LaneOutcome.Dropped,
                _ => LaneOutcome.Done,
            },
            Segments = segments.EndOrOpen(end),
        };
    }

    private static LaneBar Bar(ToolCallItem call, int number, long seq, System.Collections.Immutable.ImmutableArray<LaneSegment> segments, LaneOutcome outcome) => new()
    {
        Id = number == 0 ? $"t{call.Ordinal}" : $"t{call.Ordinal}.{number}",
        Lane = Lane.Tools,
        Item = call,
        Seq = seq,
        Outcome = outcome,
        Segments = segments,
    };

    // What a call went through, in the order of the log.
    private static IEnumerable<(DateTimeOffset At, LanePhase Phase, ToolCallState? State, long Seq)> Moments(ToolCallItem call)
    {
        var moments = new List<(DateTimeOffset At, LanePhase Phase, ToolCallState? State, long Seq)>();
        if (call.Done is { } written && (!call.Steps.IsSet || written.Seq < call.Steps.Steps[0].Seq))
        {
            moments.Add((written.At, LanePhase.Queued, null, written.Seq));
        }

        foreach (var step in call.Steps.Steps)
        {
            var phase = step.Value.State switch
            {
                ToolCallState.Arguments => LanePhase.Arguments,
                ToolCallState.Requested => LanePhase.Queued,
                ToolCallState.Running => LanePhase.Executing,
                _ => LanePhase.Result,
            };
            moments.Add((step.At, phase, step.Value.State, step.Seq));
        }

        foreach (var step in call.Approval.Steps)
        {
            moments.Add((step.At, step.Value.State is ApprovalState.Waiting ? LanePhase.Approval : LanePhase.Queued, null, step.Seq));
        }

        foreach (var step in call.Question.Steps)
        {
            moments.Add((step.At, step.Value.State is QuestionState.Waiting ? LanePhase.Question : LanePhase.Queued, null, step.Seq));
        }

        // One event may set several; the sort is stable, so what it means for the call comes first.
        return moments.OrderBy(moment => moment.Seq);
    }

    private static bool HasEnded(ToolCallState state) =>
        state is not (ToolCallState.Arguments or ToolCallState.Requested or ToolCallState.Running);

    private static LaneOutcome OutcomeOf(ToolCallState state) => state switch
    {
        ToolCallState.Completed => LaneOutcome.Done,
        ToolCallState.Failed or ToolCallState.TimedOut or ToolCallState.OutcomeUnknown => LaneOutcome.Failed,
        ToolCallState.Denied or ToolCallState.Cancelled => LaneOutcome.Dropped,
        _ => LaneOutcome.Open,
    };
}
