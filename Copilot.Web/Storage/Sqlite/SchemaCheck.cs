using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Copilot.Web.Storage.Sqlite;

/// <summary>Whether a database has what its migrations have made. They run once; what is removed by hand afterwards is missed at its first use.</summary>
internal static class SchemaCheck
{
    private const string Columns = """
        SELECT tables.name, columns.name
        FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
        WHERE tables.type = 'table'
        """;

    // The full-text index is outside EF's model.
    private static readonly string[] s_searchTables = ["search_rows", "search_texts", "find_texts"];

    /// <summary>The tables, and the columns of tables that are there, that are missing.</summary>
    public static async Task<IReadOnlyList<string>> MissingAsync(CopilotDbContext db, CancellationToken cancellationToken)
    {
        var found = await ColumnsAsync(db, cancellationToken);
        return
        [
            .. s_searchTables.Where(table => !found.Contains(table)).Select(table => $"the table {table}"),
            .. db.Model.GetEntityTypes().GroupBy(entity => entity.GetTableName()!).OrderBy(table => table.Key, StringComparer.Ordinal).SelectMany(table =>
                found.Contains(table.Key) ? MissingColumns(table.Key, [.. table], found[table.Key]) : [$"the table {table.Key}"]),
        ];
    }

    private static IEnumerable<string> MissingColumns(string table, IReadOnlyList<IEntityType> entities, IEnumerable<string> found)
    {
        var place = StoreObjectIdentifier.Table(table);
        return entities
            .SelectMany(entity => entity.GetProperties())
            .Select(property => property.GetColumnName(place))
            .OfType<string>()
            .Except(found, StringComparer.OrdinalIgnoreCase)
            .Select(column => $"the column {table}.{column}");
    }

    private static async Task<ILookup<string, string>> ColumnsAsync(CopilotDbContext db, CancellationToken cancellationToken)
    {
        var columns = new List<(string Table, string Column)>();
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = Columns;
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                columns.Add((reader.GetString(0), reader.GetString(1)));
            }
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }

        return columns.ToLookup(column => column.Table, column => column.Column, StringComparer.OrdinalIgnoreCase);
    }
}
