using System.Globalization;

namespace Copilot.Bench.Reporting;

/// <summary>Prints a report for people at a terminal.</summary>
internal static class ConsoleReport
{
    public static void Print(BenchReport report, TextWriter output)
    {
        output.WriteLine($"# {report.Name}");
        foreach (var condition in report.Conditions)
        {
            output.WriteLine($"  {condition}");
        }

        if (report.Figures.Count > 0)
        {
            output.WriteLine();
            Print(Asserted(report.Figures), output);
        }

        foreach (var table in report.Tables)
        {
            output.WriteLine();
            Print(table, output);
        }

        output.WriteLine();
    }

    /// <summary>The asserted figures as a table.</summary>
    public static Table Asserted(IReadOnlyList<Figure> figures) => new(
        "Asserted figures",
        ["figure", "median (lowest–highest)", "target", "met"],
        [.. figures.Select(figure => (IReadOnlyList<string>)
        [
            figure.Name,
            $"{figure.Value.Show(figure.Format)} {figure.Unit}",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(figure.Bound is Bound.AtMost ? "≤" : "≥")} {figure.Target.ToString("#,0.##", CultureInfo.InvariantCulture)} {figure.Unit}"),
            figure.IsMet ? "yes" : "NO",
        ])]);

    private static void Print(Table table, TextWriter output)
    {
        var widths = table.Headers
            .Select((header, column) => table.Rows.Select(row => row[column].Length).Append(header.Length).Max())
            .ToArray();
        output.WriteLine(table.Title);
        foreach (var row in table.Rows.Prepend(table.Headers))
        {
            var cells = row.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            output.WriteLine("  " + string.Join("  ", cells));
        }
    }
}
