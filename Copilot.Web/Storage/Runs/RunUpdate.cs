using System.Buffers;
using System.Text.Json;
using Copilot.Domain.Runs.Summaries;
using Microsoft.Data.Sqlite;

namespace Copilot.Web.Storage.Runs;

/// <summary>Moves a run's row on. Every batch of every run does it, whoever writes first: what it returns says whether the head was where it should be.</summary>
internal sealed class RunUpdate(SqliteConnection connection) : IDisposable
{
    private readonly RawStatement _head = new(connection, "SELECT head_seq FROM runs WHERE id = ?1");
    private readonly RawStatement _moveHead = new(connection, "UPDATE runs SET head_seq = ?3, last_event_at = ?4 WHERE id = ?1 AND head_seq = ?2");
    private readonly RawStatement _update = new(
        connection,
        """
        UPDATE runs SET message_id = coalesce(?3, message_id), status = ?4, head_seq = ?5, completed_at = ?6,
            last_event_at = ?7, summary = ?8, cost_micros = ?9, cost_currency = ?10, cost_gaps = ?11, is_indexed = 0
        WHERE id = ?1 AND head_seq = ?2
        """);

    private readonly ArrayBufferWriter<byte> _json = new(4096);
    private readonly Utf8JsonWriter _writer = new(Stream.Null);

    /// <summary>Seq of the newest event of a run, 0 if there is no such run.</summary>
    public long ReadHead(string runId)
    {
        _head.Text(1, runId);
        return _head.ReadNumber() ?? 0;
    }

    /// <summary>Moves a run's head on and leaves its summary as it is. False when the head is not <paramref name="head"/>.</summary>
    public bool MoveHead(RunSummary run, long head)
    {
        _moveHead.Text(1, run.RunId);
        _moveHead.Number(2, head);
        _moveHead.Number(3, run.HeadSeq);
        _moveHead.Number(4, UnixMicroseconds.From(run.LastEventAt));
        return _moveHead.Execute() == 1;
    }

    /// <summary>Writes a run's summary and moves its head on. False when the head is not <paramref name="head"/>.</summary>
    public bool Update(RunSummary run, string? messageId, long head)
    {
        _json.ResetWrittenCount();
        _writer.Reset(_json);
        JsonSerializer.Serialize(_writer, run, StorageJson.Default.RunSummary);

        var cost = run.CostSoFar;
        _update.Text(1, run.RunId);
        _update.Number(2, head);
        _update.Text(3, messageId);
        _update.Text(4, run.Status.ToWire());
        _update.Number(5, run.HeadSeq);
        _update.Number(6, run.CompletedAt is { } at ? UnixMicroseconds.From(at) : null);
        _update.Number(7, UnixMicroseconds.From(run.LastEventAt));
        _update.Text(8, _json.WrittenSpan);
        _update.Number(9, cost.Micros);
        _update.Text(10, cost.Currency);
        _update.Number(11, cost.Gaps);
        return _update.Execute() == 1;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.Dispose();
        _head.Dispose();
        _moveHead.Dispose();
        _update.Dispose();
    }
}
