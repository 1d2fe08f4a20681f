using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Timeline.Items;

/// <summary>A run's budget was used up, or raised. Amounts are micro-units.</summary>
public sealed record BudgetItem : TimelineItem
{
    /// <summary>True when a person raised it (<c>budget.raised</c>), false when it was used up (<c>budget.reached</c>).</summary>
    public required bool IsRaised { get; init; }

    /// <summary>True when a person is asked what to do about it.</summary>
    public bool Asks { get; init; }

    /// <summary>The budget: the one that was used up, or the new one.</summary>
    public long BudgetMicros { get; init; }

    /// <summary>What the run had cost, or how much more was allowed.</summary>
    public long AmountMicros { get; init; }

    /// <summary>The currency, or null.</summary>
    public string? Currency { get; init; }

    /// <summary>How long a person has to answer, or null.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Who raised it, or null.</summary>
    public EventActor? Actor { get; init; }

    /// <summary>Why they raised it, or null.</summary>
    public string? Reason { get; init; }
}
