namespace Copilot.Domain.Costs;

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
