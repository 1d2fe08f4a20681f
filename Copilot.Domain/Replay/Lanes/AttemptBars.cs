using Copilot.Domain.Timeline.Items;

namespace Copilot.Domain.Replay.Lanes;

/// <summary>The model's lane: each request with what its response was busy with, and the waits between them.</summary>
internal sealed class AttemptBars(RunMoments moments)
{
    private readonly Dictionary<int, (AttemptItem Attempt, SegmentBuilder Segments)> _attempts = [];
    private readonly List<LaneBar> _others = [];

    /// <summary>The time before a request is sent again, and the rest after a restart.</summary>
    public static LaneBar Of(StatusItem status, RunMoments moments)
    {
        var isRetry = status.Kind is StatusKind.RetryScheduled;
        var end = (isRetry ? Earlier(moments.SentAfter(status.FromSeq), moments.StatusAfter(status.FromSeq)) : moments.StatusAfter(status.FromSeq)) ?? moments.EndedAt;
        return new LaneBar
        {
            Id = $"w{status.Ordinal}",
            Lane = Lane.Model,
            Item = status,
            Seq = status.FromSeq,
            Outcome = end is null ? LaneOutcome.Open : LaneOutcome.Done,
            Segments = new SegmentBuilder(isRetry ? LanePhase.Retry : LanePhase.Interrupted, status.At).EndOrOpen(end),
        };
    }

    /// <summary>A conversation that is made short.</summary>
    public static LaneBar Of(CompactionRequestItem compaction) => new()
    {
        Id = $"m{compaction.Ordinal}",
        Lane = Lane.Model,
        Item = compaction,
        Seq = compaction.FromSeq,
        Outcome = compaction.Phase switch
        {
            CompactionPhase.Compacting => LaneOutcome.Open,
            CompactionPhase.Compacted => LaneOutcome.Done,
            _ => LaneOutcome.Failed,
        },
        Segments = new SegmentBuilder(LanePhase.Compacting, compaction.At).EndOrOpen(compaction.IsOpen ? null : compaction.Phases.Since),
    };

    /// <summary>Takes in the next item of the timeline.</summary>
    public void Add(TimelineItem item)
    {
        switch (item)
        {
            case AttemptItem attempt:
                var segments = new SegmentBuilder(LanePhase.Sent, attempt.At);
                foreach (var step in attempt.Phases.Steps)
                {
                    if (step.Value is AttemptPhase.Streaming)
                    {
                        segments.Then(LanePhase.FirstToken, step.At);
                    }
                }

                _attempts[attempt.Ordinal] = (attempt, segments);
                break;
            case ResponseItem { Attempt: { } place } part when _attempts.TryGetValue(place, out var known) && !(EndOf(known.Attempt) <= part.At):
                known.Segments.Then(PhaseOf(part), part.At);
                break;
            case UserMessageItem message when moments.StartedAt is not { } started || started - message.At >= TimeSpan.FromMilliseconds(50):
                _others.Add(new LaneBar
                {
                    Id = $"q{message.Ordinal}",
                    Lane = Lane.Model,
                    Item = message,
                    Seq = message.FromSeq,
                    Outcome = moments.StartedAt is null && moments.EndedAt is null ? LaneOutcome.Open : LaneOutcome.Done,
                    Segments = new SegmentBuilder(LanePhase.Queued, message.At).EndOrOpen(moments.StartedAt ?? moments.EndedAt),
                });
                break;
        }
    }

    /// <summary>The bars of the requests, and of the queue before them.</summary>
    public IEnumerable<LaneBar> All() => _others.Concat(_attempts.Values.Select(entry => new LaneBar
    {
        Id = $"m{entry.Attempt.Ordinal}",
        Lane = Lane.Model,
        Item = entry.Attempt,
        Seq = entry.Attempt.FromSeq,
        Outcome = OutcomeOf(entry.Attempt),
        Segments = entry.Segments.EndOrOpen(EndOf(entry.Attempt)),
    }));

    private static DateTimeOffset? EndOf(AttemptItem attempt) =>
        attempt.IsOpen ? attempt.Superseded?.At : attempt.Phases.Since;

    private static LaneOutcome OutcomeOf(AttemptItem attempt) => attempt switch
    {
        { Superseded: not null } => LaneOutcome.Dropped,
        { Phase: AttemptPhase.Failed } => LaneOutcome.Failed,
        { Phase: AttemptPhase.Cut } => LaneOutcome.Dropped,
        { IsOpen: true } => LaneOutcome.Open,
        _ => LaneOutcome.Done,
    };

    private static LanePhase PhaseOf(ResponseItem part) => part switch
    {
        ReasoningItem => LanePhase.Reasoning,
        AnswerItem => LanePhase.Text,
        ToolCallItem => LanePhase.Arguments,
        _ => LanePhase.Executing,
    };

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;
}
