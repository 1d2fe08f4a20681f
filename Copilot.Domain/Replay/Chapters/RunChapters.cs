using System.Collections.Immutable;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Replay.Chapters;

/// <summary>Tells a run in chapters, for somebody who comes in the middle: "searched stock three times, one failed, then asked for approval".</summary>
public static class RunChapters
{
    /// <summary>The chapters of a timeline, in the order of the log. What no longer counts is left out.</summary>
    public static ImmutableArray<RunChapter> Of(TimelineState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var chapters = ImmutableArray.CreateBuilder<RunChapter>();
        var answers = state.Answers;
        var found = state.Items
            .Where(item => item.Superseded is null)
            .SelectMany(item => Read(item, answers))
            .OrderBy(chapter => chapter.Seq)
            .ThenBy(chapter => chapter.Kind is ChapterKind.Approval);
        foreach (var chapter in found)
        {
            if (chapters.Count > 0 && Continues(chapters[^1], chapter))
            {
                chapters[^1] = Join(chapters[^1], chapter);
            }
            else
            {
                chapters.Add(chapter);
            }
        }

        return chapters.ToImmutable();
    }

    private static bool Continues(RunChapter before, RunChapter next) => before.Kind == next.Kind
        && before.Subject == next.Subject
        && next.Kind is ChapterKind.Tool or ChapterKind.HostedTool or ChapterKind.Trouble or ChapterKind.Answer;

    private static RunChapter Join(RunChapter before, RunChapter next) => before with
    {
        Count = before.Count + next.Count,
        Failed = before.Failed + next.Failed,
        NotApproved = before.NotApproved + next.NotApproved,
        IsOpen = before.IsOpen || next.IsOpen,
        Last = next.Last,
    };

    private static IEnumerable<RunChapter> Read(TimelineItem item, ImmutableArray<AnswerItem> answers) => item switch
    {
        UserMessageItem => [Of(ChapterKind.Asked, item)],
        ToolCallItem call => Approvals(call, call.Approval).Prepend(Of(ChapterKind.Tool, item, call.Name.Current ?? "") with
        {
            Failed = call.State is ToolCallState.Failed or ToolCallState.TimedOut or ToolCallState.OutcomeUnknown ? 1 : 0,
            NotApproved = call.State is ToolCallState.Denied ? 1 : 0,
        }),
        HostedToolItem hosted => Approvals(hosted, hosted.Approval).Concat(TimelineSteps.IsCall(hosted)
            ? [Of(ChapterKind.HostedTool, item, hosted.ItemType) with { Failed = hosted.HasFailed ? 1 : 0 }]
            : []),
        BudgetItem => [Of(ChapterKind.Budget, item)],
        SteerItem or InterventionItem => [Of(ChapterKind.Message, item)],
        StatusItem { Kind: StatusKind.FellBack or StatusKind.RetryScheduled or StatusKind.UpstreamError } => [Of(ChapterKind.Trouble, item)],
        StatusItem { Kind: StatusKind.Interrupted } => [Of(ChapterKind.Interrupted, item)],
        AnswerItem answer when answers.Contains(answer) => [Of(ChapterKind.Answer, item)],
        EndItem { Status: RunStatus.Failed or RunStatus.Cancelled } => [Of(ChapterKind.Ended, item)],
        _ => [],
    };

    private static IEnumerable<RunChapter> Approvals(TimelineItem item, Track<ApprovalStep> approval) => approval.Steps
        .Where(step => step.Value.State is ApprovalState.Waiting)
        .Take(1)
        .Select(step => new RunChapter(ChapterKind.Approval, item, step.Seq, step.At, "")
        {
            IsOpen = approval.Current?.State is ApprovalState.Waiting,
        });

    private static RunChapter Of(ChapterKind kind, TimelineItem item, string subject = "") =>
        new(kind, item, item.FromSeq, item.At, subject) { IsOpen = item.IsOpen };
}
