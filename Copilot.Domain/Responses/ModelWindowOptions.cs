using System.ComponentModel.DataAnnotations;
using Copilot.Domain.Settings;

namespace Copilot.Domain.Responses;

/// <summary>How much one model, or one family of models, can hold.</summary>
public sealed class ModelWindowOptions
{
    /// <summary>
    /// The model's name, or the beginning of names with a star at its end (<c>gpt-5.6*</c>). The exact name wins, then the longest
    /// beginning. Default: none.
    /// </summary>
    [Matches(@"[^*]*[^*\s][^*]*\*?|\*", "a model's name, or the beginning of names with one star at its end")]
    public string Model { get; set; } = "";

    /// <summary>Tokens of its context, input and output together. Default: none.</summary>
    [Needed("the tokens that the model's context holds")]
    [AtLeast(1)]
    public int? Tokens { get; set; }
}
