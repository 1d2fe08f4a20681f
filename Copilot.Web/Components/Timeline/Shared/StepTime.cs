using Copilot.Domain.Timeline.Items;

namespace Copilot.Web.Components.Timeline.Shared;

/// <summary>When a step of a run worked.</summary>
/// <param name="From">When it began (UTC).</param>
/// <param name="To">When it ended; null while it works, and for one whose end never came.</param>
public readonly record struct StepTime(DateTimeOffset From, DateTimeOffset? To)
{
    /// <summary>The time of an item; null for one that is only a moment, or has not begun.</summary>
    public static StepTime? Of(TimelineItem item) => item switch
    {
        ToolCallItem { StartedAt: { } started } call => new(started, call.HasEnded ? started + (call.Duration ?? TimeSpan.Zero) : null),
        ToolCallItem => null,
        HostedToolItem or ReasoningItem or AnswerItem => new(item.At, ((ResponseItem)item).Done?.At),
        AttemptItem attempt => new(attempt.At, attempt.IsOpen ? null : attempt.Phases.Since),
        _ => null,
    };

    /// <summary>From the first moment of a run to the newest that is known of these items.</summary>
    public static TimeSpan Span(DateTimeOffset created, IEnumerable<TimelineItem> items)
    {
        var last = created;
        foreach (var item in items)
        {
            var moment = Of(item) is { To: { } to } && to > item.At ? to : item.At;
            last = moment > last ? moment : last;
        }

        return last - created;
    }
}
