using System.Text;
using Copilot.Domain.Runs.Events;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Copilot.Web.Storage.Runs;

/// <summary>
/// The one statement that runs for every event of every run, bound below ADO.NET: a command allocates a reader and thirteen boxed values
/// per row, which cost more than the insert itself. Text and bytes are passed to SQLite without a copy.
/// </summary>
internal sealed class EventInsert : IDisposable
{
    private const string Sql = """
        INSERT INTO run_events (run_id, seq, at, source, actor_id, actor_role, type, response_id, call_id,
            payload, salt, payload_digest, hash)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
        """;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <param name="connection">Open; it outlives this.</param>
    public EventInsert(SqliteConnection connection)
    {
        _database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(_database, Sql, out _statement));
    }

    /// <summary>Writes one row inside the connection's transaction.</summary>
    /// <param name="row">The event.</param>
    /// <param name="withPayload">False when the payload is stored elsewhere.</param>
    /// <exception cref="SqliteException">The database refused it.</exception>
    public void Execute(RunEvent row, bool withPayload)
    {
        try
        {
            Text(1, row.RunId);
            Check(raw.sqlite3_bind_int64(_statement, 2, row.Seq));
            Check(raw.sqlite3_bind_int64(_statement, 3, UnixMicroseconds.From(row.At)));
            Text(4, RunEventRowMapping.ToWire(row.Source));
            Text(5, row.Actor?.Id);
            Text(6, row.Actor?.Role);
            Text(7, row.Type);
            Text(8, row.ResponseId);
            Text(9, row.CallId);
            Bytes(10, row.Data, isNull: !withPayload);
            Bytes(11, row.Salt, isNull: row.IsErased);
            Bytes(12, row.PayloadDigest, isNull: false);
            Bytes(13, row.Hash, isNull: false);
            var result = raw.sqlite3_step(_statement);
            if (result is not raw.SQLITE_DONE)
            {
                Check(result);
            }
        }
        finally
        {
            // Its result repeats the failure that was already reported.
            raw.sqlite3_reset(_statement);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _statement.Dispose();

    private void Text(int index, string? text)
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

    private void Bytes(int index, ReadOnlyMemory<byte> bytes, bool isNull) =>
        Check(isNull ? raw.sqlite3_bind_null(_statement, index)
            : bytes.IsEmpty ? raw.sqlite3_bind_zeroblob(_statement, index, 0)
            : raw.sqlite3_bind_blob(_statement, index, bytes.Span));

    private void Check(int result)
    {
        // Nothing else uses this connection, so the message is this statement's.
        if (result is not raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(result, _database);
        }
    }
}
