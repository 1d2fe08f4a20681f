using System.Runtime.CompilerServices;
using Copilot.Domain.Audit;
using Copilot.Domain.Audit.Chains;
using Copilot.Domain.Audit.Checkpoints;
using Microsoft.Data.Sqlite;

namespace Copilot.Web.Storage.Audit;

/// <summary>
/// Reads what is stored over connections that cannot write. Each chain is read in a transaction of its own: the rows, the head and the
/// checkpoints of one moment, which holds nothing up that is written meanwhile.
/// </summary>
/// <param name="connectionString">The product's.</param>
internal sealed class SqliteAuditStore(string connectionString) : IAuditStore
{
    private const string RunsInRange = """
        SELECT id FROM (
            SELECT r.id AS id FROM runs r WHERE r.last_event_at >= $from AND r.created_at < $to
            UNION SELECT DISTINCT e.run_id FROM run_events e WHERE NOT EXISTS (SELECT 1 FROM runs r WHERE r.id = e.run_id) AND e.at >= $from AND e.at < $to
            UNION SELECT s.run_id FROM run_segments s WHERE NOT EXISTS (SELECT 1 FROM runs r WHERE r.id = s.run_id)
            UNION SELECT h.chain FROM audit_heads h JOIN audit_checkpoints c ON c.number = h.checkpoint
                WHERE h.kind = 'run' AND c.at >= $from AND c.at < $to)
        """;

    private const string AllRuns = """
        SELECT id FROM (
            SELECT id FROM runs
            UNION SELECT DISTINCT e.run_id FROM run_events e WHERE NOT EXISTS (SELECT 1 FROM runs r WHERE r.id = e.run_id)
            UNION SELECT s.run_id FROM run_segments s WHERE NOT EXISTS (SELECT 1 FROM runs r WHERE r.id = s.run_id)
            UNION SELECT chain FROM audit_heads WHERE kind = 'run')
        """;

    private readonly string _readOnly = new SqliteConnectionStringBuilder(connectionString) { Mode = SqliteOpenMode.ReadOnly, DefaultTimeout = 5 }.ToString();

    /// <inheritdoc/>
    public Task<long> CountRunsAsync(AuditRange range, CancellationToken cancellationToken) => ReadAsync(
        connection =>
        {
            using var command = Range(connection, range, "SELECT count(*) FROM (", ")");
            return (long)command.ExecuteScalar()!;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ReadRunIdsAsync(AuditRange range, string after, int limit, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<string>>(
            connection =>
            {
                using var command = Range(connection, range, "", " WHERE id > $after ORDER BY id LIMIT $limit");
                command.Parameters.AddWithValue("$after", after);
                command.Parameters.AddWithValue("$limit", limit);
                using var reader = command.ExecuteReader();
                var ids = new List<string>();
                while (reader.Read())
                {
                    ids.Add(reader.GetString(0));
                }

                return ids;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<AuditedChain> OpenRunAsync(string runId, IReadOnlySet<long> distrusted, CancellationToken cancellationToken) => OpenAsync(
        (connection, transaction) =>
        {
            using var facts = new SqliteCommand(
                "SELECT (SELECT head_seq FROM runs WHERE id = $id), EXISTS (SELECT 1 FROM forgotten_runs WHERE run_id = $id)", connection, transaction);
            facts.Parameters.AddWithValue("$id", runId);
            using var reader = facts.ExecuteReader();
            reader.Read();
            return new ChainFacts(
                runId, reader.IsDBNull(0) ? null : reader.GetInt64(0), reader.GetInt64(1) != 0, Points(connection, transaction, runId, distrusted));
        },
        (connection, transaction) => StoredRows.Events(connection, transaction, runId),
        cancellationToken);

    /// <inheritdoc/>
    public Task<AuditedChain> OpenAccessLogAsync(IReadOnlySet<long> distrusted, CancellationToken cancellationToken) => OpenAsync(
        (connection, transaction) => new ChainFacts(
            AccessRecord.Chain, Head: null, MayBeErased: false, Points(connection, transaction, AccessRecord.Chain, distrusted)),
        StoredRows.Access,
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SealedCheckpoint>> ReadCheckpointsAsync(long after, int limit, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<SealedCheckpoint>>(connection => StoredRows.Checkpoints(connection, after, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<long> ReadNewestHeadAsync(CancellationToken cancellationToken) => ReadAsync(
        connection =>
        {
            using var command = new SqliteCommand("SELECT coalesce(max(checkpoint), 0) FROM audit_heads", connection);
            return (long)command.ExecuteScalar()!;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DeletionSeal>> ReadDeletionsAsync(CancellationToken cancellationToken) => ReadAsync<IReadOnlyList<DeletionSeal>>(
        connection =>
        {
            var seals = new List<DeletionSeal>();
            using var command = new SqliteCommand("SELECT chain, hash, checkpoint FROM audit_heads WHERE kind = 'deletion' ORDER BY chain", connection);
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                var id = reader.GetString(0);
                var stored = DeletionDigest.Compute(connection, transaction: null, id);
                seals.Add(new DeletionSeal(id, reader.GetFieldValue<byte[]>(1), reader.GetInt64(2), stored is null ? null : (ReadOnlyMemory<byte>?)stored));
            }

            return seals;
        },
        cancellationToken);

    private static SqliteCommand Range(SqliteConnection connection, AuditRange range, string before, string after)
    {
        var isAll = range == AuditRange.All;
        var command = new SqliteCommand($"{before}{(isAll ? AllRuns : RunsInRange)}{after}", connection);
        if (!isAll)
        {
            command.Parameters.AddWithValue("$from", range.From is { } from ? UnixMicroseconds.From(from) : long.MinValue);
            command.Parameters.AddWithValue("$to", range.To is { } to ? UnixMicroseconds.From(to) : long.MaxValue);
        }

        return command;
    }

    private static List<SealedPoint> Points(SqliteConnection connection, SqliteTransaction transaction, string chain, IReadOnlySet<long> distrusted)
    {
        using var command = new SqliteCommand("SELECT seq, hash, checkpoint FROM audit_heads WHERE chain = $chain ORDER BY seq", connection, transaction);
        command.Parameters.AddWithValue("$chain", chain);
        using var reader = command.ExecuteReader();
        var points = new List<SealedPoint>();
        while (reader.Read())
        {
            var point = new SealedPoint(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetInt64(2));
            if (!distrusted.Contains(point.Checkpoint))
            {
                points.Add(point);
            }
        }

        return points;
    }

    private async Task<AuditedChain> OpenAsync(
        Func<SqliteConnection, SqliteTransaction, ChainFacts> facts,
        Func<SqliteConnection, SqliteTransaction, IEnumerable<ChainLink>> rows,
        CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(_readOnly);
        try
        {
            await connection.OpenAsync(cancellationToken);
            // Deferred: it takes no lock, and what it reads first is the moment of all that it reads.
            var transaction = connection.BeginTransaction(deferred: true);
            return new AuditedChain(facts(connection, transaction), Rows(rows(connection, transaction), CancellationToken.None), async () =>
            {
                await transaction.DisposeAsync();
                await connection.DisposeAsync();
            });
        }
        catch (Exception exception)
        {
            await connection.DisposeAsync();
            if (StorageFailure.Explain(exception) is { } unavailable)
            {
                throw unavailable;
            }

            throw;
        }
    }

    // SQLite has no asynchronous reads: a reader on a circuit takes turns with it instead of waiting for the whole run.
    private static async IAsyncEnumerable<ChainLink> Rows(IEnumerable<ChainLink> rows, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var row in rows)
        {
            yield return row;
            if (++count % 1_000 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }
    }

    private async Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new SqliteConnection(_readOnly);
            await connection.OpenAsync(cancellationToken);
            return read(connection);
        }
        catch (Exception exception) when (StorageFailure.Explain(exception) is { } unavailable)
        {
            throw unavailable;
        }
    }
}
