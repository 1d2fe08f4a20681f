using System.Globalization;
using Copilot.Domain.Costs;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Items;

namespace Copilot.Web.Components.Timeline.Shared;

/// <summary>How a cost is shown: an amount, at least an amount, or unknown.</summary>
internal static class CostText
{
    public const string Unknown = "cost unknown";

    /// <summary>A run's cost; empty where it has asked nothing.</summary>
    public static string Of(RunCost cost) => cost.IsUnknown ? Unknown
        : cost.Priced == 0 ? ""
        : Of(cost.Micros, cost.Currency, cost.IsPartial);

    /// <summary>A response's cost.</summary>
    public static string Of(ResponseCost cost) => cost.Micros is { } micros ? Of(micros, cost.Currency, isPartial: false) : Unknown;

    /// <summary>A conversation's cost; empty where nothing was asked in it.</summary>
    public static string Of(IReadOnlyList<CostTotal> totals) => totals.Count == 0 ? ""
        : totals.All(total => total.IsUnknown) ? Unknown
        : (totals.Any(total => total.IsPartial) ? "at least " : "")
            + string.Join(" + ", totals.Where(total => !total.IsUnknown).Select(total => Money.Format(total.Micros, total.Currency)));

    /// <summary>A run's cost as people read it: whole cents.</summary>
    public static string Rounded(RunCost cost) => cost.IsUnknown ? Unknown
        : cost.Priced == 0 ? ""
        : Rounded(cost.Micros, cost.Currency, cost.IsPartial);

    /// <summary>An amount as people read it.</summary>
    public static string Rounded(long micros, string? currency, bool isPartial) => (isPartial ? "at least " : "") + Rounded(micros, currency);

    /// <summary>An amount in full.</summary>
    public static string Of(long micros, string? currency, bool isPartial) => (isPartial ? "at least " : "") + Money.Format(micros, currency);

    /// <summary>A conversation's cost as people read it.</summary>
    public static string Rounded(IReadOnlyList<CostTotal> totals) => totals.Count == 0 ? ""
        : totals.All(total => total.IsUnknown) ? Unknown
        : (totals.Any(total => total.IsPartial) ? "at least " : "")
            + string.Join(" + ", totals.Where(total => !total.IsUnknown).Select(total => Rounded(total.Micros, total.Currency)));

    private static string Rounded(long micros, string? currency)
    {
        const long Cent = 10_000;
        var amount = micros is > 0 and < Cent ? "< 0.01" : Money.ToUnits(micros).ToString("#,##0.00", CultureInfo.InvariantCulture);
        return currency is null ? amount : $"{amount} {currency}";
    }
}
