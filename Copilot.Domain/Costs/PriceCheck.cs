namespace Copilot.Domain.Costs;

/// <summary>Validates a price table, so that a failed start lists all errors at once.</summary>
public static class PriceCheck
{
    /// <summary>Largest price per million tokens. More is taken for a typing error.</summary>
    public const decimal MaxPrice = 1_000_000m;

    /// <summary>The errors, one or two sentences each; empty for a valid table.</summary>
    /// <param name="options">The table.</param>
    /// <param name="section">Name of the settings section, as people write it.</param>
    public static IReadOnlyList<string> ErrorsOf(PriceOptions options, string section)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new List<string>();
        if (options.Models.Count > 0 && !IsCurrency(options.Currency))
        {
            errors.Add(
                $"{section}:Currency is '{options.Currency}'. Set it to the three letters of the prices' currency, like EUR ({section}__Currency in the environment).");
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var index = 0; index < options.Models.Count; index++)
        {
            Check(options.Models[index], $"{section}:Models:{index}", seen, errors);
        }

        return errors;
    }

    private static void Check(ModelPriceOptions model, string setting, HashSet<string> seen, List<string> errors)
    {
        var name = model.Model;
        var star = name.IndexOf('*', StringComparison.Ordinal);
        if (string.IsNullOrWhiteSpace(name) || (star >= 0 && star != name.Length - 1))
        {
            errors.Add($"{setting}:Model is '{name}'. Set it to a model's name, or to the beginning of names with one star at its end.");
        }
        else if (!seen.Add(name))
        {
            errors.Add($"{setting}:Model is '{name}', which has a price already. Set each model once.");
        }

        CheckPrice(model.Input, setting + ":Input", errors);
        CheckPrice(model.Cached, setting + ":Cached", errors);
        CheckPrice(model.Output, setting + ":Output", errors);
        CheckPrice(model.Reasoning, setting + ":Reasoning", errors);
    }

    private static void CheckPrice(decimal? price, string setting, List<string> errors)
    {
        if (price is < 0 or > MaxPrice)
        {
            errors.Add(FormattableString.Invariant($"{setting} is {price}. Set it to what a million tokens cost: from 0 to {MaxPrice:N0}."));
        }
    }

    private static bool IsCurrency(string? currency) => currency is { Length: 3 } && currency.All(char.IsAsciiLetterUpper);
}
