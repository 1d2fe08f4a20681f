using System.Text.Json.Serialization;
using Copilot.Domain.Costs;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs.Events.Payloads;

/// <summary>What was paid for.</summary>
public enum CostSubject
{
    /// <summary>A response of the run.</summary>
    Response,

    /// <summary>A call that made the conversation shorter.</summary>
    Compaction,

    /// <summary>What the upstream read before the run began.</summary>
    WarmUp,
}

/// <summary>
/// <c>cost.recorded</c>, by the agent, right after what was paid for: with the prices that counted then, so that a later change of
/// prices changes no past run. Amounts are millionths of the currency's unit.
/// </summary>
/// <param name="Of">What was paid for.</param>
/// <param name="ResponseId">The upstream's id of it; null for a compaction.</param>
/// <param name="Model">The model that answered, or the one that was asked for.</param>
/// <param name="Currency">The currency of the prices.</param>
/// <param name="AmountMicros">What it cost; null where the model had no price.</param>
/// <param name="Prices">The prices per million tokens that counted; null where the model had none.</param>
/// <param name="NextAtLeastMicros">The least that the next response costs; null where the model had no price.</param>
/// <param name="Usage">Tokens that were paid.</param>
public sealed record CostRecorded(
    CostSubject? Of,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ResponseId,
    string? Model,
    string? Currency,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? AmountMicros,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] ModelPrice? Prices,
    long? NextAtLeastMicros,
    ResponseUsage? Usage) : RunEventPayload;

/// <summary>
/// <c>budget.reached</c>, by the agent, committed before the run ends or waits because of it. Amounts are millionths of the currency's
/// unit.
/// </summary>
/// <param name="SpentMicros">What the run has cost.</param>
/// <param name="BudgetMicros">What it may cost.</param>
/// <param name="NextAtLeastMicros">The least that the next response would cost.</param>
/// <param name="Currency">The budget's currency; null where no prices were configured.</param>
/// <param name="Then">What follows.</param>
/// <param name="Timeout">How long a person has to raise the budget; null where nobody is asked.</param>
public sealed record BudgetReached(
    long? SpentMicros,
    long? BudgetMicros,
    long? NextAtLeastMicros,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Currency,
    OnBudget? Then,
    [property: JsonPropertyName("timeout_ms")] TimeSpan? Timeout) : RunEventPayload;

/// <summary><c>budget.raised</c>, by the person who allowed more. Amounts are millionths of the currency's unit.</summary>
/// <param name="ByMicros">How much more.</param>
/// <param name="BudgetMicros">What the run may cost from here on.</param>
/// <param name="Currency">The budget's currency; null where no prices were configured.</param>
public sealed record BudgetRaised(
    long? ByMicros,
    long? BudgetMicros,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Currency) : RunEventPayload
{
    /// <summary>Why; null where no reason was given.</summary>
    public string? Reason { get; init; }
}
