using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;

namespace Copilot.Domain.Timeline.Queries;

/// <summary>The line a folded timeline shows while it works.</summary>
/// <param name="Kind">What goes on.</param>
/// <param name="Subject">A tool with its first argument, the headline of the reasoning, a host, a reason; empty where there is none.</param>
/// <param name="Since">When it began (UTC), for a clock that ticks in the browser; null when nothing ticks.</param>
/// <param name="Deadline">How long it may take, or null.</param>
/// <param name="Others">How many more tools are under way beside it.</param>
public sealed record TimelineActivity(ActivityKind Kind, string Subject, DateTimeOffset? Since, TimeSpan? Deadline, int Others)
{
    /// <summary>What the tool is called for, in the model's words; null where it says nothing, or no tool is called.</summary>
    public string? Intent { get; init; }

    /// <summary>The activity of a state.</summary>
    public static TimelineActivity Of(TimelineState state) => state.Status switch
    {
        RunStatus.Queued => new(ActivityKind.Queued, "", state.CreatedAt, null, 0),
        RunStatus.Waiting when state.TakenOver is { } taken => new(ActivityKind.TakenOver, "", taken.At, null, 0),
        RunStatus.Waiting when state.Paused is { } paused && state.Approvals.Count == 0 => new(ActivityKind.Paused, "", paused.At, null, 0),
        RunStatus.Waiting => new(
            state.Approvals.Count == 0 && state.Questions.Count > 0 ? ActivityKind.WaitingForAnswer : ActivityKind.WaitingForPerson,
            (state.Items.FindLast(item => item is StatusItem { Kind: StatusKind.Waiting }) as StatusItem)?.Reason ?? "",
            state.Statuses.Since,
            null,
            0),
        RunStatus.Running => Tool(state) ?? Newest(state),
        _ => new(ActivityKind.Settled, "", null, null, 0),
    };

    /// <summary>The tool that has run longest, else the one that will run next.</summary>
    private static TimelineActivity? Tool(TimelineState state)
    {
        ToolCallItem? shown = null;
        var open = 0;
        for (var index = state.Items.Count - 1; index > state.Index.Attempt; index--)
        {
            if (state.Items[index] is ToolCallItem { IsOpen: true } call)
            {
                open++;
                if (shown is null || call.State is ToolCallState.Running || shown.State is not ToolCallState.Running)
                {
                    shown = call;
                }
            }
        }

        return shown is null
            ? null
            : new(ActivityKind.Tool, ToolSubject.Of(shown), shown.StartedAt ?? shown.At, shown.Deadline, open - 1)
            {
                Intent = ToolSubject.IntentOf(shown),
            };
    }

    private static TimelineActivity Newest(TimelineState state)
    {
        for (var index = state.Items.Count - 1; index >= Math.Max(0, state.Index.Attempt); index--)
        {
            TimelineActivity? activity = state.Items[index] switch
            {
                StatusItem { Kind: StatusKind.RetryScheduled } retry =>
                    new(ActivityKind.Retrying, retry.Reason ?? "", retry.At, retry.Delay, 0),
                ConnectionItem { IsOpen: true } connection =>
                    new(ActivityKind.Connecting, connection.Host ?? "", connection.At, null, 0),
                CompactionRequestItem { IsOpen: true } compaction => new(ActivityKind.Compacting, "", compaction.At, null, 0),
                AnswerItem { IsOpen: true } answer => new(ActivityKind.Writing, "", answer.At, null, 0),
                ReasoningItem { IsOpen: true } reasoning =>
                    new(ActivityKind.Reasoning, Headline(reasoning), reasoning.At, null, 0),
                HostedToolItem { IsOpen: true } hosted =>
                    new(ActivityKind.HostedTool, hosted.ItemType is "mcp_call" ? hosted.Name.Current ?? hosted.ItemType : hosted.ItemType, hosted.At, null, 0),
                AttemptItem { IsOpen: true } attempt => new(ActivityKind.WaitingForModel, "", attempt.At, null, 0),
                AttemptItem attempt => new(ActivityKind.Working, "", attempt.Phases.Since ?? attempt.At, null, 0),
                _ => null,
            };
            if (activity is not null)
            {
                return activity;
            }
        }

        return new(ActivityKind.Working, "", state.StartedAt, null, 0);
    }

    /// <summary>Summaries of reasoning begin each thought with a line in bold: the newest one.</summary>
    private static string Headline(ReasoningItem reasoning)
    {
        if (reasoning.Parts.IsEmpty)
        {
            return "";
        }

        var text = reasoning.Parts[^1].Text.Head(2000);
        var end = text.LastIndexOf("**", StringComparison.Ordinal);
        var start = end > 0 ? text.LastIndexOf("**", end - 1, StringComparison.Ordinal) : -1;
        return start < 0 || text.AsSpan(start + 2, Math.Max(0, end - start - 2)).ContainsAny('\n', '*')
            ? ""
            : ToolSubject.Shorten(text[(start + 2)..end].Trim());
    }
}
