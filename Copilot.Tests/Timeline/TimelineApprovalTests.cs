using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;
using Copilot.Web.Components.Timeline.Shared;

namespace Copilot.Tests.Timeline;

public sealed class TimelineApprovalTests
{
    [Fact]
    public void Apply_CallsThatWait_AreListedWithWhatIsLeft()
    {
        var waiting = Fold(Recordings.Asked().Events).Approvals;

        Assert.Equal(["call_1", "call_2", "mcpr_1"], waiting.Select(one => one.CallId));
        Assert.Equal("orders_place", waiting[0].Name);
        Assert.Equal("""{"quantity":2}""", waiting[0].Arguments);
        Assert.Null(waiting[0].ServerLabel);
        Assert.True(waiting[0].CanEdit);
        Assert.Equal("refund", waiting[2].Name);
        Assert.Equal("""{"amount":12}""", waiting[2].Arguments);
        Assert.Equal("billing", waiting[2].ServerLabel);
        Assert.False(waiting[2].CanEdit);
        Assert.All(waiting, one => Assert.Equal(TimeSpan.FromMinutes(30), one.Timeout));
    }

    [Fact]
    public void Apply_Decisions_StayWithTheirCalls()
    {
        var state = Fold(Recordings.Approvals().Events);

        Assert.Empty(state.Approvals);
        var calls = state.ToolCalls.ToList();
        Assert.Equal(
            new ApprovalStep(ApprovalState.Approved, null, new EventActor("usr_1", "Staff"), """{"quantity":1}""", null), calls[0].Approval.Current);
        Assert.Equal("""{"quantity":2}""", calls[0].Arguments.ToString());
        Assert.Equal(
            new ApprovalStep(ApprovalState.Denied, null, new EventActor("usr_2", "Supervisor"), null, "Too dear."), calls[1].Approval.Current);
        Assert.Equal(ToolCallState.Denied, calls[1].State);
        var request = Assert.Single(state.Items.OfType<HostedToolItem>());
        Assert.Equal(ApprovalState.Expired, request.Approval.Current?.State);
        Assert.False(request.IsOpen);
        Assert.Equal("approval.requested", Assert.Single(state.Items.OfType<RawItem>()).Type);
    }

    [Fact]
    public void Apply_StandingPermission_SaysWhoseAndUntilWhen()
    {
        var until = new DateTimeOffset(2026, 12, 1, 8, 0, 0, TimeSpan.Zero);
        var state = Fold(Recordings.Asked()
            .Own(RunEventTypes.ApprovalApproved, new { grant_id = "grant_1", grant_expires_micros = RunTime.ToMicroseconds(until) }, "call_1", new EventActor("usr_1", "Staff"))
            .Own(RunEventTypes.ApprovalApproved, new { grant_id = "grant_1", grant_expires_micros = long.MaxValue }, "call_2", new EventActor("usr_1", "Staff"))
            .Events);

        var step = state.ToolCalls.First().Approval.Current!;
        Assert.Equal(until, step.GrantedUntil);
        Assert.Equal("allowed by staff's standing permission until 1 Dec 2026, 08:00", ToolCallText.Approval(step, null, TimeZoneInfo.Utc));
        Assert.Null(state.ToolCalls.Last().Approval.Current!.GrantedUntil);
    }

    [Fact]
    public void Apply_RunEndsFirst_WithdrawsTheQuestions()
    {
        var state = Fold(Recordings.Withdrawn().Events);

        Assert.All(state.ToolCalls, call => Assert.Equal(ToolCallState.Cancelled, call.State));
        Assert.Equal(ApprovalState.Withdrawn, Assert.Single(state.Items.OfType<HostedToolItem>()).Approval.Current?.State);
        Assert.DoesNotContain(state.Items, item => item.IsOpen);
    }

    [Fact]
    public void Apply_Interrupted_ListsNothingUntilItWaitsAgain()
    {
        var events = Recordings.Approvals().Events;

        Assert.Empty(Until(events, RunEventTypes.RunInterrupted).Approvals);
        var again = TimelineClip.At(Fold(events), events.Last(e => e.Type == RunEventTypes.RunWaiting).Seq);
        Assert.Equal("mcpr_1", Assert.Single(again.Approvals).CallId);
    }

    [Fact]
    public void Summary_PendingApprovals_FollowTheEvents()
    {
        var events = Recordings.Approvals().Events;
        var pending = new List<string>();
        RunSummary? summary = null;
        foreach (var e in events)
        {
            summary = RunSummaryFold.Apply(summary, e);
            if (e.Type.StartsWith("approval.", StringComparison.Ordinal))
            {
                pending.Add(string.Join(',', summary.PendingApprovals.Select(one => one.CallId)));
            }
        }

        Assert.Equal(
            ["call_1", "call_1,call_2", "call_1,call_2,mcpr_1", "call_2,mcpr_1", "mcpr_1", "", "call_unknown"], pending);
        Assert.Empty(summary!.PendingApprovals);
    }

    private static TimelineState Fold(IReadOnlyList<RunEvent> events) => TimelineReducer.Apply(TimelineState.Empty, events);

    private static TimelineState Until(IReadOnlyList<RunEvent> events, string type) =>
        TimelineClip.At(Fold(events), events.First(e => e.Type == type).Seq);
}
