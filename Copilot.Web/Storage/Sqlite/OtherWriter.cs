using Copilot.Domain.Runs.Log;
using Microsoft.Data.Sqlite;

namespace Copilot.Web.Storage.Sqlite;

/// <summary>Another program that writes the database, such as a tool that shows databases with a change not saved yet.</summary>
internal sealed partial class OtherWriter(ILogger<OtherWriter> logger)
{
    /// <summary>How long a start waits for it, in seconds.</summary>
    public const int Patience = 30;

    private const int FirstTry = 1;

    /// <summary>Waits until nobody else writes. Who looks at the log sees what the start waits for.</summary>
    /// <exception cref="StorageUnavailableException">It still writes after <see cref="Patience"/>.</exception>
    public void WaitFor(string connectionString)
    {
        if (!File.Exists(new SqliteConnectionStringBuilder(connectionString).DataSource) || !IsThere(connectionString, FirstTry, out _))
        {
            return;
        }

        LogWaits(Patience);
        if (IsThere(connectionString, Patience - FirstTry, out var locked))
        {
            throw StorageFailure.Explain(locked!)!;
        }
    }

    // Takes the lock of a writer and gives it back: nothing is written. Whatever else is wrong, the migration says.
    private static bool IsThere(string connectionString, int seconds, out SqliteException? locked)
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ToString());
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "BEGIN IMMEDIATE; ROLLBACK";
            command.CommandTimeout = seconds;
            command.ExecuteNonQuery();
            locked = null;
            return false;
        }
        catch (SqliteException exception)
        {
            locked = exception;
            return exception.SqliteErrorCode is 5 or 6;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Another program is writing the database. The start waits for it, {Seconds} s at most")]
    private partial void LogWaits(int seconds);
}
