using Microsoft.Extensions.Options;

namespace Copilot.Domain.Costs;

/// <summary>Prices by model. Read once: changed settings apply from the next start.</summary>
public sealed class PriceTable
{
    private const string Star = "*";

    private readonly Dictionary<string, ModelPrice> _exact = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(string Beginning, ModelPrice Price)> _families = [];

    /// <summary>The table of the settings.</summary>
    public PriceTable(IOptions<PriceOptions> options)
    {
        Currency = options.Value.Models.Count > 0 ? options.Value.Currency : null;
        foreach (var model in options.Value.Models)
        {
            var (input, output) = (model.Input ?? 0, model.Output ?? 0);
            var price = new ModelPrice(model.Model, input, model.Cached ?? input, output, model.Reasoning ?? output) { CacheWrite = model.CacheWrite };
            if (model.Model.EndsWith(Star, StringComparison.Ordinal))
            {
                _families.Add((model.Model[..^1], price));
            }
            else
            {
                _exact.TryAdd(model.Model, price);
            }
        }

        _families.Sort((left, right) => right.Beginning.Length.CompareTo(left.Beginning.Length));
    }

    /// <summary>The currency of all prices; null when there is no price at all.</summary>
    public string? Currency { get; }

    /// <summary>True when no model has a price: costs are then unknown and not recorded.</summary>
    public bool IsEmpty => Currency is null;

    /// <summary>The price of the first of these models that has one, or null. Null names are skipped.</summary>
    public ModelPrice? Find(params ReadOnlySpan<string?> models)
    {
        foreach (var model in models)
        {
            if (model is not null && FindOne(model) is { } price)
            {
                return price;
            }
        }

        return null;
    }

    private ModelPrice? FindOne(string model)
    {
        if (_exact.TryGetValue(model, out var exact))
        {
            return exact;
        }

        foreach (var (beginning, price) in _families)
        {
            if (model.StartsWith(beginning, StringComparison.OrdinalIgnoreCase))
            {
                return price;
            }
        }

        return null;
    }
}
