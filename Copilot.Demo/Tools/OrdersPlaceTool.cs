using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Copilot.Demo.Tools.Data;
using Copilot.Domain.Tools;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Copilot.Demo.Tools;

internal sealed record OrdersPlace(
    [Description("The part_id that inventory_search gave.")] string PartId,
    [Description("The part's name, for the person who approves the order")]
    [StringLength(120, MinimumLength = 1)]
    string PartName,
    [Description("How many pieces to order."), Range(1, 50)] int Quantity,
    [Description("The price of one piece in GBP that inventory_search gave.")] decimal UnitPrice);

/// <summary>Spends the company's money, so a person approves every order.</summary>
internal sealed class OrdersPlaceTool(DemoDatabase database, IOptions<DemoToolsOptions> options, TimeProvider time)
    : DemoWriteTool<OrdersPlace>(database, options, time)
{
    private const int DeliveryDays = 3;

    public override ToolDefinition Definition { get; } =
        Define("orders_place", "Orders spare parts from the supplier for the warehouse. It costs money: a person approves each order before it is placed.")
        with { Idempotent = true, RequiresApproval = true };

    protected override string Write(SqliteConnection connection, OrdersPlace arguments)
    {
        var part = connection.First(
            "SELECT sku, name, pence FROM parts WHERE part_id = $id",
            row => new { Sku = row.GetString(0), Name = row.GetString(1), Pence = row.GetInt64(2) },
            ("$id", arguments.PartId))
            ?? throw new ToolException($"There is no part '{arguments.PartId}'. Call inventory_search and use the part_id it gives.");
        if (arguments.UnitPrice * 100 != part.Pence)
        {
            throw new ToolException(string.Create(
                CultureInfo.InvariantCulture,
                $"One {part.Name} costs {part.Pence / 100m:0.00} GBP, not {arguments.UnitPrice}. Call inventory_search for the price and order again."));
        }

        var now = Time.GetUtcNow();
        var id = NewId("ord");
        connection.Run(
            "INSERT INTO orders (order_id, part_id, quantity, pence, due_on, created_at) VALUES ($id, $part, $quantity, $pence, $due, $at)",
            ("$id", id),
            ("$part", arguments.PartId),
            ("$quantity", arguments.Quantity),
            ("$pence", part.Pence * arguments.Quantity),
            ("$due", now.AddDays(DeliveryDays).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            ("$at", DemoTime.ToMicroseconds(now)));
        return DemoJson.Write(new Ordered(
            id, arguments.PartId, part.Sku, part.Name, arguments.Quantity, part.Pence * arguments.Quantity / 100m,
            now.AddDays(DeliveryDays).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
    }

    private sealed record Ordered(
        string OrderId, string PartId, string Sku, string Name, int Quantity, decimal TotalPrice, string DueOn);
}
