using Copilot.Domain.Replay.Chapters;
using Copilot.Domain.Replay.Lanes;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.Text;
using Copilot.Web.Components.Timeline.Shared;

namespace Copilot.Web.Components.RunScreen.Lanes;

/// <summary>What the lanes of a run and its chapters say.</summary>
internal static class LaneText
{
    public const string Overview = "Overview of the run";
    public const string Keys = "Arrow keys move between the bars, Enter opens one, plus and minus zoom, 0 shows the whole run.";
    public const string FoldIdle = "Fold idle time";
    public const string WholeRun = "Whole run";
    public const string ShowTable = "Show as table";
    public const string HideTable = "Hide table";
    public const string Empty = "Bars will appear here as soon as the run begins to work.";
    public const string Legend = "Colours";
    public const string Chapters = "What happened so far";
    public const string ColumnLane = "Lane";
    public const string ColumnWhat = "What";
    public const string ColumnBegan = "Began";
    public const string ColumnTook = "Took";
    public const string ColumnState = "State";
    public const string ColumnParts = "Time went into";
    public const string CloseBar = "Close details";
    public const string GoThere = "Go there";
    public const string Now = "now";
    public const string Moment = "a moment";

    /// <summary>A lane's name.</summary>
    public static string Of(Lane lane) => lane switch
    {
        Lane.Model => "Model",
        Lane.Tools => "Tools",
        Lane.People => "People",
        _ => "Connection",
    };

    /// <summary>What the time of a part went into.</summary>
    public static string Of(LanePhase phase) => phase switch
    {
        LanePhase.Sent => "sent",
        LanePhase.FirstToken => "waiting for the first token",
        LanePhase.Reasoning => "reasoning",
        LanePhase.Text => "text",
        LanePhase.Arguments => "arguments",
        LanePhase.Queued => "queued",
        LanePhase.Approval => "waiting for approval",
        LanePhase.Executing => "executing",
        LanePhase.Result => "result waits to be sent",
        LanePhase.Connecting => "connecting",
        LanePhase.Connected => "connected",
        LanePhase.Retry => "waiting to retry",
        LanePhase.Compacting => "shortening the conversation",
        LanePhase.Interrupted => "interrupted",
        LanePhase.Question => "waiting for an answer",
        _ => "message",
    };

    /// <summary>The same in a word, for the key to the colours.</summary>
    public static string Short(LanePhase phase) => phase switch
    {
        LanePhase.FirstToken => "first token",
        LanePhase.Approval => "approval",
        LanePhase.Result => "result",
        LanePhase.Retry => "retry",
        LanePhase.Compacting => "shortening",
        LanePhase.Question => "question",
        _ => Of(phase),
    };

    /// <summary>How a bar has ended.</summary>
    public static string Of(LaneOutcome outcome) => outcome switch
    {
        LaneOutcome.Open => "in progress",
        LaneOutcome.Done => "done",
        LaneOutcome.Failed => "failed",
        _ => "dropped",
    };

    /// <summary>What a bar is called.</summary>
    public static string Label(LaneBar bar, TimelineNames names) => bar.Item switch
    {
        UserMessageItem when bar.Lane is Lane.Model => "Waiting in the queue",
        UserMessageItem message => $"{Person(message.Actor, names)} asked",
        AttemptItem attempt => attempt.Number > 0 ? TimelineText.Request(attempt.Number) : TimelineText.Response,
        CompactionRequestItem compaction => TimelineText.Compaction(compaction.Phase),
        ToolCallItem { Question.Current: { } question } when bar is { Lane: Lane.People, Segments: [{ Phase: LanePhase.Question }, ..] } => Answer(question, names),
        ToolCallItem call when bar.Lane is Lane.People => $"{Decision(call.Approval.Current, names)}: {names.Tool(call.Name.Current ?? ToolCallText.UnnamedTool)}",
        ToolCallItem call => names.Subject(ToolSubject.IntentOf(call), ToolSubject.Of(call)),
        HostedToolItem hosted when bar.Lane is Lane.People => Decision(hosted.Approval.Current, names),
        HostedToolItem hosted => HostedToolText.Doing(hosted.ItemType is "mcp_call" ? hosted.Name.Current ?? hosted.ItemType : hosted.ItemType),
        SteerItem steer => TimelineText.Message(steer.Actor, names),
        InterventionItem done => TimelineText.Intervention(done, names),
        BudgetItem budget => budget.IsRaised ? TimelineText.BudgetRaised : TimelineText.BudgetUsedUp,
        ConnectionItem connection => TimelineText.Name(connection.Kind),
        StatusItem status => TimelineText.Status(status),
        EndItem end => $"{TimelineText.End(end)}{(end.Actor is null ? "" : $" {TimelineText.ByActor(end.Actor, names)}")}",
        _ => Of(bar.Lane),
    };

    /// <summary>A chapter in a few words: what was done, how often, and how much of it went wrong.</summary>
    public static string Of(RunChapter chapter, TimelineNames names) => chapter.Kind switch
    {
        ChapterKind.Asked => $"{Person((chapter.Item as UserMessageItem)?.Actor, names)} asked",
        ChapterKind.Tool when chapter is { Count: 1, Item: ToolCallItem single } && ToolSubject.IntentOf(single) is { } intent => Counted(intent, chapter),
        ChapterKind.Tool => Counted(chapter.Subject.Length == 0 ? ToolCallText.UnnamedTool : names.Tool(chapter.Subject), chapter),
        ChapterKind.HostedTool => Counted(HostedToolText.Doing(chapter.Subject), chapter),
        ChapterKind.Approval => Decision(
            chapter.Item is ToolCallItem call ? call.Approval.Current : (chapter.Item as HostedToolItem)?.Approval.Current, names),
        ChapterKind.Budget => chapter.Item is BudgetItem { IsRaised: true } ? TimelineText.BudgetRaised : TimelineText.BudgetUsedUp,
        ChapterKind.Message when chapter.Item is InterventionItem done => TimelineText.Intervention(done, names),
        ChapterKind.Message => TimelineText.Message((chapter.Item as SteerItem)?.Actor, names),
        ChapterKind.Trouble => Counted(chapter.Last is StatusItem status ? TimelineText.Status(status) : TimelineText.Retrying, chapter),
        ChapterKind.Interrupted => "Interrupted",
        ChapterKind.Answer => chapter.IsOpen ? "Writes the answer" : "Answered",
        _ => chapter.Item is EndItem { Status: RunStatus.Failed } ? "Failed" : $"Stopped{((chapter.Item as EndItem)?.Actor is { } actor ? $" {TimelineText.ByActor(actor, names)}" : "")}",
    };

    /// <summary>A person's decision about a call.</summary>
    public static string Decision(ApprovalStep? step, TimelineNames names) => step is null or { State: ApprovalState.Waiting }
        ? "Asks for approval"
        : Capital(ToolCallText.Approval(step, names));

    private static string Answer(QuestionStep step, TimelineNames names) => step.State switch
    {
        QuestionState.Waiting => $"The agent asks: {VisibleText.Of(step.Question, oneLine: true)}",
        QuestionState.Answered => $"{Person(step.Actor, names)} answered: {VisibleText.Of(step.Answer ?? "", oneLine: true)}",
        _ => ToolCallText.Unanswered(step.State),
    };

    /// <summary>How much of a run was only waiting, and what can be done about it.</summary>
    public static string Idle(TimeSpan idle, TimeSpan all) =>
        $"{FoldIdle} ({TimelineFigures.Duration(idle)}, {(int)Math.Round(100 * idle / all)} %)";

    private static string Person(Copilot.Domain.Runs.Events.EventActor? actor, TimelineNames names) => actor is null ? RunScreenText.SomebodyElse : Capital(names.Of(actor));

    private static string Counted(string what, RunChapter chapter) => VisibleText.Of(what, oneLine: true)
        + (chapter.Count > 1 ? $" ×{TimelineFigures.Count(chapter.Count)}" : "")
        + (chapter.Failed > 0 ? $" · {TimelineFigures.Count(chapter.Failed)} failed" : "")
        + (chapter.NotApproved > 0 ? $" · {TimelineFigures.Count(chapter.NotApproved)} not approved" : "");

    private static string Capital(string words) => words.Length == 0 ? words : string.Concat(char.ToUpperInvariant(words[0]).ToString(), words[1..]);
}
