using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Replay.Lanes;

/// <summary>What somebody looks for in a long run: errors, questions to people, and what people did.</summary>
internal static class RunMarks
{
    /// <summary>The marks of a timeline, in the order of the log.</summary>
    public static IEnumerable<LaneMark> Of(TimelineState state) => state.Items.SelectMany(Of).OrderBy(mark => mark.Seq);

    private static IEnumerable<LaneMark> Of(TimelineItem item) => item switch
    {
        UserMessageItem or SteerItem or InterventionItem => [At(LaneMarkKind.Person, item)],
        BudgetItem { IsRaised: true } => [At(LaneMarkKind.Person, item)],
        BudgetItem { Asks: true } => [At(LaneMarkKind.Approval, item)],
        ToolCallItem call => Calls(call).Concat(Approvals(call.Approval)).Concat(Questions(call.Question)),
        HostedToolItem hosted => (hosted.HasFailed && hosted.Done is { } done ? [new LaneMark(LaneMarkKind.Error, done.At, done.Seq)] : Array.Empty<LaneMark>())
            .Concat(Approvals(hosted.Approval)),
        AttemptItem { Error: { IsSet: true } error } => [new LaneMark(LaneMarkKind.Error, error.Steps[0].At, error.Steps[0].Seq)],
        ConnectionItem { Phase: ConnectionPhase.Lost } lost => [new LaneMark(LaneMarkKind.Error, lost.Phases.Since ?? lost.At, lost.Phases.LastSeq)],
        StatusItem { Kind: StatusKind.UpstreamError or StatusKind.Interrupted } => [At(LaneMarkKind.Error, item)],
        StatusItem { Kind: StatusKind.Resumed, Actor: not null } => [At(LaneMarkKind.Person, item)],
        EndItem { Status: RunStatus.Failed } => [At(LaneMarkKind.Error, item)],
        EndItem { Status: RunStatus.Cancelled, Actor: not null } => [At(LaneMarkKind.Person, item)],
        _ => [],
    };

    private static IEnumerable<LaneMark> Calls(ToolCallItem call) => call.Steps.Steps
        .Where(step => step.Value.State is ToolCallState.Failed or ToolCallState.TimedOut or ToolCallState.OutcomeUnknown)
        .Select(step => new LaneMark(LaneMarkKind.Error, step.At, step.Seq));

    private static IEnumerable<LaneMark> Approvals(Track<ApprovalStep> approval) => approval.Steps
        .Where(step => step.Value.State is ApprovalState.Waiting || step.Value.Actor is not null)
        .Select(step => new LaneMark(step.Value.State is ApprovalState.Waiting ? LaneMarkKind.Approval : LaneMarkKind.Person, step.At, step.Seq));

    private static IEnumerable<LaneMark> Questions(Track<QuestionStep> question) => question.Steps
        .Where(step => step.Value.State is QuestionState.Waiting or QuestionState.Answered)
        .Select(step => new LaneMark(step.Value.State is QuestionState.Waiting ? LaneMarkKind.Approval : LaneMarkKind.Person, step.At, step.Seq));

    private static LaneMark At(LaneMarkKind kind, TimelineItem item) => new(kind, item.At, item.FromSeq);
}
