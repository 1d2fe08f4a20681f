using System.Text.Json;
using Copilot.Domain.Costs;
using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Runs.Summaries;

/// <summary>Folds a run's events into its <see cref="RunBudget"/>: pure and total. A run from before budgets has none.</summary>
public static class RunBudgetFold
{
    /// <summary>The budget after one more event; null where there is none.</summary>
    public static RunBudget? Apply(RunBudget? budget, RunEvent runEvent)
    {
        ArgumentNullException.ThrowIfNull(runEvent);
        return runEvent.Type switch
        {
            RunEventTypes.RunCreated => Created(runEvent),
            RunEventTypes.BudgetReached when budget is not null => budget with
            {
                ReachedAt = runEvent.At,
                Timeout = runEvent.Number("timeout_ms") is { } milliseconds and >= 0 ? TimeSpan.FromMilliseconds(milliseconds) : null,
            },
            RunEventTypes.BudgetRaised when budget is not null && runEvent.Number("budget_micros") is { } raised => budget with
            {
                LimitMicros = Math.Clamp(raised, 0, Money.MaxMicros),
                ReachedAt = null,
                Timeout = null,
            },
            _ => budget,
        };
    }

    private static RunBudget? Created(RunEvent created)
    {
        using var data = created.ParseData();
        return data is { RootElement: { ValueKind: JsonValueKind.Object } root }
            && root.TryGetProperty("agent", out var agent) && agent.ValueKind is JsonValueKind.Object
            && agent.TryGetProperty("limits", out var limits)
            && RunCreation.ReadBudget(limits) is { Micros: { } micros } read
                ? new RunBudget(micros, read.Currency, read.Then)
                : null;
    }
}
