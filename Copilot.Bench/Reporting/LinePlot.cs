using System.Globalization;
using System.Text;

namespace Copilot.Bench.Reporting;

/// <summary>Draws a small line chart as SVG.</summary>
internal static class LinePlot
{
    private const double Width = 640;
    private const double Height = 320;
    private const double Left = 56;
    private const double Right = 130;
    private const double Top = 36;
    private const double Bottom = 44;

    // Distinguishable for people with colour blindness.
    private static readonly string[] s_colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#5c5c5c"];

    /// <param name="title">Above the chart.</param>
    /// <param name="across">What the horizontal axis counts.</param>
    /// <param name="lines">Points of each line, in order of their horizontal place.</param>
    public static string Draw(string title, string across, IReadOnlyList<(string Name, IReadOnlyList<(double X, double Y)> Points)> lines)
    {
        var points = lines.SelectMany(line => line.Points).ToArray();
        var (lowest, highest) = (Math.Min(0, points.Min(point => point.Y)), Math.Max(0, points.Max(point => point.Y)));
        var step = Step(highest - lowest);
        (lowest, highest) = (Math.Floor(lowest / step) * step, Math.Ceiling(highest / step) * step);
        var farthest = points.Max(point => point.X);
        var svg = new StringBuilder();
        Add(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="system-ui, sans-serif" font-size="12" fill="#333">""");
        Add(svg, $"""<rect width="{Width}" height="{Height}" fill="#fff"/><text x="{Left}" y="20" font-size="14">{title}</text>""");
        for (var y = lowest; y <= highest + (step / 2); y += step)
        {
            Add(svg, $"""<line x1="{Left}" x2="{Width - Right}" y1="{Y(y):0.0}" y2="{Y(y):0.0}" stroke="{(Math.Abs(y) < step / 2 ? "#888" : "#ddd")}"/><text x="{Left - 8}" y="{Y(y) + 4:0.0}" text-anchor="end">{y:#,0.##}</text>""");
        }

        var wide = Step(farthest);
        for (var x = 0.0; x <= farthest; x += wide)
        {
            Add(svg, $"""<text x="{X(x):0.0}" y="{Height - Bottom + 18}" text-anchor="middle">{x:0.##}</text>""");
        }

        Add(svg, $"""<text x="{(Left + Width - Right) / 2}" y="{Height - 8}" text-anchor="middle">{across}</text>""");
        var named = new List<double>();
        for (var i = 0; i < lines.Count; i++)
        {
            var colour = s_colours[i % s_colours.Length];
            var path = string.Join(' ', lines[i].Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):0.0},{Y(point.Y):0.0}")));
            Add(svg, $"""<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>""");
            named.Add(Y(lines[i].Points[^1].Y));
        }

        foreach (var (i, y) in Apart(named))
        {
            Add(svg, $"""<text x="{Width - Right + 6}" y="{y + 4:0.0}" fill="{s_colours[i % s_colours.Length]}">{lines[i].Name}</text>""");
        }

        return svg.Append("</svg>\n").ToString();

        double X(double value) => Left + (value / farthest * (Width - Left - Right));
        double Y(double value) => Height - Bottom - ((value - lowest) / (highest - lowest) * (Height - Top - Bottom));
    }

    /// <summary>1, 2 or 5 times a power of ten, about five of which span the range.</summary>
    private static double Step(double range)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(range / 5)));
        return (range / 5 / power) switch { <= 1 => power, <= 2 => 2 * power, <= 5 => 5 * power, _ => 10 * power };
    }

    /// <summary>Moves names down until none covers another.</summary>
    private static IEnumerable<(int Line, double Y)> Apart(List<double> places)
    {
        var last = double.NegativeInfinity;
        foreach (var line in Enumerable.Range(0, places.Count).OrderBy(line => places[line]))
        {
            last = Math.Max(places[line], last + 14);
            yield return (line, last);
        }
    }

    private static void Add(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
