using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Timeline.Items;

/// <summary>What somebody did about the run while it worked.</summary>
public sealed record InterventionItem : TimelineItem
{
    /// <summary>What it was.</summary>
    public required InterventionKind Kind { get; init; }

    /// <summary>Who did it; null where the product did because a time was up.</summary>
    public EventActor? Actor { get; init; }

    /// <summary>Why, or null.</summary>
    public string? Reason { get; init; }

    /// <summary>The message of <see cref="InterventionKind.Wrote"/>, else null.</summary>
    public string? Text { get; init; }

    /// <summary>The tool of <see cref="InterventionKind.CancelledCall"/>, else null.</summary>
    public string? Tool { get; init; }
}
