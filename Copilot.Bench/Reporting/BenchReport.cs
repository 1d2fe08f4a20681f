using System.Text.Json.Serialization;

namespace Copilot.Bench.Reporting;

/// <summary>What one bench measured.</summary>
internal sealed record BenchReport
{
    /// <summary>The name on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>Machine and circumstances, one per line.</summary>
    public required IReadOnlyList<string> Conditions { get; init; }

    /// <summary>The figures that are asserted, each with its target.</summary>
    public required IReadOnlyList<Figure> Figures { get; init; }

    /// <summary>The rest.</summary>
    public required IReadOnlyList<Table> Tables { get; init; }

    /// <summary>Single figures that other pages of the documentation quote, by the name of their mark.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string> Cells { get; init; } = new Dictionary<string, string>();

    /// <summary>Pictures for the documentation.</summary>
    [JsonIgnore]
    public IReadOnlyList<Plot> Plots { get; init; } = [];
}

/// <summary>One figure with the target it has to meet.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Unit">Its unit; "×" for a ratio.</param>
/// <param name="Value">The repetitions.</param>
/// <param name="Bound">Which side of the target passes.</param>
/// <param name="Target">The target for the median.</param>
/// <param name="Format">Format with the significant digits.</param>
internal sealed record Figure(string Name, string Unit, Spread Value, Bound Bound, double Target, string Format)
{
    /// <summary>True when the median meets the target.</summary>
    public bool IsMet => Bound is Bound.AtMost ? Value.Median <= Target : Value.Median >= Target;
}

/// <summary>The passing side of a target.</summary>
internal enum Bound
{
    AtMost,
    AtLeast,
}

/// <summary>Rows under headers; the first column is text, the others are numbers.</summary>
internal sealed record Table(string Title, IReadOnlyList<string> Headers, IReadOnlyList<IReadOnlyList<string>> Rows);

/// <summary>An SVG picture, by the name of its file.</summary>
internal sealed record Plot(string File, string Description, string Svg);
