using System.Text.Json;
using Copilot.Domain.Costs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Runs.Summaries;

/// <summary>Folds a run's events into its <see cref="RunBudget"/>: pure and total. A run from before budgets has none.</summary>
public static class RunBudgetFold
{
    /// <summary>The budget after one more event; null where there is none.</summary>
    public static RunBudget? Apply(RunBudget? budget, RunEvent runEvent)
    {
        ArgumentNullException.ThrowIfNull(runEvent);
        return runEvent.Payload switch
        {
            RunCreated created => created.Agent?.Limits is { BudgetMicros: { } micros } limits
                ? new RunBudget(micros, limits.BudgetCurrency, limits.OnBudget ?? OnBudget.Stop)
                : null,
            BudgetReached reached when budget is not null => budget with { ReachedAt = runEvent.At, Timeout = reached.Timeout },
            BudgetRaised { BudgetMicros: { } raised } when budget is not null => budget with
            {
                LimitMicros = Math.Clamp(raised, 0, Money.MaxMicros),
                ReachedAt = null,
                Timeout = null,
            },
            _ => budget,
        };
    }
}
