using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Replay.Lanes;

/// <summary>The people's lane: what they said and did, and how long they were waited for.</summary>
internal static class PeopleBars
{
    /// <summary>The question that a call of the agent put to a person; none for other calls.</summary>
    public static IEnumerable<LaneBar> Question(ToolCallItem call, RunMoments moments)
    {
        var steps = call.Question.Steps;
        if (steps.IsEmpty)
        {
            yield break;
        }

        var asked = steps[0];
        TrackStep<QuestionStep>? answer = steps.Length > 1 ? steps[1] : null;
        yield return new LaneBar
        {
            Id = $"q{call.Ordinal}",
            Lane = Lane.People,
            Item = call,
            Seq = asked.Seq,
            Outcome = answer?.Value.State switch
            {
                null => moments.EndedAt is null ? LaneOutcome.Open : LaneOutcome.Dropped,
                QuestionState.Answered => LaneOutcome.Done,
                _ => LaneOutcome.Dropped,
            },
            Segments = new SegmentBuilder(LanePhase.Question, asked.At).EndOrOpen(answer?.At ?? moments.EndedAt),
        };
    }

    /// <summary>The approvals that a call asked a person for.</summary>
    public static IEnumerable<LaneBar> Of(TimelineItem call, Track<ApprovalStep> approval, RunMoments moments)
    {
        for (var place = 0; place < approval.Steps.Length; place++)
        {
            var step = approval.Steps[place];
            if (step.Value.State is not ApprovalState.Waiting)
            {
                continue;
            }

            TrackStep<ApprovalStep>? answer = place + 1 < approval.Steps.Length ? approval.Steps[place + 1] : null;
            yield return new LaneBar
            {
                Id = place == 0 ? $"p{call.Ordinal}" : $"p{call.Ordinal}.{place}",
                Lane = Lane.People,
                Item = call,
                Seq = step.Seq,
                Outcome = answer?.Value.State switch
                {
                    null => moments.EndedAt is null ? LaneOutcome.Open : LaneOutcome.Dropped,
                    ApprovalState.Approved => LaneOutcome.Done,
                    _ => LaneOutcome.Dropped,
                },
                Segments = new SegmentBuilder(LanePhase.Approval, step.At).EndOrOpen(answer?.At ?? moments.EndedAt),
            };
        }
    }

    /// <summary>What a person said or did outside of a call; nothing for other items.</summary>
    public static IEnumerable<LaneBar> Of(TimelineItem item, RunMoments moments)
    {
        switch (item)
        {
            case UserMessageItem:
            case InterventionItem { Actor: not null }:
            case StatusItem { Actor: not null, Kind: StatusKind.Resumed }:
            case BudgetItem { IsRaised: true }:
                yield return Moment(item, LaneOutcome.Done);
                break;
            case EndItem { Status: RunStatus.Cancelled, Actor: not null }:
                yield return Moment(item, LaneOutcome.Dropped);
                break;
            case BudgetItem { Asks: true }:
                yield return Lasting(item, LanePhase.Approval, moments.StatusAfter(StartOfWait(item, moments)), moments);
                break;
            case SteerItem steer:
                var known = steer.Phase is SteerPhase.Delivered or SteerPhase.NotDelivered;
                yield return Lasting(item, LanePhase.Message, known ? steer.Phases.Since : null, moments) with
                {
                    Outcome = steer.Phase switch
                    {
                        SteerPhase.Delivered => LaneOutcome.Done,
                        SteerPhase.NotDelivered => LaneOutcome.Dropped,
                        _ => moments.EndedAt is null ? LaneOutcome.Open : LaneOutcome.Dropped,
                    },
                };
                break;
        }
    }

    // The run begins to wait right after it has asked: that change is not the answer.
    private static long StartOfWait(TimelineItem item, RunMoments moments) => moments.WaitingAfter(item.FromSeq) ?? item.FromSeq;

    private static LaneBar Moment(TimelineItem item, LaneOutcome outcome) => new()
    {
        Id = $"p{item.Ordinal}",
        Lane = Lane.People,
        Item = item,
        Seq = item.FromSeq,
        Outcome = outcome,
        Segments = new SegmentBuilder(LanePhase.Message, item.At).End(item.At),
    };

    private static LaneBar Lasting(TimelineItem item, LanePhase phase, DateTimeOffset? end, RunMoments moments) => new()
    {
        Id = $"p{item.Ordinal}",
        Lane = Lane.People,
        Item = item,
        Seq = item.FromSeq,
        Outcome = (end ?? moments.EndedAt) is null ? LaneOutcome.Open : LaneOutcome.Done,
        Segments = new SegmentBuilder(phase, item.At).EndOrOpen(end ?? moments.EndedAt),
    };
}
