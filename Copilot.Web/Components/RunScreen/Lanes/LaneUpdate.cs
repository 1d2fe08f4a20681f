namespace Copilot.Web.Components.RunScreen.Lanes;

/// <summary>What the script that draws the lanes is told. Times are milliseconds from the run's beginning; null means unchanged.</summary>
internal sealed record LaneUpdate
{
    /// <summary>The server's clock.</summary>
    public required double Now { get; init; }

    /// <summary>When the run ended; null while it has not.</summary>
    public double? End { get; init; }

    /// <summary>Whether what is open grows with the clock.</summary>
    public required bool Grows { get; init; }

    /// <summary>Bars that are new or have changed: id, lane, row, label, outcome, beginning, seq, and the parts with their ends.</summary>
    public required IReadOnlyList<object?[]> Bars { get; init; }

    /// <summary>All marks: kind, moment, seq.</summary>
    public IReadOnlyList<double[]>? Marks { get; init; }

    /// <summary>All idle stretches: from, to.</summary>
    public IReadOnlyList<double[]>? Idle { get; init; }

    /// <summary>Since when the run only waits; null while it does not.</summary>
    public double? IdleSince { get; init; }

    /// <summary>Length of a stretch of the overview.</summary>
    public double Width { get; init; }

    /// <summary>How many events each stretch has, from <see cref="CountsFrom"/> on; those before it are as they were.</summary>
    public IReadOnlyList<long>? Counts { get; init; }

    /// <summary>Place of the first stretch that has changed.</summary>
    public int CountsFrom { get; init; }
}
