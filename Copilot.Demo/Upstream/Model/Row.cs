using System.Text.Json;
using Copilot.Demo.Upstream.Model.Language;
using Copilot.Demo.Upstream.Protocol;
namespace Copilot.Demo.Upstream.Model;

/// <summary>Reads a row of a tool's output without knowing the tool.</summary>
internal static class Row
{
    private static readonly string[] s_titles = ["name", "title", "technician", "label", "sku"];

    /// <summary>Its display name.</summary>
    public static string Title(JsonElement? row) =>
        row is { } value
            ? s_titles.Select(name => value.Text(name)).FirstOrDefault(title => title is not null)
                ?? Id(row, string.Empty)
                ?? "the entry"
            : "the entry";

    /// <summary>The row's own id: <c>customer_id</c> for the kind "customer", else <c>id</c>, else the first id there is.</summary>
    public static string? Id(JsonElement? row, string kind) =>
        row is not { ValueKind: JsonValueKind.Object } value
            ? null
            : value.Text($"{kind}_id")
                ?? value.Text("id")
                ?? value.EnumerateObject()
                    .Where(property => property.Name.EndsWith("_id", StringComparison.Ordinal) && property.Value.ValueKind == JsonValueKind.String)
                    .Select(property => property.Value.GetString())
                    .FirstOrDefault();

    public static string? Show(JsonElement? row, string property) =>
        row?.Member(property) is { } value ? MarkdownTable.Show(value) : null;

    /// <summary>The row that matches the phrase best; the first of equals, because tools return the best first.</summary>
    public static JsonElement? Best(IReadOnlyList<JsonElement> rows, string? phrase)
    {
        if (rows.Count == 0)
        {
            return null;
        }

        var words = ToolRole.Words(phrase ?? string.Empty);
        return rows.MaxBy(row => words.Count(word => Title(row).Contains(word, StringComparison.OrdinalIgnoreCase)));
    }
}
