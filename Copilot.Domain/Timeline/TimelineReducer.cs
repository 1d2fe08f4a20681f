using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Sessions;
using Copilot.Domain.Responses.Transports;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Folds;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Timeline;

/// <summary>
/// Folds a run's events into what people see, live and in replay alike. Pure, total and deterministic: an event that is not
/// known becomes a raw item, and no event throws.
/// </summary>
public static class TimelineReducer
{
    /// <summary>The state after one more event. An event that was already folded changes nothing.</summary>
    public static TimelineState Apply(TimelineState state, RunEvent e)
    {
        if (e.Seq <= state.HeadSeq)
        {
            return state;
        }

        state = CostFold.Sum(state with { RunId = state.RunId ?? e.RunId, HeadSeq = e.Seq }, e);
        return e.Payload is { } payload ? ApplyOwn(state, e, payload) : ResponseFold.Apply(state, e);
    }

    /// <summary>The state after a batch.</summary>
    public static TimelineState Apply(TimelineState state, IEnumerable<RunEvent> events) => events.Aggregate(state, Apply);

    private static TimelineState ApplyOwn(TimelineState state, RunEvent e, RunEventPayload payload) => payload switch
    {
        RunCreated created => Created(state, e, created),
        UserMessage message => state.Add(new UserMessageItem
        {
            Ordinal = state.Items.Count,
            FromSeq = e.Seq,
            At = e.At,
            Text = message.Text ?? "",
            Actor = e.Actor,
            MessageId = message.MessageId,
        }),
        RunForked forked => state.Add(new ForkItem
        {
            Ordinal = state.Items.Count,
            FromSeq = e.Seq,
            At = e.At,
            RunId = forked.RunId ?? "",
            Seq = forked.Seq ?? 0,
            Step = (int)Math.Clamp(forked.Step ?? 0, 0, int.MaxValue),
            Question = forked.Question,
            CallId = forked.CallId,
            Model = forked.Model,
            Actor = e.Actor,
        }),
        RunStarted => WithStatus(state, e, RunStatus.Running),
        RunWaiting waiting => AddStatus(WithStatus(state, e, RunStatus.Waiting), e, StatusKind.Waiting, waiting.Reason),
        RunResumed resumed => AddStatus(WithStatus(state, e, RunStatus.Running), e, StatusKind.Resumed, resumed.Reason),
        RunInterrupted interrupted => Interrupted(state, e, interrupted),
        RunCompleted completed => Ended(state, e, completed, RunStatus.Completed, end => end with { IncompleteReason = completed.IncompleteReason }),
        RunFailed failed => Ended(state, e, failed, RunStatus.Failed, end => end with { Error = failed.Error }),
        RunCancelled cancelled => Ended(state, e, cancelled, RunStatus.Cancelled, end => end with { Reason = cancelled.Reason }),
        CompactionStarted or CompactionCompleted or CompactionFailed => CompactionRequestFold.Apply(state, e, payload),
        SteerRequested or SteerSent or SteerDelivered or SteerFailed => SteeringFold.Apply(state, e, payload),
        // The retry that follows says so in words.
        InputOmitted => state,
        AttemptSent sent => Sent(state, e, sent),
        AttemptRetryScheduled retry => state.Add(new StatusItem
        {
            Ordinal = state.Items.Count,
            FromSeq = e.Seq,
            At = e.At,
            Kind = StatusKind.RetryScheduled,
            Reason = retry.Reason,
            Delay = retry.Delay,
            Actor = e.Actor,
        }),
        AttemptSuperseded superseded => Superseded(state, e, superseded),
        TransportQueued queued => AddStatus(state, e, StatusKind.Queued, queued.Ahead is > 0 and var ahead ? $"{ahead} are ahead" : null),
        TransportConnecting or TransportConnected or TransportLost or TransportFellBack or TransportClosed or TransportWarmed =>
            TransportFold.Apply(state, e, payload),
        ToolRequested or ToolStarted or ToolEnded or ToolOutcomeUnknown => ToolFold.Apply(state, e, payload),
        ApprovalRequested or ApprovalApproved or ApprovalDenied or ApprovalExpired => ApprovalFold.Apply(state, e, payload),
        SupervisorAction action => InterventionFold.Apply(state, e, action),
        QuestionAsked or QuestionAnswered or QuestionExpired => QuestionFold.Apply(state, e, payload),
        CostRecorded or BudgetReached or BudgetRaised => CostFold.Apply(state, e, payload),
        _ => state.AddRaw(e),
    };

    private static TimelineState Created(TimelineState state, RunEvent e, RunCreated created) => WithStatus(state, e, RunStatus.Queued) with
    {
        Agents = state.Agents.Set(e.Mark(), new TimelineAgent(created.Agent?.Name ?? "", created.Agent?.Model)),
        TextFormat = created.TextFormatType is { } type ? state.TextFormat.Set(e.Mark(), type) : state.TextFormat,
    };

    private static TimelineState WithStatus(TimelineState state, RunEvent e, RunStatus status) =>
        state with { Statuses = state.Statuses.Set(e.Mark(), status) };

    private static TimelineState Interrupted(TimelineState state, RunEvent e, RunInterrupted interrupted)
    {
        state = WithStatus(state.CloseOpen(e.Mark(), 0, item => Cut(item, e.Mark(), requestsToo: false)), e, RunStatus.Interrupted);
        return state.Add(new StatusItem
        {
            Ordinal = state.Items.Count,
            FromSeq = e.Seq,
            At = e.At,
            Kind = StatusKind.Interrupted,
            Reason = interrupted.Reason,
            Actor = e.Actor,
            UnknownCalls = interrupted.UnknownCalls ?? [],
        });
    }

    private static TimelineState AddStatus(TimelineState state, RunEvent e, StatusKind kind, string? reason) =>
        state.Add(new StatusItem
        {
            Ordinal = state.Items.Count,
            FromSeq = e.Seq,
            At = e.At,
            Kind = kind,
            Reason = reason,
            Actor = e.Actor,
        });

    private static TimelineState Sent(TimelineState state, RunEvent e, AttemptSent sent)
    {
        var ordinal = state.Items.Count;
        return state.Add(new AttemptItem
        {
            Ordinal = ordinal,
            FromSeq = e.Seq,
            At = e.At,
            Attempt = ordinal,
            Number = (int)Math.Clamp(sent.Attempt ?? 0, 0, int.MaxValue),
            Delta = sent.Mode is SendMode.Delta,
            PreviousResponseId = sent.PreviousResponseId,
            InputItems = sent.InputItems,
            Bytes = sent.Bytes,
        }) with
        {
            Index = state.Index with { Attempt = ordinal },
        };
    }

    /// <summary>
    /// What the response streamed no longer counts. Calls that were handed to their tool did happen and stay as they are: the
    /// next request carries their outputs.
    /// </summary>
    private static TimelineState Superseded(TimelineState state, RunEvent e, AttemptSuperseded superseded)
    {
        var mark = e.Mark();
        var id = superseded.ResponseId ?? e.ResponseId;
        var attempt = state.Index.Attempt;
        if (id is not null && state.Index.Responses.TryGetValue(id, out var known))
        {
            attempt = known;
        }
        else if (id is not null && attempt >= 0 && state.Items[attempt] is AttemptItem { ResponseId.IsSet: true })
        {
            attempt = -1;
        }

        for (var index = Math.Max(0, attempt); attempt >= 0 && index < state.Items.Count; index++)
        {
            var item = state.Items[index];
            if (item.Attempt == attempt && item.Superseded is null && item is not ToolCallItem { Steps.IsSet: true })
            {
                state = state.Replace(mark, Cut(item, mark, requestsToo: false) with { Superseded = mark });
            }
        }

        return AddStatus(state with { Index = state.Index with { Open = null } }, e, StatusKind.Superseded, superseded.Reason);
    }

    private static TimelineState Ended(TimelineState state, RunEvent e, RunEnded ended, RunStatus status, Func<EndItem, EndItem> describe)
    {
        var mark = e.Mark();
        state = state.CloseOpen(mark, 0, item => Cut(item, mark, requestsToo: true));
        var usage = ended.Usage ?? state.Usage;
        return (WithStatus(state, e, status) with { Usages = state.Usages.Set(mark, usage) }).Add(describe(new EndItem
        {
            Ordinal = state.Items.Count,
            FromSeq = e.Seq,
            At = e.At,
            Status = status,
            Duration = ended.Duration,
            Usage = usage,
            Cost = state.Cost,
            Actor = e.Actor,
        }));
    }

    /// <summary>An open item as it is when nothing more can come.</summary>
    private static TimelineItem Cut(TimelineItem item, SeqMark mark, bool requestsToo) => item switch
    {
        AttemptItem { IsOpen: true } attempt => attempt with { Phases = attempt.Phases.Set(mark, AttemptPhase.Cut) },
        ToolCallItem { IsOpen: true } call => ToolFold.Cut(call, mark, requestsToo) is var cut && requestsToo
            ? cut with { Approval = ApprovalFold.Withdraw(cut.Approval, mark), Question = QuestionFold.Withdraw(cut.Question, mark) }
            : cut,
        HostedToolItem { Approval.Current.State: ApprovalState.Waiting } asked =>
            requestsToo ? asked with { Approval = ApprovalFold.Withdraw(asked.Approval, mark) } : asked,
        CompactionRequestItem { IsOpen: true } compaction => CompactionRequestFold.Cut(compaction, mark, null),
        ResponseItem { Done: null } open => open with { Done = mark, WasCut = true },
        ConnectionItem { IsOpen: true } connection =>
            connection with { Phases = connection.Phases.Set(mark, new ConnectionStep(ConnectionPhase.Closed, null, null, null, Prepared: false)) },
        _ => item,
    };
}
