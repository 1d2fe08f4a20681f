using Copilot.Domain.Costs;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.Text;
using Copilot.Web.Components.Timeline.Rows;
using Copilot.Web.Components.Timeline.Shared;

namespace Copilot.Web.Components.RunScreen.Export;

/// <summary>An entry of a timeline as one line of a file that plays without a server, and when that line changes.</summary>
internal static class ReplayLine
{
    /// <summary>What the entry says as it is now, without its streaming text.</summary>
    public static string Of(TimelineItem item, TimelineNames names) => item switch
    {
        UserMessageItem message => message.Actor is { } actor ? names.Of(actor) : ExportText.Question,
        ForkItem fork => $"{ForkLineText.Forked} {ForkLineText.ForkedAt(fork.Step)}",
        SteerItem steer => $"{TimelineText.Message(steer.Actor, names)} · {TimelineText.Delivery(steer.Phase).ToLowerInvariant()}",
        InterventionItem done => Join(TimelineText.Intervention(done, names), done.Reason),
        AttemptItem attempt => Join(
            attempt.Number > 0 ? TimelineText.Request(attempt.Number) : TimelineText.Response,
            attempt.Error.Current?.Message,
            attempt.IncompleteReason.Current is { } reason ? TimelineText.Incomplete(reason) : null,
            attempt.Phase is AttemptPhase.Cut ? TimelineText.CutOff : null,
            attempt.Usage.IsSet ? TimelineFigures.Tokens(attempt.Usage.Current) : null),
        ToolCallItem call => Join(
            names.Tool(call.Name.Current ?? ToolCallText.UnnamedTool),
            call.Intent.Current,
            ToolCallText.State(call.State),
            ToolCallText.Approval(call.Approval.Current, names),
            call.Question.Current?.Question,
            call.Question.Current?.Answer,
            call.Question.Current?.Reason),
        HostedToolItem hosted => Join(HostedToolText.Doing(hosted.ItemType), hosted.Name.Current, hosted.Phase.Current, ToolCallText.Approval(hosted.Approval.Current, names)),
        ReasoningItem reasoning => reasoning.IsOpen ? TimelineText.Thinking : TimelineText.Thought,
        AnswerItem answer => answer.IsOpen ? TimelineText.WritingAnswer : Join(TimelineText.Answer, answer.WasCut ? TimelineText.CutOff : null),
        StatusItem status => Join(
            TimelineText.Status(status), status.Delay is { } delay ? TimelineFigures.Duration(delay) : null, status.Reason, status.Actor is { } by ? TimelineText.ByActor(by, names) : null),
        ConnectionItem connection => Join(TimelineText.Name(connection.Kind), connection.Host, PhaseOf(connection), connection.Phases.Current?.Reason),
        CompactionRequestItem compaction => Join(TimelineText.Compaction(compaction.Phase), compaction.Phases.Current?.Reason),
        BudgetItem budget => Join(
            budget.IsRaised ? TimelineText.BudgetRaised : TimelineText.BudgetUsedUp, Money.Format(budget.AmountMicros, budget.Currency), Money.Format(budget.BudgetMicros, budget.Currency), budget.Reason),
        EndItem end => Join(
            TimelineText.End(end), end.Error?.Message, end.Reason, end.Duration is { } took ? TimelineFigures.Duration(took) : null, end.Actor is { } by ? TimelineText.ByActor(by, names) : null),
        RawItem raw => raw.Forgotten ? TimelineText.DeletedEvents(raw.Events.Count) : Join(raw.Type, raw.Events.Count > 1 ? $"×{raw.Events.Count}" : null),
        _ => "",
    };

    /// <summary>How the entry looks: failed, waiting for a person, or as it should be.</summary>
    public static string ToneOf(TimelineItem item) => item switch
    {
        ToolCallItem { State: ToolCallState.Failed or ToolCallState.TimedOut or ToolCallState.OutcomeUnknown } => "bad",
        HostedToolItem { HasFailed: true } or AttemptItem { Error.IsSet: true } or ConnectionItem { Phase: ConnectionPhase.Lost } => "bad",
        StatusItem { Kind: StatusKind.UpstreamError } or EndItem { Status: RunStatus.Failed } => "bad",
        ToolCallItem { Approval.Current.State: ApprovalState.Waiting } or StatusItem { Kind: StatusKind.Waiting } => "wait",
        InterventionItem or SteerItem => "person",
        _ => "",
    };

    /// <summary>Seqs of the events by which the entry changed apart from its streaming text.</summary>
    public static IEnumerable<long> ChangesOf(TimelineItem item)
    {
        IEnumerable<long> changes = item switch
        {
            SteerItem steer => Seqs(steer.Phases),
            AttemptItem attempt => [.. Seqs(attempt.Phases), .. Seqs(attempt.Error), .. Seqs(attempt.IncompleteReason), .. Seqs(attempt.Usage)],
            ToolCallItem call => [.. Seqs(call.Name), .. Seqs(call.Intent), .. Seqs(call.Steps), .. Seqs(call.Approval), .. Seqs(call.Question)],
            HostedToolItem hosted => [.. Seqs(hosted.Name), .. Seqs(hosted.Phase), .. Seqs(hosted.Approval)],
            ConnectionItem connection => Seqs(connection.Phases),
            CompactionRequestItem compaction => Seqs(compaction.Phases),
            RawItem raw => raw.Events.Select(one => one.Seq),
            _ => [],
        };
        return changes
            .Append(item.FromSeq)
            .Concat(item is ResponseItem { Done: { } done } ? [done.Seq] : [])
            .Concat(item.Superseded is { } superseded ? [superseded.Seq] : [])
            .Distinct()
            .Order();
    }

    private static IEnumerable<long> Seqs<T>(Track<T> track) => track.Steps.Select(step => step.Seq);

    private static string PhaseOf(ConnectionItem connection) => connection.Phase switch
    {
        ConnectionPhase.Connecting => TimelineText.Connecting,
        ConnectionPhase.Connected => TimelineText.Connected,
        ConnectionPhase.Lost => TimelineText.Lost,
        _ => ExportText.Closed,
    };

    private static string Join(params string?[] parts) => string.Join(" · ", parts.Where(part => !string.IsNullOrEmpty(part)));
}
