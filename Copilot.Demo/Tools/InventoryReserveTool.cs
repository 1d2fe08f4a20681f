using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Copilot.Demo.Tools.Data;
using Copilot.Domain.Tools;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Copilot.Demo.Tools;

internal sealed record InventoryReserve(
    [Description("The part_id that inventory_search gave.")] string PartId,
    [Description("How many pieces to reserve."), Range(1, 100)] int Quantity,
    [Description("The customer_id that crm_find_customer gave.")] string CustomerId);

internal sealed class InventoryReserveTool(DemoDatabase database, IOptions<DemoToolsOptions> options, TimeProvider time)
    : DemoWriteTool<InventoryReserve>(database, options, time)
{
    public override ToolDefinition Definition { get; } =
        Define("inventory_reserve", "Takes a part out of the free stock for a customer. Give the reservation_id to schedule_book so that the technician brings the part.")
        with { Title = "Reserve a part", Idempotent = true };

    protected override string Write(SqliteConnection connection, InventoryReserve arguments)
    {
        var customer = CustomerName(connection, arguments.CustomerId);
        var part = connection.First(
            "SELECT sku, name, in_stock, location, pence FROM parts WHERE part_id = $id",
            row => new { Sku = row.GetString(0), Name = row.GetString(1), InStock = row.GetInt32(2), Location = row.GetString(3), Price = row.GetInt64(4) / 100m },
            ("$id", arguments.PartId))
            ?? throw new ToolException($"There is no part '{arguments.PartId}'. Call inventory_search and use the part_id it gives.");
        if (part.InStock < arguments.Quantity)
        {
            throw new ToolException(part.InStock == 0
                ? $"{part.Name} ({arguments.PartId}) is out of stock. Search for another part that fits."
                : $"Only {part.InStock} of {part.Name} ({arguments.PartId}) are in stock, not {arguments.Quantity}. Reserve fewer or search for another part.");
        }

        var id = NewId("res");
        connection.Run(
            "UPDATE parts SET in_stock = in_stock - $quantity WHERE part_id = $id",
            ("$quantity", arguments.Quantity),
            ("$id", arguments.PartId));
        connection.Run(
            "INSERT INTO reservations (reservation_id, part_id, customer_id, quantity, created_at) VALUES ($id, $part, $customer, $quantity, $at)",
            ("$id", id),
            ("$part", arguments.PartId),
            ("$customer", arguments.CustomerId),
            ("$quantity", arguments.Quantity),
            ("$at", DemoTime.ToMicroseconds(Time.GetUtcNow())));
        return DemoJson.Write(new Reserved(
            id, arguments.PartId, part.Sku, part.Name, arguments.Quantity, part.Price * arguments.Quantity,
            part.Location, arguments.CustomerId, customer, part.InStock - arguments.Quantity));
    }

    private sealed record Reserved(
        string ReservationId,
        string PartId,
        string Sku,
        string Name,
        int Quantity,
        decimal Price,
        string Location,
        string CustomerId,
        string Customer,
        int LeftInStock);
}
