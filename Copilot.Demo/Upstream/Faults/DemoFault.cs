using System.Reflection;
using Copilot.Domain.Settings;

namespace Copilot.Demo.Upstream.Faults;

/// <summary>A request to inject a fault: which one, how often, and where in the response.</summary>
public sealed record DemoFault
{
    private const int MaxSeconds = 86_400;

    private static readonly (PropertyInfo Property, SettingAttribute Rule)[] s_ranges =
    [
        .. typeof(DemoFault).GetProperties()
            .Where(property => property.Name != nameof(Fault))
            .Select(property => (property, property.GetCustomAttribute<SettingAttribute>()))
            .Where(range => range.Item2 is not null)
            .Select(range => (range.property, range.Item2!)),
    ];

    /// <summary>The name of the fault, like <c>cut_text</c>; <see cref="DemoFaultCatalog"/> has them all. Default: none.</summary>
    [Needed(KnownFaultAttribute.Form)]
    [KnownFault]
    public required string Fault { get; init; }

    /// <summary>Share of the requests (or upgrades) that meet it, 0 to 1. Default: 1, all.</summary>
    [Between(0, 1)]
    public double Probability { get; init; } = 1;

    /// <summary>How many times in a row it strikes before the order is used up. Default: until it is cleared.</summary>
    [AtLeast(0)]
    public int? Times { get; init; }

    /// <summary>How many requests (or upgrades) go well before the first that meets it. Default: 0.</summary>
    [AtLeast(0)]
    public int Skip { get; init; }

    /// <summary>After how many events, or deltas where the fault counts those, it strikes. Default: the fault's own.</summary>
    [AtLeast(0)]
    public int? At { get; init; }

    /// <summary>Seconds of its pause or of the delay it tells. Default: the fault's own.</summary>
    [Between(0, MaxSeconds)]
    public double? Seconds { get; init; }

    /// <summary>Only over <c>websocket</c> or only over <c>http</c>. Default: over both, where the fault can happen on both.</summary>
    [OneOf("websocket", "http")]
    public string? Over { get; init; }

    /// <summary>The error in this request, in a sentence, or null.</summary>
    internal string? FindError()
    {
        if (DemoFaultCatalog.Find(Fault) is null)
        {
            return $"The demo upstream has no fault '{Fault}'.";
        }

        foreach (var (property, rule) in s_ranges)
        {
            if (property.GetValue(this) is { } value && !rule.IsValid(value))
            {
                return $"The order of the fault '{Fault}' has a value out of its range: {property.Name} is {SettingText.Show(value)}. Set it to {rule.Expected}.";
            }
        }

        return null;
    }
}
