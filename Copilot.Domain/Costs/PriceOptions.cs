namespace Copilot.Domain.Costs;

/// <summary>
/// What models cost. Bound from <c>Prices</c>. Empty by default: prices change and are the operator's to know. A model without a
/// price has an unknown cost, never none.
/// </summary>
public sealed class PriceOptions
{
    /// <summary>The currency of every price, as three letters (<c>EUR</c>). Needed as soon as there is a price.</summary>
    public string? Currency { get; set; }

    /// <summary>The prices, one per model or family of models.</summary>
    public IList<ModelPriceOptions> Models { get; } = [];
}

/// <summary>The prices of one model, in units of <see cref="PriceOptions.Currency"/> per million tokens.</summary>
public sealed class ModelPriceOptions
{
    /// <summary>The model's name, or the beginning of names with a star at its end (<c>gpt-5.6*</c>). The exact name wins, then the longest beginning.</summary>
    public string Model { get; set; } = "";

    /// <summary>Input tokens that were not cached.</summary>
    public decimal Input { get; set; }

    /// <summary>Cached input tokens. Null: as dear as others.</summary>
    public decimal? Cached { get; set; }

    /// <summary>Output tokens that are not reasoning.</summary>
    public decimal Output { get; set; }

    /// <summary>Reasoning tokens. Null: as dear as other output.</summary>
    public decimal? Reasoning { get; set; }
}
