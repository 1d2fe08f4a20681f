namespace Copilot.Domain.Costs;

/// <summary>
/// What models cost. Bound from <c>Prices</c>. Empty by default: prices change, so the operator sets them. A model without a price has an
/// unknown cost, not a cost of zero.
/// </summary>
public sealed class PriceOptions
{
    /// <summary>The currency of every price, as three letters (<c>EUR</c>). Needed as soon as there is a price.</summary>
    public string? Currency { get; set; }

    /// <summary>The prices, one per model or family of models.</summary>
    public IList<ModelPriceOptions> Models { get; } = [];
}
