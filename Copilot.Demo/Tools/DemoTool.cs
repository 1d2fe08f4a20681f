using System.Text.Encodings.Web;
using System.Text.Json;
using Copilot.Demo.Tools.Data;
using Copilot.Domain.Tools;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Copilot.Demo.Tools;

/// <summary>A tool that reads the sample company, after the configured latency.</summary>
internal abstract class DemoReadTool<TArguments>(DemoDatabase database, IOptions<DemoToolsOptions> options, TimeProvider time)
    : Tool<TArguments>
    where TArguments : class
{
    protected DemoDatabase Database { get; } = database;

    protected TimeProvider Time { get; } = time;

    protected override async Task<ToolResult> InvokeAsync(ToolContext context, TArguments arguments, CancellationToken cancellationToken)
    {
        await Task.Delay(options.Value.Latency, Time, cancellationToken);
        return ToolResult.Ok(await ReadAsync(arguments, cancellationToken));
    }

    /// <summary>Returns the result as JSON.</summary>
    protected abstract Task<string> ReadAsync(TArguments arguments, CancellationToken cancellationToken);
}

/// <summary>A tool that changes the sample company, once per call however often the call is repeated.</summary>
internal abstract class DemoWriteTool<TArguments>(DemoDatabase database, IOptions<DemoToolsOptions> options, TimeProvider time)
    : Tool<TArguments>
    where TArguments : class
{
    protected DemoDatabase Database { get; } = database;

    protected TimeProvider Time { get; } = time;

    protected override async Task<ToolResult> InvokeAsync(ToolContext context, TArguments arguments, CancellationToken cancellationToken)
    {
        await Task.Delay(options.Value.Latency, Time, cancellationToken);
        return ToolResult.Ok(await Database.WriteOnceAsync(
            context.IdempotencyKey, Definition.Name, connection => Write(connection, arguments), cancellationToken));
    }

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

internal static class DemoJson
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,

        // The model reads it, and escapes cost tokens; any view escapes it again.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write<T>(T result)
    {
        return JsonSerializer.Serialize(result, s_options);
    }
}
