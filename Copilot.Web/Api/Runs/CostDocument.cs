using Copilot.Domain.Costs;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Web.Api.Runs;

/// <summary>A cost as the API answers it.</summary>
/// <param name="Amount">In units of the currency; null where it is not known.</param>
/// <param name="Currency">Three letters; null where no prices are set.</param>
/// <param name="Partial">True when there was more that is not known: at least so much.</param>
internal sealed record CostDocument(decimal? Amount, string? Currency, bool Partial)
{
    /// <summary>A run's.</summary>
    public static CostDocument From(RunCost cost) =>
        new(cost.IsUnknown ? null : Money.ToUnits(cost.Micros), cost.Currency, cost.IsPartial);

    /// <summary>A sum's.</summary>
    public static CostDocument From(CostTotal total) =>
        new(total.IsUnknown ? null : Money.ToUnits(total.Micros), total.Currency, total.IsPartial);
}

/// <summary>What a run may cost.</summary>
internal sealed record BudgetDocument(decimal Amount, string? Currency);

/// <summary>A conversation as the API answers it. Fields may be added, never changed.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Title">What it is called.</param>
/// <param name="CreatedAt">When its first run was created.</param>
/// <param name="UpdatedAt">When a run of it was created, started or settled last.</param>
/// <param name="Costs">What all its runs have cost, on every branch: one sum per currency.</param>
internal sealed record SessionDocument(
    string SessionId, string Title, string CreatedAt, string UpdatedAt, IReadOnlyList<CostDocument> Costs);
