using Copilot.Demo.Tools.Data;
using Copilot.Domain.Tools;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Copilot.Demo.Tools;

/// <summary>A tool that changes the sample company, once per call however often the call is repeated.</summary>
internal abstract class DemoWriteTool<TArguments>(DemoDatabase database, IOptions<DemoToolsOptions> options, TimeProvider time)
    : DemoTool<TArguments>(database, options, time)
    where TArguments : class
{
    protected sealed override Task<string> WorkAsync(ToolContext context, TArguments arguments, CancellationToken cancellationToken) =>
        Database.WriteOnceAsync(context.IdempotencyKey, Definition.Name, connection => Write(connection, arguments), cancellationToken);

    /// <summary>Runs in the connection's transaction and returns the result as JSON.</summary>
    protected abstract string Write(SqliteConnection connection, TArguments arguments);

    /// <summary>A new id that sorts by its time.</summary>
    protected string NewId(string prefix)
    {
        return $"{prefix}_{Guid.CreateVersion7(Time.GetUtcNow()):N}";
    }

    /// <exception cref="ToolException">There is no such customer.</exception>
    protected static string CustomerName(SqliteConnection connection, string customerId)
    {
        return connection.First("SELECT name FROM customers WHERE customer_id = $id", row => row.GetString(0), ("$id", customerId))
            ?? throw new ToolException($"There is no customer '{customerId}'. Call crm_find_customer and use the customer_id it gives.");
    }
}
