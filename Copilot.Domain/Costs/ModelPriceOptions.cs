using System.ComponentModel.DataAnnotations;
using Copilot.Domain.Settings;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Costs;

/// <summary>The prices of one model, in units of <see cref="PriceOptions.Currency"/> per million tokens.</summary>
public sealed class ModelPriceOptions
{
    // A million units is not a price but a slip.
    private const double MaxPrice = 1_000_000;
    private const string PriceForm = "what a million tokens cost";

    /// <summary>
    /// The model's name, or the beginning of names with a star at its end (<c>gpt-5.6*</c>). The exact name wins, then the longest
    /// beginning; the model that answered counts, else the one that was asked for. Default: none.
    /// </summary>
    [Matches(@"[^*]*[^*\s][^*]*\*?|\*", "a model's name, or the beginning of names with one star at its end")]
    public string Model { get; set; } = "";

    /// <summary>What a million input tokens cost that were not cached. Needed: left out, they would be free. Default: none.</summary>
    [Needed(PriceForm)]
    [Between(0, MaxPrice)]
    public decimal? Input { get; set; }

    /// <summary>What a million cached input tokens cost. Default: as <see cref="Input"/>.</summary>
    [Between(0, MaxPrice)]
    public decimal? Cached { get; set; }

    /// <summary>What a million input tokens cost that are written into the upstream's cache. Default: as <see cref="Input"/>.</summary>
    [Between(0, MaxPrice)]
    public decimal? CacheWrite { get; set; }

    /// <summary>What a million output tokens cost that are not reasoning. Needed: left out, they would be free. Default: none.</summary>
    [Needed(PriceForm)]
    [Between(0, MaxPrice)]
    public decimal? Output { get; set; }

    /// <summary>What a million reasoning tokens cost. Default: as <see cref="Output"/>.</summary>
    [Between(0, MaxPrice)]
    public decimal? Reasoning { get; set; }
}
