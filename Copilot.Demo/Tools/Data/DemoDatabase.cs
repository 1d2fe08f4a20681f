using System.Globalization;
using Copilot.Domain.Tools;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Copilot.Demo.Tools.Data;

/// <summary>
/// The sample company's SQLite file. One connection per operation; writes are serialised transactions. Nothing here touches the product's
/// database.
/// </summary>
internal sealed partial class DemoDatabase(
    IOptions<DemoToolsOptions> options, IHostEnvironment environment, TimeProvider time, ILogger<DemoDatabase> logger) : IDisposable
{
    // Lazy: tools are created at start-up for validation, and an invalid option here must not hide other errors.
    private readonly Lazy<string> _path = new(() => Path.GetFullPath(options.Value.DatabasePath, environment.ContentRootPath));
    private readonly SemaphoreSlim _writing = new(1);

    /// <summary>Creates and fills the database if it is missing, and extends the technicians' calendar for the coming weeks.</summary>
    /// <exception cref="InvalidOperationException">The file was written by a newer version.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path.Value)!);
        Read(connection => connection.Run("PRAGMA journal_mode = WAL"));
        await WriteAsync(Migrate, cancellationToken);
        await OpenCalendarAsync(cancellationToken);
    }

    /// <summary>Extends the calendar if necessary; otherwise costs nothing.</summary>
    public async Task OpenCalendarAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (Read(connection => DemoCalendar.ReachesFarEnough(connection, now)))
        {
            return;
        }

        await WriteAsync(
            connection =>
            {
                DemoCalendar.Open(connection, now);
                return true;
            },
            cancellationToken);
    }

    public T Read<T>(Func<SqliteConnection, T> query)
    {
        using var connection = Connect();
        return query(connection);
    }

    /// <summary>
    /// Runs the work of a call exactly once, even across crashes: the result is saved in the work's own transaction, and a repeated key
    /// gets that result without running the work.
    /// </summary>
    public Task<string> WriteOnceAsync(
        ToolIdempotencyKey key, string tool, Func<SqliteConnection, string> work, CancellationToken cancellationToken)
    {
        return WriteAsync(
            connection =>
            {
                var first = connection.First(
                    "SELECT tool, result FROM tool_results WHERE run_id = $run AND call_id = $call",
                    row => (Tool: row.GetString(0), Result: row.GetString(1)),
                    ("$run", key.RunId),
                    ("$call", key.CallId));
                if (first.Result is not null)
                {
                    return first.Tool == tool
                        ? first.Result
                        : throw new InvalidOperationException($"{key} belongs to {first.Tool} and cannot be used by {tool}.");
                }

                var result = work(connection);
                connection.Run(
                    "INSERT INTO tool_results (run_id, call_id, tool, result, created_at) VALUES ($run, $call, $tool, $result, $at)",
                    ("$run", key.RunId),
                    ("$call", key.CallId),
                    ("$tool", tool),
                    ("$result", result),
                    ("$at", DemoTime.ToMicroseconds(time.GetUtcNow())));
                return result;
            },
            cancellationToken);
    }

    public void Dispose()
    {
        if (_path.IsValueCreated)
        {
            // Pooled connections would hold the file open.
            using var connection = new SqliteConnection(ConnectionString());
            SqliteConnection.ClearPool(connection);
        }

        _writing.Dispose();
    }

    private async Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            using var connection = Connect();
            using var transaction = connection.BeginTransaction(deferred: false);
            var result = work(connection);

            // The last moment at which a stopped call can still have no effect.
            cancellationToken.ThrowIfCancellationRequested();
            transaction.Commit();
            return result;
        }
        finally
        {
            _writing.Release();
        }
    }

    private bool Migrate(SqliteConnection connection)
    {
        var version = connection.First("PRAGMA user_version", row => row.GetInt32(0));
        if (version > DemoSchema.Version)
        {
            throw new InvalidOperationException(
                $"The demo database {_path.Value} has version {version}, newer than this program's {DemoSchema.Version}. Delete it to start with a fresh one.");
        }

        if (version == DemoSchema.Version)
        {
            return false;
        }

        if (version == 0)
        {
            connection.Run(DemoSchema.Script);
            DemoSeed.Fill(connection);
        }

        connection.Run(DemoSchema.Orders);
        connection.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {DemoSchema.Version}"));
        LogCreated(_path.Value);
        return true;
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection(ConnectionString());
        try
        {
            connection.Open();
            connection.Run("PRAGMA busy_timeout = 5000");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private string ConnectionString()
    {
        return new SqliteConnectionStringBuilder { DataSource = _path.Value, ForeignKeys = true, DefaultTimeout = 5 }.ToString();
    }

    [LoggerMessage(LogLevel.Information, "Created the demo database {Path}")]
    private partial void LogCreated(string path);
}
