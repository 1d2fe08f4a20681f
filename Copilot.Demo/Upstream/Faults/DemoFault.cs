namespace Copilot.Demo.Upstream.Faults;

/// <summary>A request to inject a fault: which one, how often, and where in the response.</summary>
public sealed record DemoFault
{
    private const int MaxSeconds = 86_400;

    /// <summary>The name of the fault, like <c>cut_text</c>; <see cref="DemoFaultCatalog"/> has them all. Default: none.</summary>
    public required string Fault { get; init; }

    /// <summary>Share of the requests (or upgrades) that meet it, 0 to 1. Default: 1, all.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>How many times in a row it strikes before the order is used up. Default: until it is cleared.</summary>
    public int? Times { get; init; }

    /// <summary>How many requests (or upgrades) go well before the first that meets it. Default: 0.</summary>
    public int Skip { get; init; }

    /// <summary>After how many events, or deltas where the fault counts those, it strikes. Default: the fault's own.</summary>
    public int? At { get; init; }

    /// <summary>Seconds of its pause or of the delay it tells. Default: the fault's own.</summary>
    public double? Seconds { get; init; }

    /// <summary>Only over <c>websocket</c> or only over <c>http</c>. Default: over both, where the fault can happen on both.</summary>
    public string? Over { get; init; }

    /// <summary>The error in this request, in a sentence, or null.</summary>
    internal string? FindError()
    {
        if (DemoFaultCatalog.Find(Fault) is null)
        {
            return $"The demo upstream has no fault '{Fault}'.";
        }

        return Probability is >= 0 and <= 1
            && (Times is null or >= 0)
            && Skip >= 0
            && (At is null or >= 0)
            && (Seconds is null or (>= 0 and <= MaxSeconds))
            && (Over is null or "websocket" or "http")
            ? null
            : $"The order of the fault '{Fault}' has a value out of its range.";
    }
}
