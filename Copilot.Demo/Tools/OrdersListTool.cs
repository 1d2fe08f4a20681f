using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Copilot.Demo.Tools.Data;
using Copilot.Domain.Tools;
using Microsoft.Extensions.Options;

namespace Copilot.Demo.Tools;

internal sealed record OrdersList(
    [Description("How many orders to give at most."), Range(1, 50)] int? Limit);

internal sealed class OrdersListTool(DemoDatabase database, IOptions<DemoToolsOptions> options, TimeProvider time)
    : DemoReadTool<OrdersList>(database, options, time)
{
    private const int Limit = 10;

    public override ToolDefinition Definition { get; } =
        Define("orders_list", "Lists the orders placed with the supplier, the newest first, with price in GBP and the day they are due.")
        with { Title = "List the orders", ReadOnly = true, Parallel = true, Idempotent = true };

    protected override Task<string> ReadAsync(OrdersList arguments, CancellationToken cancellationToken)
    {
        var orders = Database.Read(connection => connection.All(
            """
            SELECT o.order_id, p.sku, p.name, o.quantity, o.pence, o.due_on, o.created_at
            FROM orders o JOIN parts p USING (part_id)
            ORDER BY o.created_at DESC, o.order_id DESC
            LIMIT $limit
            """,
            row => new Order(
                row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt32(3), row.GetInt64(4) / 100m, row.GetString(5),
                DemoTime.ToText(row.GetInt64(6))),
            ("$limit", arguments.Limit ?? Limit)));
        var total = Database.Read(connection => connection.First("SELECT count(*) FROM orders", row => row.GetInt32(0)));
        return Task.FromResult(DemoJson.Write(new Found(orders, total)));
    }

    private sealed record Found(IReadOnlyList<Order> Orders, int Total);

    private sealed record Order(
        string OrderId, string Sku, string Name, int Quantity, decimal TotalPrice, string DueOn, string OrderedAt);
}
