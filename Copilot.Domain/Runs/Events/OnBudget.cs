namespace Copilot.Domain.Runs.Events;

/// <summary>What happens when a run has used up its budget.</summary>
public enum OnBudget
{
    /// <summary>It ends as failed (<c>budget_exceeded</c>).</summary>
    Stop,

    /// <summary>It waits for a person who raises the budget or stops it.</summary>
    Ask,
}
