using Copilot.Domain.Runs.Events;
using Microsoft.Data.Sqlite;

namespace Copilot.Web.Storage.Runs;

/// <summary>The one statement that runs for every event of every run.</summary>
internal sealed class EventInsert(SqliteConnection connection) : IDisposable
{
    private readonly RawStatement _insert = new(
        connection,
        """
        INSERT INTO run_events (run_id, seq, at, source, actor_id, actor_role, type, response_id, call_id,
            payload, salt, payload_digest, hash)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
        """);

    /// <summary>Writes one row inside the connection's transaction.</summary>
    /// <param name="row">The event.</param>
    /// <param name="withPayload">False when the payload is stored elsewhere.</param>
    /// <exception cref="SqliteException">The database refused it.</exception>
    public void Execute(RunEvent row, bool withPayload)
    {
        _insert.Text(1, row.RunId);
        _insert.Number(2, row.Seq);
        _insert.Number(3, UnixMicroseconds.From(row.At));
        _insert.Text(4, RunEventRowMapping.ToWire(row.Source));
        _insert.Text(5, row.Actor?.Id);
        _insert.Text(6, row.Actor?.Role);
        _insert.Text(7, row.Type);
        _insert.Text(8, row.ResponseId);
        _insert.Text(9, row.CallId);
        _insert.Bytes(10, row.Data, isNull: !withPayload);
        _insert.Bytes(11, row.Salt, isNull: row.IsErased);
        _insert.Bytes(12, row.PayloadDigest, isNull: false);
        _insert.Bytes(13, row.Hash, isNull: false);
        _insert.Execute();
    }

    /// <inheritdoc/>
    public void Dispose() => _insert.Dispose();
}
