using Copilot.Domain.Runs.Events;
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
        if (e.Source is EventSource.Upstream)
        {
            return ResponseFold.Apply(state, e);
        }

        using var data = EventData.TryRead(e);
        return data is null ? state.AddRaw(e) : ApplyOwn(state, e, data);
    }

    /// <summary>The state after a batch.</summary>
    public static TimelineState Apply(TimelineState state, IEnumerable<RunEvent> events) => events.Aggregate(state, Apply);

    private static TimelineState ApplyOwn(TimelineState state, RunEvent e, EventData data) => e.Type switch
    {
        RunEventTypes.RunCreated => Created(state, e, data),
        RunEventTypes.UserMessage => state.Add(new UserMessageItem
        {
            Ordinal = state.Items.Count,
            FromSeq = e.Seq,
            At = e.At,
            Text = data.Text("text") ?? "",
            Actor = e.Actor,
            MessageId = data.Text("message_id"),
        }),
        RunEventTypes.RunStarted => WithStatus(state, e, RunStatus.Running),
        RunEventTypes.RunWaiting => AddStatus(WithStatus(state, e, RunStatus.Waiting), e, StatusKind.Waiting, data.Text("reason")),
        RunEventTypes.RunResumed => AddStatus(WithStatus(state, e, RunStatus.Running), e, StatusKind.Resumed, data.Text("reason")),
        RunEventTypes.RunInterrupted => AddStatus(
            WithStatus(state.CloseOpen(e.Mark(), 0, item => Cut(item, e.Mark(), requestsToo: false)), e, RunStatus.Interrupted),
            e,
            StatusKind.Interrupted,
            data.Text("reason")),
        RunEventTypes.RunCompleted => Ended(state, e, data, RunStatus.Completed),
        RunEventTypes.RunFailed => Ended(state, e, data, RunStatus.Failed),
        RunEventTypes.RunCancelled => Ended(state, e, data, RunStatus.Cancelled),
        RunEventTypes.CompactionStarted or RunEventTypes.CompactionCompleted or RunEventTypes.CompactionFailed =>
            CompactionRequestFold.Apply(state, e, data),
        RunEventTypes.SteerRequested or RunEventTypes.SteerSent or RunEventTypes.SteerDelivered or RunEventTypes.SteerFailed =>
            SteeringFold.Apply(state, e, data),
        RunEventTypes.AttemptSent => Sent(state, e, data),
        RunEventTypes.AttemptRetryScheduled => state.Add(new StatusItem
        {
            Ordinal = state.Items.Count,
            FromSeq = e.Seq,
            At = e.At,
            Kind = StatusKind.RetryScheduled,
            Reason = data.Text("reason"),
            Delay = data.Milliseconds("delay_ms"),
            Actor = e.Actor,
        }),
        RunEventTypes.AttemptSuperseded => Superseded(state, e, data),
        RunEventTypes.TransportQueued => AddStatus(
            state, e, StatusKind.Queued, data.Number("ahead") is { } ahead and > 0 ? $"{ahead} are ahead" : null),
        RunEventTypes.TransportConnecting or RunEventTypes.TransportConnected or RunEventTypes.TransportLost
            or RunEventTypes.TransportFellBack or RunEventTypes.TransportClosed or RunEventTypes.TransportWarmed => TransportFold.Apply(state, e, data),
        RunEventTypes.ToolRequested or RunEventTypes.ToolStarted or RunEventTypes.ToolCompleted
            or RunEventTypes.ToolFailed or RunEventTypes.ToolTimedOut or RunEventTypes.ToolDenied or RunEventTypes.ToolCancelled
            or RunEventTypes.ToolOutcomeUnknown => ToolFold.Apply(state, e, data),
        RunEventTypes.ApprovalRequested or RunEventTypes.ApprovalApproved or RunEventTypes.ApprovalDenied
            or RunEventTypes.ApprovalExpired => ApprovalFold.Apply(state, e, data),
        RunEventTypes.CostRecorded or RunEventTypes.BudgetReached or RunEventTypes.BudgetRaised => CostFold.Apply(state, e, data),
        _ => state.AddRaw(e),
    };

    private static TimelineState Created(TimelineState state, RunEvent e, EventData data)
    {
        using var agent = data.Object("agent");
        using var format = data.Object("text_format");
        return WithStatus(state, e, RunStatus.Queued) with
        {
            Agents = state.Agents.Set(e.Mark(), new TimelineAgent(agent?.Text("name") ?? "", agent?.Text("model"))),
            TextFormat = format?.Text("type") is { } type ? state.TextFormat.Set(e.Mark(), type) : state.TextFormat,
        };
    }

    private static TimelineState WithStatus(TimelineState state, RunEvent e, RunStatus status) =>
        state with { Statuses = state.Statuses.Set(e.Mark(), status) };

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

    private static TimelineState Sent(TimelineState state, RunEvent e, EventData data)
    {
        var ordinal = state.Items.Count;
        return state.Add(new AttemptItem
        {
            Ordinal = ordinal,
            FromSeq = e.Seq,
            At = e.At,
            Attempt = ordinal,
            Number = (int)Math.Clamp(data.Number("attempt") ?? 0, 0, int.MaxValue),
            Delta = data.Text("mode") == "delta",
            PreviousResponseId = data.Text("previous_response_id"),
            InputItems = data.Number("input_items"),
            Bytes = data.Number("bytes"),
        }) with
        {
            Index = state.Index with { Attempt = ordinal },
        };
    }

    /// <summary>
    /// What the response streamed no longer counts. Calls that were handed to their tool did happen and stay as they are: the
    /// next request carries their outputs.
    /// </summary>
    private static TimelineState Superseded(TimelineState state, RunEvent e, EventData data)
    {
        var mark = e.Mark();
        var id = data.Text("response_id") ?? e.ResponseId;
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

        return AddStatus(state, e, StatusKind.Superseded, data.Text("reason"));
    }

    private static TimelineState Ended(TimelineState state, RunEvent e, EventData data, RunStatus status)
    {
        var mark = e.Mark();
        state = state.CloseOpen(mark, 0, item => Cut(item, mark, requestsToo: true));
        var usage = data.Usage() ?? state.Usage;
        return (WithStatus(state, e, status) with { Usages = state.Usages.Set(mark, usage) }).Add(new EndItem
        {
            Ordinal = state.Items.Count,
            FromSeq = e.Seq,
            At = e.At,
            Status = status,
            Duration = data.Milliseconds("duration_ms"),
            Usage = usage,
            Cost = state.Cost,
            IncompleteReason = data.Text("incomplete_reason"),
            Error = status is RunStatus.Failed
                ? new RunError(data.Text("code") ?? "unknown", data.Text("message") ?? "The run failed.", data.Text("advice"))
                : null,
            Reason = data.Text("reason"),
            Actor = e.Actor,
        });
    }

    /// <summary>An open item as it is when nothing more can come.</summary>
    private static TimelineItem Cut(TimelineItem item, SeqMark mark, bool requestsToo) => item switch
    {
        AttemptItem { IsOpen: true } attempt => attempt with { Phases = attempt.Phases.Set(mark, AttemptPhase.Cut) },
        ToolCallItem { IsOpen: true } call => ToolFold.Cut(call, mark, requestsToo) is var cut && requestsToo
            ? cut with { Approval = ApprovalFold.Withdraw(cut.Approval, mark) }
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
