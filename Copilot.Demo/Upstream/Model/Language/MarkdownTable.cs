using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Copilot.Demo.Upstream.Model.Language;

/// <summary>Shows rows of a tool as a Markdown table: the properties that are plain values, in their order.</summary>
internal static class MarkdownTable
{
    private const int MaxColumns = 6;
    private const int MaxRows = 8;

    /// <summary>Many rows, the plain values of each.</summary>
    public static string Of(IReadOnlyList<JsonElement> rows)
    {
        var columns = rows
            .SelectMany(row => row.EnumerateObject())
            .Where(property => property.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            .Select(property => property.Name)
            .Distinct()
            .OrderBy(name => name.EndsWith("_id", StringComparison.Ordinal))
            .Take(MaxColumns)
            .ToList();
        var table = new StringBuilder();
        Line(table, columns.Select(Title));
        Line(table, columns.Select(_ => "---"));
        foreach (var row in rows.Take(MaxRows))
        {
            Line(table, columns.Select(column => row.TryGetProperty(column, out var value) ? Cell(value) : string.Empty));
        }

        if (rows.Count > MaxRows)
        {
            table.Append(CultureInfo.InvariantCulture, $"\n… and {rows.Count - MaxRows} more.\n");
        }

        return table.ToString();
    }

    /// <summary>One row in full: its plain values, then a table for each list in it.</summary>
    public static string InFull(JsonElement row)
    {
        var text = new StringBuilder(Of([row]));
        foreach (var list in row.EnumerateObject().Where(property => property.Value.ValueKind == JsonValueKind.Array))
        {
            var entries = list.Value.EnumerateArray().Where(entry => entry.ValueKind == JsonValueKind.Object).ToList();
            if (entries.Count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n**{Title(list.Name)}**\n\n{Of(entries)}");
            }
        }

        return text.ToString();
    }

    /// <summary>Names and values, one a line; a null value leaves its line out.</summary>
    public static string Of(params IReadOnlyList<(string Name, string? Value)> lines)
    {
        var table = new StringBuilder("| What | Details |\n| --- | --- |\n");
        foreach (var (name, value) in lines)
        {
            if (value is not null)
            {
                Line(table, [$"**{name}**", Escape(value)]);
            }
        }

        return table.ToString();
    }

    /// <summary>A value for people: a time as day and hour (UTC), anything else as it is.</summary>
    public static string Show(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Time(value.GetString()!),
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Null or JsonValueKind.Undefined => string.Empty,
        _ => value.GetRawText(),
    };

    private static string Time(string text) =>
        text.Length >= "2026-01-01T00:00".Length
        && text[4] == '-' && text[10] == 'T'
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.UtcDateTime.ToString("ddd d MMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture)
            : text;

    private static string Cell(JsonElement value) => Escape(Show(value));

    private static string Escape(string text) =>
        text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");

    private static string Title(string name)
    {
        var words = name.Replace('_', ' ');
        return words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];
    }

    private static void Line(StringBuilder table, IEnumerable<string> cells) =>
        table.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
