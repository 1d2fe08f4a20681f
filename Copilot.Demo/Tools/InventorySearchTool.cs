using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Copilot.Demo.Tools.Data;
using Copilot.Domain.Tools;
using Microsoft.Extensions.Options;

namespace Copilot.Demo.Tools;

internal sealed record InventorySearch(
    [Description("Words for the part: its name, SKU, or the equipment it fits")]
    [StringLength(200, MinimumLength = 1)]
    string Query,
    [Description("true leaves out parts with no stock; null shows all.")]
    bool? InStockOnly);

internal sealed class InventorySearchTool(DemoDatabase database, IOptions<DemoToolsOptions> options, TimeProvider time)
    : DemoReadTool<InventorySearch>(database, options, time)
{
    private const int Limit = 10;

    public override ToolDefinition Definition { get; } =
        Define("inventory_search", "Finds spare parts in the warehouse, with stock, location and price in GBP. Best matches first.")
        with { Title = "Search the stock", ReadOnly = true, Parallel = true, Idempotent = true };

    protected override Task<string> ReadAsync(InventorySearch arguments, CancellationToken cancellationToken)
    {
        var parts = Database.Read(connection => connection.All(
            "SELECT part_id, sku, name, skill, fits, in_stock, location, pence FROM parts WHERE in_stock >= $least ORDER BY part_id",
            row => (
                Part: new Part(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(4), row.GetInt32(5), row.GetString(6), row.GetInt64(7) / 100m),
                Skill: row.GetString(3)),
            ("$least", arguments.InStockOnly == true ? 1 : 0)));
        var hits = DemoSearch.Rank(
            arguments.Query, parts, part => part.Part.Name, part => $"{part.Part.Sku} {part.Part.Fits} {part.Skill}");
        return Task.FromResult(DemoJson.Write(new Found([.. hits.Take(Limit).Select(hit => hit.Part)], hits.Count)));
    }

    private sealed record Found(IReadOnlyList<Part> Parts, int Total);

    private sealed record Part(string PartId, string Sku, string Name, string Fits, int InStock, string Location, decimal Price);
}
