using System.Globalization;

namespace Copilot.Bench.Reporting;

/// <summary>Repetitions of one figure: their median and range.</summary>
/// <param name="Median">The middle one.</param>
/// <param name="Lowest">The smallest one.</param>
/// <param name="Highest">The largest one.</param>
/// <param name="Count">How many there were.</param>
internal sealed record Spread(double Median, double Lowest, double Highest, int Count)
{
    /// <summary>Of at least one value.</summary>
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return new Spread(Quantile(sorted, 0.5), sorted[0], sorted[^1], sorted.Length);
    }

    /// <summary>For short repetitions: neighbours form a group, and the spread is of the groups' medians.</summary>
    public static Spread OfGroups(IEnumerable<double> values, int size) => Of(values.Chunk(size).Select(group => Of(group).Median));

    /// <summary>The value at this quantile of the sorted values.</summary>
    public static double Quantile(IReadOnlyList<double> sorted, double share)
    {
        var place = share * (sorted.Count - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (place - below));
    }

    /// <summary>Median, with lowest and highest in brackets.</summary>
    public string Show(string format) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Median.ToString(format, CultureInfo.InvariantCulture)} ({Lowest.ToString(format, CultureInfo.InvariantCulture)}–{Highest.ToString(format, CultureInfo.InvariantCulture)})");
}
