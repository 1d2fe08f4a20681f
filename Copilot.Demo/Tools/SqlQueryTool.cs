using System.Globalization;
using Copilot.Demo.Tools.Data;
using Copilot.Domain.Tools;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Copilot.Demo.Tools;

/// <summary>
/// Queries the sample company in SQL. It can only read: <see cref="SqlGuard"/> checks every step of a statement while it is compiled.
/// </summary>
internal sealed class SqlQueryTool(DemoDatabase database, IOptions<DemoToolsOptions> options, TimeProvider time) : TextTool
{
    private const int MaxRows = 200;
    private const int MaxInput = 2_000;

    // Below the cap on tool output: beyond it the JSON would be cut off, including the note about that.
    private const int MaxText = 30_000;

    public override ToolDefinition Definition { get; } =
        Define(
            "sql_query",
            "Reads the company's data with one SQLite SELECT (joins and groups, no subqueries), for counts, sums and lists that the other tools do not give. "
            + $"At most {MaxRows} rows. Tables: {SqlGuard.Tables}. Times are microseconds since 1970, UTC.")
        with { Title = "Look up company data", ReadOnly = true, Parallel = true, Idempotent = true, Deadline = TimeSpan.FromSeconds(10) };

    protected override async Task<ToolResult> InvokeAsync(ToolContext context, string input, CancellationToken cancellationToken)
    {
        await Task.Delay(options.Value.Latency, time, cancellationToken);
        if (string.IsNullOrWhiteSpace(input) || input.Length > MaxInput)
        {
            throw new ToolException($"Write one SELECT of at most {MaxInput} characters.");
        }

        return ToolResult.Ok(DemoJson.Write(database.Read(connection => Query(connection, input, cancellationToken))));
    }

    private static Answer Query(SqliteConnection connection, string sql, CancellationToken cancellationToken)
    {
        using var guard = SqlGuard.Attach(connection, cancellationToken);
        try
        {
            if (guard.ProblemOf(sql) is { } problem)
            {
                throw new ToolException(problem);
            }

            using var command = connection.CreateCommand();
            command.CommandText = sql;
            using var reader = command.ExecuteReader();
            if (reader.FieldCount == 0)
            {
                throw new ToolException("That was no SELECT. Write one SELECT.");
            }

            var rows = new List<Dictionary<string, object?>>();
            var text = 0;
            while (reader.Read())
            {
                if (rows.Count == MaxRows)
                {
                    return new Answer(rows, rows.Count, $"There are more than {MaxRows} rows; count or narrow them down.");
                }

                var row = new Dictionary<string, object?>(StringComparer.Ordinal);
                for (var column = 0; column < reader.FieldCount; column++)
                {
                    row[Name(row, reader.GetName(column))] = reader.GetValue(column) switch
                    {
                        DBNull => null,
                        byte[] bytes => $"{bytes.Length} bytes",
                        double number when !double.IsFinite(number) => number.ToString(CultureInfo.InvariantCulture),
                        var value => value,
                    };
                }

                text += DemoJson.Write(row).Length;
                if (text > MaxText)
                {
                    return rows.Count > 0
                        ? new Answer(rows, rows.Count, $"There are more rows than these {rows.Count}, and too long to give; select less, count or narrow them down.")
                        : throw new ToolException("The query cannot be used: one row is too long to give; select less of it.");
                }

                rows.Add(row);
            }

            if (reader.NextResult())
            {
                throw new ToolException("Write one SELECT, not several.");
            }

            return new Answer(rows, rows.Count, null);
        }
        catch (SqliteException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ToolException($"The query cannot be used: {guard.Refusal ?? Sentence(exception)}");
        }
    }

    // SQLite's own message is about the statement only.
    private static string Sentence(SqliteException exception)
    {
        var message = exception.Message;
        var start = message.IndexOf('\'', StringComparison.Ordinal);
        return start >= 0 && message.LastIndexOf('\'') is var end && end > start ? message[(start + 1)..end] : "it is no valid SQLite.";
    }

    private static string Name(Dictionary<string, object?> row, string name)
    {
        var unique = name;
        for (var number = 2; row.ContainsKey(unique); number++)
        {
            unique = $"{name}_{number}";
        }

        return unique;
    }

    private sealed record Answer(IReadOnlyList<Dictionary<string, object?>> Rows, int Count, string? Note);
}
