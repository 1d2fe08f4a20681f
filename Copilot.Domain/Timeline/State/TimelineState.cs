using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Timeline.State;

/// <summary>
/// A run as people see it: the fold of its events (<see cref="TimelineReducer"/>). Everything in it remembers the event that
/// set it, so the state at a playhead is this one clipped.
/// </summary>
public sealed record TimelineState
{
    /// <summary>Before the first event.</summary>
    public static TimelineState Empty { get; } = new();

    /// <summary>The run; null before the first event.</summary>
    public string? RunId { get; init; }

    /// <summary>Seq of the newest event that was folded; 0 before the first.</summary>
    public long HeadSeq { get; init; }

    /// <summary>All entries, oldest first; an item's place is its <see cref="TimelineItem.Ordinal"/>.</summary>
    public ImmutableList<TimelineItem> Items { get; init; } = [];

    /// <summary>What the run's status was, and when.</summary>
    public Track<RunStatus> Statuses { get; init; } = new();

    /// <summary>Which transport was in use, and when.</summary>
    public Track<TransportUse> Transports { get; init; } = new();

    /// <summary>Tokens summed over the responses, as they ended.</summary>
    public Track<ResponseUsage> Usages { get; init; } = new();

    /// <summary>What the run has cost, as it became known.</summary>
    public Track<RunCost> Costs { get; init; } = new();

    /// <summary>The agent, from <c>run.created</c>.</summary>
    public Track<TimelineAgent> Agents { get; init; } = new();

    /// <summary>The type of the format that the run asked for (<c>text_format</c> of <c>run.created</c>); unset for prose.</summary>
    public Track<string> TextFormat { get; init; } = new();

    /// <summary>Where the run is now.</summary>
    public RunStatus Status => Statuses.IsSet ? Statuses.Current : RunStatus.Queued;

    /// <summary>The transport in use or used last; null before the first.</summary>
    public TransportUse? Transport => Transports.Current;

    /// <summary>Tokens so far.</summary>
    public ResponseUsage Usage => Usages.Current;

    /// <summary>What it has cost so far.</summary>
    public RunCost Cost => Costs.Current ?? RunCost.Zero;

    /// <summary>Who answers; null before the first event.</summary>
    public TimelineAgent? Agent => Agents.Current;

    /// <summary>When it was created.</summary>
    public DateTimeOffset? CreatedAt => Statuses.IsSet ? Statuses.Steps[0].At : null;

    /// <summary>When it left the queue, or null.</summary>
    public DateTimeOffset? StartedAt
    {
        get
        {
            foreach (var step in Statuses.Steps)
            {
                if (step.Value is RunStatus.Running)
                {
                    return step.At;
                }
            }

            return null;
        }
    }

    /// <summary>When it ended for good, or null.</summary>
    public DateTimeOffset? EndedAt => Status.IsTerminal() ? Statuses.Since : null;

    /// <summary>The end, or null while there is none.</summary>
    public EndItem? End => Status.IsTerminal() ? Items.FindLast(item => item is EndItem) as EndItem : null;

    /// <summary>Why it failed, or null.</summary>
    public RunError? Error => End?.Error;

    /// <summary>Which items belong to which response, item and call.</summary>
    [JsonInclude]
    internal TimelineIndex Index { get; init; } = TimelineIndex.Empty;

    /// <summary>
    /// The answer: the texts of the newest response that has any which count and are not comments on the way. Texts of earlier
    /// responses stay in the timeline.
    /// </summary>
    public ImmutableArray<AnswerItem> Answers
    {
        get
        {
            var answers = ImmutableArray.CreateBuilder<AnswerItem>();
            for (var index = Items.Count - 1; index >= 0; index--)
            {
                if (Items[index] is AnswerItem { Superseded: null, IsCommentary: false, IsEmpty: false } answer)
                {
                    if (answers.Count > 0 && answers[^1].Attempt != answer.Attempt)
                    {
                        break;
                    }

                    answers.Add(answer);
                }
            }

            answers.Reverse();
            return answers.ToImmutable();
        }
    }

    /// <summary>The answer as one Markdown text, for copying. Copies it: not for every delta.</summary>
    public string AnswerText => CitationMarkers.Strip(string.Join("\n\n", Answers.Select(answer => answer.Text)));

    /// <summary>The tool calls that count, in order.</summary>
    public IEnumerable<ToolCallItem> ToolCalls => Items.OfType<ToolCallItem>().Where(call => call.Superseded is null);
}
