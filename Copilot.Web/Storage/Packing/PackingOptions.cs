using Copilot.Domain.Settings;

namespace Copilot.Web.Storage.Packing;

/// <summary>How the events of runs that have ended are packed, so that they need a fraction of the room. Bound from <c>Packing</c>.</summary>
internal sealed class PackingOptions
{
    /// <summary>Off leaves every event in a row of its own. What is packed stays packed. Default: on.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// How long after its end a run is packed. Shorter needs less room; longer makes what people still look at a little cheaper to read.
    /// Default: 1 h.
    /// </summary>
    [Duration("365.00:00:00")]
    public TimeSpan After { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often runs to pack are looked for. Default: 1 min.</summary>
    [Duration]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Events that are packed together, in one transaction. More need less room; fewer keep other writers waiting less and make a single event
    /// cheaper to read. Default: 1000.
    /// </summary>
    [Between(1, 10_000)]
    public int SegmentEvents { get; set; } = 1_000;

    /// <summary>Pause after each transaction, in which others write. Longer takes more time for a long past. Default: 50 ms.</summary>
    [Duration("00:01:00")]
    public TimeSpan Pause { get; set; } = TimeSpan.FromMilliseconds(50);
}
