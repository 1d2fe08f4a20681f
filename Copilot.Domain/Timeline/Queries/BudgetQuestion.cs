using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;

namespace Copilot.Domain.Timeline.Queries;

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
