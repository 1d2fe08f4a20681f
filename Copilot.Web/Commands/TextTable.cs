namespace Copilot.Web.Commands;

/// <summary>Rows for a terminal, their columns as wide as what is in them.</summary>
internal static class TextTable
{
    /// <summary>The table, without an end of line after it.</summary>
    public static string Write(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        List<IReadOnlyList<string>> lines = [header, .. rows];
        var widths = header.Select((_, column) => lines.Max(line => line[column].Length)).ToList();
        return string.Join(
            Environment.NewLine,
            lines.Select(line => string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()));
    }
}
