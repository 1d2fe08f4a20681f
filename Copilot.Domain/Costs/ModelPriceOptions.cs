namespace Copilot.Domain.Costs;

/// <summary>The prices of one model, in units of <see cref="PriceOptions.Currency"/> per million tokens.</summary>
public sealed class ModelPriceOptions
{
    /// <summary>The model's name, or a prefix followed by a star (<c>gpt-5.6*</c>). The exact name wins, then the longest prefix.</summary>
    public string Model { get; set; } = "";

    /// <summary>Input tokens that were not cached.</summary>
    public decimal Input { get; set; }

    /// <summary>Cached input tokens. Null: same price as other input.</summary>
    public decimal? Cached { get; set; }

    /// <summary>Output tokens that are not reasoning.</summary>
    public decimal Output { get; set; }

    /// <summary>Reasoning tokens. Null: same price as other output.</summary>
    public decimal? Reasoning { get; set; }
}
