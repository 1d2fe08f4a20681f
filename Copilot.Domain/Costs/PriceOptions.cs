using System.ComponentModel.DataAnnotations;
using Copilot.Domain.Settings;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Costs;

/// <summary>
/// What models cost. Bound from <c>Prices</c>. Empty by default: prices change, so the operator sets them. A model without a price has an
/// unknown cost, not a cost of zero.
/// </summary>
public sealed class PriceOptions : IValidatableObject
{
    private const string CurrencyForm = "the three letters of the prices' currency, like EUR";

    /// <summary>The currency of every price, as three letters (<c>EUR</c>). Needed as soon as there is a price. Default: none.</summary>
    [Matches("[A-Z]{3}", CurrencyForm)]
    public string? Currency { get; set; }

    /// <summary>The prices, one per model or family of models. Default: none; with the demo upstream invented ones.</summary>
    [ValidateEnumeratedItems]
    public IList<ModelPriceOptions> Models { get; } = [];

    /// <inheritdoc/>
    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        var section = SettingText.SectionOf(validationContext);
        if (Models.Count > 0 && Currency is null)
        {
            yield return new ValidationResult(SettingText.Missing($"{section}:{nameof(Currency)}", CurrencyForm));
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var index = 0; index < Models.Count; index++)
        {
            if (!string.IsNullOrWhiteSpace(Models[index].Model) && !seen.Add(Models[index].Model))
            {
                yield return new ValidationResult(
                    $"{section}:{nameof(Models)}:{index}:Model is '{Models[index].Model}', which has a price already. Set each model once.");
            }
        }
    }
}
