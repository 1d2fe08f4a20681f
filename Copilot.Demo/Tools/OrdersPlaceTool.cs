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
        with
        {
            Idempotent = true,
            RequiresApproval = true,
            Title = "Order spare parts",
            FixedArguments = ["part_id", "part_name", "unit_price"],
        };

    protected override Task<ToolIntent?> DescribeAsync(OrdersPlace arguments, CancellationToken cancellationToken)
    {
        try
        {
            var part = Database.Read(connection => Find(connection, arguments));
            return Task.FromResult<ToolIntent?>(new ToolIntent(string.Create(
                CultureInfo.InvariantCulture, $"Order {arguments.Quantity} × {part.Name} for {part.Pence * arguments.Quantity / 100m:N2} GBP")));
        }
        catch (ToolException exception)
        {
            return Task.FromResult<ToolIntent?>(new ToolIntent(string.Create(
                CultureInfo.InvariantCulture, $"Order {arguments.Quantity} × {arguments.PartId}"))
            {
                Problem = exception.Message,
            });
        }
    }

    protected override string Write(SqliteConnection connection, OrdersPlace arguments)
    {
        var part = Find(connection, arguments);
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

    // What a person approves is what is ordered: the name that they read and the price belong to the part.
    private static Part Find(SqliteConnection connection, OrdersPlace arguments)
    {
        var part = connection.First(
            "SELECT sku, name, pence FROM parts WHERE part_id = $id",
            row => new Part(row.GetString(0), row.GetString(1), row.GetInt64(2)),
            ("$id", arguments.PartId))
            ?? throw new ToolException($"There is no part '{arguments.PartId}'. Call inventory_search and use the part_id it gives.");
        if (!IsNameOf(part, arguments.PartName))
        {
            throw new ToolException($"The part '{arguments.PartId}' is called '{part.Name}'. Order again with this name.");
        }

        if (arguments.UnitPrice * 100 != part.Pence)
        {
            throw new ToolException(string.Create(
                CultureInfo.InvariantCulture,
                $"One {part.Name} costs {part.Pence / 100m:0.00} GBP, not {arguments.UnitPrice}. Call inventory_search for the price and order again."));
        }

        return part;
    }

    // A shorter name will do, another part's name will not.
    private static bool IsNameOf(Part part, string name)
    {
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 0 && words.All(word => $"{part.Name} {part.Sku}".Contains(word.Trim('(', ')', ','), StringComparison.OrdinalIgnoreCase));
    }

    private sealed record Part(string Sku, string Name, long Pence);

    private sealed record Ordered(
        string OrderId, string PartId, string Sku, string Name, int Quantity, decimal TotalPrice, string DueOn);
}
