using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Copilot.Bench.Reporting;

/// <summary>
/// Writes reports into <c>docs/performance.md</c>: each replaces the text between its marks, so the surrounding text stays. The asserted
/// figures go into the summary, the tables and plots below it.
/// </summary>
internal static partial class DocsReport
{
    public static void Write(string repository, IReadOnlyList<BenchReport> reports)
    {
        var file = Path.Combine(repository, "docs", "performance.md");
        var pictures = Directory.CreateDirectory(Path.Combine(repository, "docs", "performance"));
        var text = File.ReadAllText(file);
        foreach (var report in reports)
        {
            text = report.Figures.Count > 0 ? Replace(text, $"asserted: {report.Name}", Asserted(report)) : text;
            text = Replace(text, $"bench: {report.Name}", Markdown(report));
            foreach (var plot in report.Plots)
            {
                File.WriteAllText(Path.Combine(pictures.FullName, plot.File), plot.Svg);
            }
        }

        File.WriteAllText(file, text);
        var cells = reports.SelectMany(report => report.Cells).ToDictionary();
        if (cells.Count > 0)
        {
            WriteCells(Path.Combine(repository, "docs", "transport.md"), cells);
        }
    }

    /// <summary>Writes each figure after its mark, up to the end of the table's cell.</summary>
    private static void WriteCells(string file, Dictionary<string, string> cells) => File.WriteAllText(file, Cell().Replace(
        File.ReadAllText(file),
        mark => cells.TryGetValue(mark.Groups["name"].Value, out var figure) ? $"<!-- {mark.Groups["name"].Value} -->{figure} " : mark.Value));

    [GeneratedRegex(@"<!-- (?<name>\w+) -->[^|<]*(?=[|<])")]
    private static partial Regex Cell();

    private static string Replace(string text, string name, string content)
    {
        var begin = $"<!-- {name} -->";
        var end = $"<!-- end {name} -->";
        var from = text.IndexOf(begin, StringComparison.Ordinal);
        var to = text.IndexOf(end, StringComparison.Ordinal);
        return from >= 0 && to > from
            ? string.Concat(text.AsSpan(0, from + begin.Length), "\n", content, text.AsSpan(to))
            : throw new InvalidOperationException($"docs/performance.md has no place for '{name}': it needs {begin} and {end}.");
    }

    private static string Asserted(BenchReport report)
    {
        var text = new StringBuilder();
        AppendRows(text, ConsoleReport.Asserted(report.Figures));
        return text.ToString();
    }

    private static string Markdown(BenchReport report)
    {
        var text = new StringBuilder();
        foreach (var table in report.Tables)
        {
            Append(text, table);
        }

        foreach (var plot in report.Plots)
        {
            text.Append(CultureInfo.InvariantCulture, $"![{plot.Description}](performance/{plot.File})\n\n");
        }

        text.Append("Conditions:\n");
        foreach (var condition in report.Conditions)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {condition}\n");
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, Table table)
    {
        text.Append(CultureInfo.InvariantCulture, $"**{table.Title}**\n\n");
        AppendRows(text, table);
    }

    private static void AppendRows(StringBuilder text, Table table)
    {
        text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", table.Headers)} |\n");
        text.Append(CultureInfo.InvariantCulture, $"|---{string.Concat(Enumerable.Repeat("|--:", table.Headers.Count - 1))}|\n");
        foreach (var row in table.Rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row)} |\n");
        }

        text.Append('\n');
    }
}
