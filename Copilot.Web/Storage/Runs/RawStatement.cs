using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Copilot.Web.Storage.Runs;

/// <summary>
/// A statement of the write path, bound below ADO.NET: a command allocates a reader and a boxed value per column, which cost more than the
/// row itself. Text and bytes are passed to SQLite without a copy. Parameters are <c>?1, ?2 …</c>, as they are set.
/// </summary>
internal sealed class RawStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <param name="connection">Open; it outlives this.</param>
    /// <param name="sql">One statement.</param>
    public RawStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
    }

    /// <summary>Sets a parameter to a text, or to null.</summary>
    public void Text(int index, string? text)
    {
        if (text is null)
        {
            Check(raw.sqlite3_bind_null(_statement, index));
            return;
        }

        Span<byte> buffer = stackalloc byte[256];
        Check(Encoding.UTF8.TryGetBytes(text, buffer, out var written)
            ? raw.sqlite3_bind_text(_statement, index, buffer[..written])
            : raw.sqlite3_bind_text(_statement, index, text));
    }

    /// <summary>Sets a parameter to a text that is UTF-8 already.</summary>
    public void Text(int index, ReadOnlySpan<byte> text) => Check(raw.sqlite3_bind_text(_statement, index, text));

    /// <summary>Sets a parameter to a number, or to null.</summary>
    public void Number(int index, long? number) =>
        Check(number is { } value ? raw.sqlite3_bind_int64(_statement, index, value) : raw.sqlite3_bind_null(_statement, index));

    /// <summary>Sets a parameter to bytes, or to null.</summary>
    public void Bytes(int index, ReadOnlyMemory<byte> bytes, bool isNull) =>
        Check(isNull ? raw.sqlite3_bind_null(_statement, index)
            : bytes.IsEmpty ? raw.sqlite3_bind_zeroblob(_statement, index, 0)
            : raw.sqlite3_bind_blob(_statement, index, bytes.Span));

    /// <summary>Carries it out inside the connection's transaction. Returns how many rows it changed.</summary>
    /// <exception cref="SqliteException">The database refused it.</exception>
    public int Execute()
    {
        Step();
        return raw.sqlite3_changes(_database);
    }

    /// <summary>The number in the first column of the first row; null when there is no row, or nothing in it.</summary>
    /// <exception cref="SqliteException">The database refused it.</exception>
    public long? ReadNumber()
    {
        try
        {
            var result = raw.sqlite3_step(_statement);
            if (result is raw.SQLITE_ROW)
            {
                return raw.sqlite3_column_type(_statement, 0) is raw.SQLITE_NULL ? null : raw.sqlite3_column_int64(_statement, 0);
            }

            Check(result is raw.SQLITE_DONE ? raw.SQLITE_OK : result);
            return null;
        }
        finally
        {
            raw.sqlite3_reset(_statement);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _statement.Dispose();

    private void Step()
    {
        try
        {
            var result = raw.sqlite3_step(_statement);
            Check(result is raw.SQLITE_DONE or raw.SQLITE_ROW ? raw.SQLITE_OK : result);
        }
        finally
        {
            // Its result repeats the failure that was already reported.
            raw.sqlite3_reset(_statement);
        }
    }

    private void Check(int result)
    {
        // Nothing else uses this connection, so the message is this statement's.
        if (result is not raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(result, _database);
        }
    }
}
