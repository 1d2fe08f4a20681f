using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Storage.Erasure;
using Microsoft.Data.Sqlite;

namespace Copilot.Web.Storage.Runs;

/// <summary>
/// The SQL of an append on one connection. Each statement is prepared at its first use and reused for every further row and transaction.
/// </summary>
internal sealed class RunStatements(SqliteConnection connection) : IDisposable
{
    /// <summary>Payloads larger than this (bytes) get a separate row, so that pages of events stay small.</summary>
    public const int LargePayload = 64 * 1024;

    // By reference: the texts are constants, and hashing one costs as much as finding its row.
    private readonly Dictionary<string, SqliteCommand> _commands = new(ReferenceEqualityComparer.Instance);
    private readonly EventInsert _insertEvent = new(connection);

    /// <summary>The statements on a run's own row.</summary>
    public RunUpdate Runs { get; } = new(connection);

    /// <summary>The statements on the search index.</summary>
    public SearchInsert Search { get; } = new(connection);

    /// <summary>
    /// Creates the run's session, without a title, if it does not exist yet. False when it does and belongs to somebody else or was deleted.
    /// </summary>
    /// <param name="run">The session's new run.</param>
    /// <param name="agentId">The run's agent, or null where its log does not say.</param>
    public bool InsertSession(RunSummary run, string? agentId)
    {
        var at = UnixMicroseconds.From(run.CreatedAt);
        return Command(
            """
            INSERT INTO sessions (id, user_id, team_id, title, created_at, updated_at, agent_id) VALUES ($0, $1, $2, '', $3, $3, $4)
            ON CONFLICT (id) DO UPDATE SET updated_at = updated_at WHERE user_id = excluded.user_id AND deleted_at IS NULL
            """,
            run.SessionId, run.UserId, run.TeamId, at, agentId ?? AgentStore.DefaultAgentId).ExecuteNonQuery() == 1;
    }

    /// <summary>Creates the run.</summary>
    public void InsertRun(RunSummary run, string? messageId, string summary) =>
        Command(
            """
            INSERT INTO runs (id, session_id, user_id, team_id, parent_run_id, parent_seq, message_id, created_at,
                status, head_seq, completed_at, last_event_at, summary, cost_micros, cost_currency, cost_gaps, forked_run_id, ordinal)
            VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
            """,
            run.RunId, run.SessionId, run.UserId, run.TeamId, run.ParentRunId, run.ParentSeq, messageId,
            UnixMicroseconds.From(run.CreatedAt), run.Status.ToWire(), run.HeadSeq, Time(run.CompletedAt),
            UnixMicroseconds.From(run.LastEventAt), summary,
            run.CostSoFar.Micros, run.CostSoFar.Currency, run.CostSoFar.Gaps, run.ForkedFrom?.RunId, run.Ordinal).ExecuteNonQuery();

    /// <summary>
    /// Moves a session up in the list of conversations, makes the run its head if requested, and saves how the run settled if it has.
    /// One that was put away comes back when a run begins in it.
    /// </summary>
    public void UpdateSession(RunSummary run, bool becomesHead, bool settled) =>
        Command(
            """
            UPDATE sessions SET updated_at = max(updated_at, $1), head_run_id = CASE WHEN $3 THEN $2 ELSE head_run_id END,
                settled_at = CASE WHEN $4 THEN $1 ELSE settled_at END, outcome = CASE WHEN $4 THEN $5 ELSE NULL END,
                archived_at = CASE WHEN $3 THEN NULL ELSE archived_at END
            WHERE id = $0
            """,
            run.SessionId, UnixMicroseconds.From(run.LastEventAt), run.RunId, becomesHead, settled, run.Status.ToWire()).ExecuteNonQuery();

    /// <summary>Sets the first title of a session, or the first since its content was erased. Null if it already has one.</summary>
    /// <param name="run">The run whose message gives the title.</param>
    /// <param name="title">The title.</param>
    /// <param name="by">Who gave it (<see cref="SessionRow.TitledBy"/>); null for the start of the message.</param>
    public string? SetFirstTitle(RunSummary run, string title, string? by) =>
        Command(
            """
            UPDATE sessions SET title = $1, titled_by = coalesce($5, titled_by) WHERE id = $0 AND (title = '' OR title IN ($3, $4)
                AND NOT EXISTS (SELECT 1 FROM runs WHERE session_id = $0 AND id <> $2 AND forgotten_at IS NULL))
            """,
            run.SessionId, title, run.RunId, RunEraser.Title, RunEraser.EarlierTitle, by).ExecuteNonQuery() == 1 ? title : null;

    /// <summary>Assigns an uploaded file to the session whose message uses it; the first session counts.</summary>
    public void AttachFile(string fileId, string sessionId) =>
        Command("UPDATE files SET session_id = $1 WHERE id = $0 AND session_id IS NULL", fileId, sessionId).ExecuteNonQuery();

    /// <summary>Writes one event, its payload in the same row or in a separate one.</summary>
    public void InsertEvent(RunEvent row)
    {
        var large = row.Data.Length > LargePayload;
        _insertEvent.Execute(row, withPayload: !large && !row.IsErased);
        if (large)
        {
            Command("INSERT INTO run_payloads (run_id, seq, payload) VALUES ($0, $1, $2)", row.RunId, row.Seq, row.Data.ToArray()).ExecuteNonQuery();
        }
    }

    /// <summary>Saves the key that the salts of an event and of those after it are derived from.</summary>
    public void InsertSaltKey(RunEvent first) =>
        Command(
            "INSERT INTO run_salts (run_id, from_seq, key) VALUES ($0, $1, $2)", first.RunId, first.Seq, first.NewSaltKey!.Bytes.ToArray()).ExecuteNonQuery();

    /// <summary>The events of a range that have rows, both ends included.</summary>
    public IReadOnlyList<RunEvent> ReadEvents(string runId, long from, long to)
    {
        using var reader = Command(
            """
            SELECT e.seq, e.at, e.source, e.actor_id, e.actor_role, e.type, e.response_id, e.call_id, e.salt, e.payload_digest, e.hash,
                coalesce(e.payload, p.payload)
            FROM run_events e LEFT JOIN run_payloads p ON p.run_id = e.run_id AND p.seq = e.seq
            WHERE e.run_id = $0 AND e.seq BETWEEN $1 AND $2 ORDER BY e.seq
            """,
            runId, from, to).ExecuteReader();
        var events = new List<RunEvent>();
        while (reader.Read())
        {
            events.Add(RunEventRowMapping.ToEvent(
                new RunEventRow
                {
                    RunId = runId,
                    Seq = reader.GetInt64(0),
                    At = reader.GetInt64(1),
                    Source = reader.GetString(2),
                    ActorId = reader[3] as string,
                    ActorRole = reader[4] as string,
                    Type = reader.GetString(5),
                    ResponseId = reader[6] as string,
                    CallId = reader[7] as string,
                    Salt = reader[8] as byte[],
                    PayloadDigest = reader.GetFieldValue<byte[]>(9),
                    Hash = reader.GetFieldValue<byte[]>(10),
                    Payload = reader[11] as byte[],
                },
                large: null));
        }

        return events;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _insertEvent.Dispose();
        Runs.Dispose();
        Search.Dispose();
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = new SqliteCommand(sql, connection);
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
            }

            _commands.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }

    private static long? Time(DateTimeOffset? time) => time is { } value ? UnixMicroseconds.From(value) : null;
}
