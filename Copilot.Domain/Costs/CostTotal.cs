namespace Copilot.Domain.Costs;

/// <summary>A sum of costs in one currency.</summary>
/// <param name="Currency">The currency; null where no amount is known at all.</param>
/// <param name="Micros">The known amounts, in micro-units.</param>
/// <param name="Gaps">Number of unknown costs.</param>
public sealed record CostTotal(string? Currency, long Micros, int Gaps)
{
    /// <summary>True when there were costs, all of them unknown.</summary>
    public bool IsUnknown => Micros == 0 && Gaps > 0;

    /// <summary>True when the amount is incomplete.</summary>
    public bool IsPartial => Micros > 0 && Gaps > 0;

    /// <summary>
    /// One total per currency, largest first: costs in different currencies are not added up. An unknown cost may be in any of them, so
    /// each total carries all gaps. Empty when there were no costs.
    /// </summary>
    public static IReadOnlyList<CostTotal> Of(IEnumerable<CostTotal> costs)
    {
        var all = costs.ToArray();
        var gaps = all.Sum(cost => cost.Gaps);
        var totals = all.Where(cost => cost.Currency is not null)
            .GroupBy(cost => cost.Currency, StringComparer.Ordinal)
            .Select(group => new CostTotal(group.Key, group.Aggregate(0L, (sum, cost) => Money.Add(sum, cost.Micros)), gaps))
            .OrderByDescending(total => total.Micros)
            .ThenBy(total => total.Currency, StringComparer.Ordinal)
            .ToArray();
        return totals.Length > 0 ? totals : gaps > 0 ? [new CostTotal(null, 0, gaps)] : [];
    }
}
