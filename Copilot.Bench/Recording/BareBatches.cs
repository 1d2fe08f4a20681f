using System.Text.Json;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Runs;
using Microsoft.Data.Sqlite;

namespace Copilot.Bench.Recording;

/// <summary>
/// Commits recorded transactions with nothing but ADO.NET: one open connection, statements prepared once for good, the product's
/// pragmas, no checks, the run's summary serialised beforehand. The minimum cost of the same rows with this driver.
/// </summary>
internal sealed class BareBatches : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insertRun;
    private readonly SqliteCommand _updateRun;
    private readonly SqliteCommand _insertEvent;

    /// <param name="file">A database that the product has migrated.</param>
    public BareBatches(string file)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        _connection.Open();
        using var pragmas = _connection.CreateCommand();
        pragmas.CommandText = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON; PRAGMA journal_size_limit = 67108864;";
        pragmas.ExecuteNonQuery();
        _insertRun = Prepare(
            """
            INSERT INTO runs (id, session_id, user_id, team_id, created_at, status, head_seq, last_event_at, summary)
            VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8)
            """,
            9);
        _updateRun = Prepare("UPDATE runs SET status = $1, head_seq = $2, last_event_at = $3, summary = $4 WHERE id = $0", 5);
        _insertEvent = Prepare(
            """
            INSERT INTO run_events (run_id, seq, at, source, actor_id, actor_role, type, response_id, call_id, payload, salt, payload_digest, hash)
            VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            """,
            13);
    }

    /// <summary>Prepares what is not charged to the bare writer.</summary>
    public static IReadOnlyList<BareAppend> Prepare(IReadOnlyList<RunAppend> transaction) =>
        [.. transaction.Select(append => new BareAppend(append, JsonSerializer.Serialize(append.Summary, StorageJson.Default.RunSummary)))];

    /// <summary>Commits one transaction.</summary>
    public void Commit(IReadOnlyList<BareAppend> transaction)
    {
        using var open = _connection.BeginTransaction();
        _insertRun.Transaction = _updateRun.Transaction = _insertEvent.Transaction = open;
        foreach (var (append, summary) in transaction)
        {
            var run = append.Summary;
            if (append.Events[0].Seq == 1)
            {
                InsertSession(run, open);
                Execute(
                    _insertRun, run.RunId, run.SessionId, run.UserId, run.TeamId, UnixMicroseconds.From(run.CreatedAt),
                    run.Status.ToWire(), run.HeadSeq, UnixMicroseconds.From(run.LastEventAt), summary);
            }
            else
            {
                Execute(_updateRun, run.RunId, run.Status.ToWire(), run.HeadSeq, UnixMicroseconds.From(run.LastEventAt), summary);
            }

            foreach (var row in append.Events)
            {
                Execute(
                    _insertEvent, row.RunId, row.Seq, UnixMicroseconds.From(row.At), RunEventRowMapping.ToWire(row.Source), row.Actor?.Id,
                    row.Actor?.Role, row.Type, row.ResponseId, row.CallId, row.Data.ToArray(), row.Salt.ToArray(), row.PayloadDigest.ToArray(),
                    row.Hash.ToArray());
            }
        }

        open.Commit();
    }

    public void Dispose()
    {
        _insertRun.Dispose();
        _updateRun.Dispose();
        _insertEvent.Dispose();
        _connection.Dispose();
    }

    private void InsertSession(RunSummary run, SqliteTransaction open)
    {
        using var command = new SqliteCommand(
            "INSERT INTO sessions (id, user_id, team_id, title, created_at, updated_at) VALUES ($0, $1, $2, '', $3, $3) ON CONFLICT (id) DO NOTHING",
            _connection,
            open);
        command.Parameters.AddWithValue("$0", run.SessionId);
        command.Parameters.AddWithValue("$1", run.UserId);
        command.Parameters.AddWithValue("$2", run.TeamId);
        command.Parameters.AddWithValue("$3", UnixMicroseconds.From(run.CreatedAt));
        command.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string sql, int parameters)
    {
        var command = new SqliteCommand(sql, _connection);
        for (var i = 0; i < parameters; i++)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}", Value = DBNull.Value });
        }

        command.Prepare();
        return command;
    }

    private static void Execute(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        command.ExecuteNonQuery();
    }
}

/// <summary>One run's part of a transaction, with its summary as the column has it.</summary>
internal sealed record BareAppend(RunAppend Append, string Summary);
