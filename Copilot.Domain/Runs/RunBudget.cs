using System.Text.Json;
using Copilot.Domain.Costs;

namespace Copilot.Domain.Runs;

/// <summary>What happens when a run has used up its budget.</summary>
public enum OnBudget
{
    /// <summary>It ends as failed (<c>budget_exceeded</c>).</summary>
    Stop,

    /// <summary>It waits for a person who raises the budget or stops it.</summary>
    Ask,
}

/// <summary>What a run may cost, as its events say. Amounts are micro-units.</summary>
/// <param name="LimitMicros">The budget, as it was set or raised last.</param>
/// <param name="Currency">Its currency.</param>
/// <param name="Then">What happens when it is used up.</param>
public sealed record RunBudget(long LimitMicros, string? Currency, OnBudget Then)
{
    /// <summary>When it was used up; null before, and again after it was raised.</summary>
    public DateTimeOffset? ReachedAt { get; init; }

    /// <summary>How long a person has since then to raise it; null where nobody is asked.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What is left after this cost; below 0 where it was exceeded.</summary>
    public long LeftAfter(RunCost cost) => LimitMicros - cost.Micros;

    /// <summary>True when nothing more may be asked of the upstream: all is spent, or the next response would clearly cost more than is left.</summary>
    public bool IsUsedUp(RunCost cost) => LeftAfter(cost) <= 0 || cost.NextAtLeastMicros > LeftAfter(cost);
}

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

    /// <summary>The limits of <c>run.created</c>, of which old runs have none.</summary>
    internal static (long? Micros, string? Currency, OnBudget Then) Read(JsonElement limits) =>
        limits.ValueKind is JsonValueKind.Object
        && limits.TryGetProperty("budget_micros", out var micros)
        && micros.ValueKind is JsonValueKind.Number
        && micros.TryGetInt64(out var amount)
            ? (amount, String(limits, "budget_currency"), String(limits, "on_budget") == "ask" ? OnBudget.Ask : OnBudget.Stop)
            : (null, null, OnBudget.Stop);

    private static RunBudget? Created(RunEvent created)
    {
        using var data = created.ParseData();
        return data is { RootElement: { ValueKind: JsonValueKind.Object } root }
            && root.TryGetProperty("agent", out var agent) && agent.ValueKind is JsonValueKind.Object
            && agent.TryGetProperty("limits", out var limits)
            && Read(limits) is { Micros: { } micros } read
                ? new RunBudget(micros, read.Currency, read.Then)
                : null;
    }

    private static string? String(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
