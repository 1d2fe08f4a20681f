using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SQLitePCL;

namespace Copilot.Web.Storage.Sqlite;

/// <summary>
/// A query that may be long: it runs on a thread of the pool, because SQLite blocks its own, and ends inside the database when it is
/// cancelled.
/// </summary>
internal sealed class SqliteQuery(string sql)
{
    private readonly List<SqliteParameter> _parameters = [];

    /// <summary>Adds a value and returns its name in the statement.</summary>
    public static string Add(List<SqliteParameter> parameters, object value)
    {
        var name = $"$p{parameters.Count}";
        parameters.Add(new SqliteParameter(name, value));
        return name;
    }

    /// <summary>With these parameters.</summary>
    public SqliteQuery With(IEnumerable<SqliteParameter> parameters)
    {
        _parameters.AddRange(parameters);
        return this;
    }

    /// <summary>Reads all rows.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Task<List<T>> ReadAsync<T>(IDbContextFactory<CopilotDbContext> contexts, Func<SqliteDataReader, T> read, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            using var db = contexts.CreateDbContext();
            db.Database.OpenConnection();
            var connection = (SqliteConnection)db.Database.GetDbConnection();
            try
            {
                // Undone before the connection goes to somebody else.
                using var interrupt = cancellationToken.Register(() => raw.sqlite3_interrupt(connection.Handle!));
                using var command = connection.CreateCommand();
                command.CommandText = sql;
                command.Parameters.AddRange(_parameters);
                using var reader = command.ExecuteReader();
                var rows = new List<T>();
                while (reader.Read())
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    rows.Add(read(reader));
                }

                return rows;
            }
            catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_INTERRUPT && cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException("The query was cancelled.", exception, cancellationToken);
            }
        },
        cancellationToken);
}
