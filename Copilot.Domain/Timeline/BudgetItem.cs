using Copilot.Domain.Runs;

namespace Copilot.Domain.Timeline;

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
}

/// <summary>What one response cost.</summary>
/// <param name="Micros">Micro-units; null where the model had no price.</param>
/// <param name="Currency">The currency, or null.</param>
public sealed record ResponseCost(long? Micros, string? Currency);

/// <summary>Questions about a run's budget.</summary>
public static class BudgetQuestion
{
    /// <summary>The budget that the run waits for a person to raise, or null while it does not.</summary>
    public static BudgetItem? OpenBudget(this TimelineState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Status is RunStatus.Waiting
            && state.Items.FindLast(item => item is BudgetItem) is BudgetItem { IsRaised: false, Asks: true } asked
                ? asked
                : null;
    }

    /// <summary>What a person is offered to allow more, in micro-units: as much again as the run was given at first.</summary>
    public static long BudgetStep(this TimelineState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Items.Find(item => item is BudgetItem { IsRaised: false }) is BudgetItem first ? first.BudgetMicros : 0;
    }
}
