using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Timeline.Folds;

/// <summary>Folds <c>approval.*</c> into the call, or the MCP approval request, that they are about.</summary>
internal static class ApprovalFold
{
    /// <summary>The state after one of these events.</summary>
    public static TimelineState Apply(TimelineState state, RunEvent e, RunEventPayload payload)
    {
        if (e.CallId is not { } id || Find(state, id) is not { } ordinal)
        {
            return state.AddRaw(e);
        }

        var mark = e.Mark();
        var step = Step(e, payload);
        return state.Replace(mark, state.Items[ordinal] switch
        {
            ToolCallItem call => call with { Approval = call.Approval.Set(mark, step) },
            HostedToolItem hosted => hosted with { Approval = hosted.Approval.Set(mark, step) },
            var other => other,
        });
    }

    /// <summary>A question that nobody can decide any more.</summary>
    public static Track<ApprovalStep> Withdraw(Track<ApprovalStep> approval, SeqMark mark) =>
        approval.Current is { State: ApprovalState.Waiting }
            ? approval.Set(mark, new ApprovalStep(ApprovalState.Withdrawn, null, null, null, null))
            : approval;

    private static int? Find(TimelineState state, string id)
    {
        if (state.Index.Calls.TryGetValue(id, out var call))
        {
            return call;
        }

        for (var index = state.Items.Count - 1; index >= 0; index--)
        {
            if (state.Items[index] is HostedToolItem { ItemType: McpApprovalRequest.ItemType } hosted && McpApprovalRequest.IdOf(hosted) == id)
            {
                return index;
            }
        }

        return null;
    }

    private static DateTimeOffset? UntilOf(string? grantId, long? expires) =>
        grantId is not null && expires is { } micros && micros >= 0 && micros <= RunTime.ToMicroseconds(DateTimeOffset.MaxValue)
            ? RunTime.FromMicroseconds(micros)
            : null;

    private static ApprovalStep Step(RunEvent e, RunEventPayload payload) => payload switch
    {
        ApprovalRequested request => new(ApprovalState.Waiting, request.Timeout, null, null, null) { NeedsOther = request.OtherApprover is true, Rule = request.Rule },
        ApprovalApproved approved => new(ApprovalState.Approved, null, e.Actor, approved.Arguments, approved.Reason) { GrantedUntil = UntilOf(approved.GrantId, approved.GrantExpiresMicros) },
        ApprovalDenied denied => new(e.Actor is null ? ApprovalState.Withdrawn : ApprovalState.Denied, null, e.Actor, null, denied.Reason)
        {
            GrantedUntil = UntilOf(denied.GrantId, denied.GrantExpiresMicros),
        },
        _ => new(ApprovalState.Expired, null, null, null, null),
    };
}
