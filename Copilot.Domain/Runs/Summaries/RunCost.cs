using System.Text.Json.Serialization;

namespace Copilot.Domain.Runs.Summaries;

/// <summary>What a run has cost so far, as its events say (<see cref="RunCostFold"/>). Amounts are micro-units of the currency.</summary>
public sealed record RunCost
{
    /// <summary>Nothing was asked of the upstream yet.</summary>
    public static RunCost Zero { get; } = new();

    /// <summary>What the log of a run says that was written before costs were recorded.</summary>
    public static RunCost Unrecorded { get; } = new() { Unpriced = 1 };

    /// <summary>The amounts that are known, added up.</summary>
    public long Micros { get; init; }

    /// <summary>Their currency; null while there was no price table.</summary>
    public string? Currency { get; init; }

    /// <summary>How many responses have a known cost.</summary>
    public int Priced { get; init; }

    /// <summary>How many responses reported their usage and have no known cost: no price for the model, or none in this currency.</summary>
    public int Unpriced { get; init; }

    /// <summary>How many requests may have cost something and never reported their usage: they were cut.</summary>
    public int Cut { get; init; }

    /// <summary>The least that the next response costs, as the newest one tells; 0 where nothing is known.</summary>
    public long NextAtLeastMicros { get; init; }

    /// <summary>Where the newest request is.</summary>
    public CostedRequest Request { get; init; }

    /// <summary>How many costs are not known.</summary>
    [JsonIgnore]
    public int Gaps => Unpriced + Cut;

    /// <summary>True when something was paid and the amount is unknown: shown as "unknown", never as 0.</summary>
    [JsonIgnore]
    public bool IsUnknown => Priced == 0 && Gaps > 0;

    /// <summary>True when the amount is only what is known of it: shown as "at least".</summary>
    [JsonIgnore]
    public bool IsPartial => Priced > 0 && Gaps > 0;
}
