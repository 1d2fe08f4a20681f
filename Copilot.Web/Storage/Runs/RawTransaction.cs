using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Copilot.Web.Storage.Runs;

/// <summary>
/// The transactions of the write path, one after another, begun and committed below ADO.NET: the driver prepares each of its statements
/// for every transaction anew, which costs as much as a row.
/// </summary>
/// <param name="connection">Open, and used by nobody else; it outlives this.</param>
internal sealed class RawTransaction(SqliteConnection connection) : IDisposable
{
    // Immediate: a transaction that reads first could not become a writer once another has written.
    private readonly RawStatement _begin = new(connection, "BEGIN IMMEDIATE");
    private readonly RawStatement _commit = new(connection, "COMMIT");
    private readonly RawStatement _rollBack = new(connection, "ROLLBACK");

    /// <summary>Does it in one transaction and commits that. What it throws is rolled back and thrown on.</summary>
    /// <exception cref="SqliteException">The database refused it. Nothing was committed.</exception>
    public void Commit(Action write)
    {
        _begin.Execute();
        try
        {
            write();
            _commit.Execute();
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        _rollBack.Dispose();
    }

    private void RollBack()
    {
        try
        {
            // Of some failures SQLite has rolled back already.
            if (raw.sqlite3_get_autocommit(connection.Handle) == 0)
            {
                _rollBack.Execute();
            }
        }
        catch (SqliteException)
        {
            // Nobody else may get this connection.
            SqliteConnection.ClearPool(connection);
        }
    }
}
