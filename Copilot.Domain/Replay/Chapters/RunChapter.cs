using Copilot.Domain.Timeline.Items;

namespace Copilot.Domain.Replay.Chapters;

/// <summary>A stretch of a run that is told in a few words. What it says is made from what is known; no model is asked.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Item">The first item of it.</param>
/// <param name="Seq">Seq of the event that it begins with: a link to it leads there.</param>
/// <param name="At">When it begins (UTC).</param>
/// <param name="Subject">The tool's name, or the upstream's type of its own tool; empty for others.</param>
public sealed record RunChapter(ChapterKind Kind, TimelineItem Item, long Seq, DateTimeOffset At, string Subject)
{
    /// <summary>How many calls, messages or troubles of one kind it holds.</summary>
    public int Count { get; init; } = 1;

    /// <summary>How many of its calls failed, timed out, or have an outcome that nobody knows.</summary>
    public int Failed { get; init; }

    /// <summary>How many of its calls were not allowed.</summary>
    public int NotApproved { get; init; }

    /// <summary>True while it goes on.</summary>
    public bool IsOpen { get; init; }

    /// <summary>The newest item of it: an approval's decision is read from it.</summary>
    public TimelineItem Last { get; init; } = Item;
}
