using Microsoft.Extensions.Options;

namespace Copilot.Domain.Responses;

/// <summary>How many tokens the models' contexts hold: as set, else what is known of their families.</summary>
public sealed class ContextWindows(IOptions<UpstreamOptions> options)
{
    /// <summary>How full a context may be before a conversation that is sent whole is compacted first: a tenth stays free for the answer.</summary>
    internal const double Usable = 0.9;

    private const string Star = "*";

    private static readonly (string Beginning, int Tokens)[] s_families =
    [
        ("gpt-5", 400_000), ("gpt-4.1", 1_047_576), ("gpt-4o", 128_000), ("o4-mini", 200_000), ("o3", 200_000), ("o1", 200_000),
    ];

    /// <summary>Tokens that the model's context holds; null where that is not known.</summary>
    /// <param name="model">Its name; empty for <see cref="UpstreamOptions.Model"/>.</param>
    public int? Of(string model)
    {
        var name = model.Length == 0 ? options.Value.Model : model;
        return Configured(name) ?? options.Value.ContextTokens ?? Known(name);
    }

    /// <summary>
    /// Tokens above which a conversation is compacted before the upstream refuses it: by the upstream, or by us where it is sent whole.
    /// Null where nobody does.
    /// </summary>
    public int? CompactsAt => options.Value.CompactThreshold
        ?? (options.Value.ContextTokens is { } window ? (int)(window * Usable) : null);

    private int? Configured(string name)
    {
        ModelWindowOptions? best = null;
        foreach (var one in options.Value.ContextWindows)
        {
            if (one.Model.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return one.Tokens;
            }

            if (one.Model.EndsWith(Star, StringComparison.Ordinal)
                && name.StartsWith(one.Model[..^1], StringComparison.OrdinalIgnoreCase)
                && one.Model.Length > (best?.Model.Length ?? 0))
            {
                best = one;
            }
        }

        return best?.Tokens;
    }

    private static int? Known(string name)
    {
        foreach (var (beginning, tokens) in s_families)
        {
            if (name.StartsWith(beginning, StringComparison.OrdinalIgnoreCase))
            {
                return tokens;
            }
        }

        return null;
    }
}
