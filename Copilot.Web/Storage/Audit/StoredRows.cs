using Copilot.Domain.Audit;
using Copilot.Domain.Audit.Chains;
using Copilot.Domain.Audit.Checkpoints;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Storage.Packing;
using Microsoft.Data.Sqlite;

namespace Copilot.Web.Storage.Audit;

/// <summary>
/// Reads rows as they are, for their verification: what the rest of the program is lenient about (a source that does not exist, half of a
/// person, a payload twice) is no row of ours here.
/// </summary>
internal static class StoredRows
{
    // Of these the program makes dates; what is beyond was never written.
    private static readonly long s_lastAt = UnixMicroseconds.From(DateTimeOffset.MaxValue);

    private static readonly Dictionary<string, EventSource> s_sources = Enum.GetValues<EventSource>().ToDictionary(source => source.ToWire());

    /// <summary>The events of a run, packed or not, by their number.</summary>
    public static IEnumerable<ChainLink> Events(SqliteConnection connection, SqliteTransaction transaction, string runId)
    {
        using var packed = Packed(connection, transaction, runId).GetEnumerator();
        var hasPacked = packed.MoveNext();
        foreach (var row in Unpacked(connection, transaction, runId))
        {
            for (; hasPacked && packed.Current.Seq <= row.Seq; hasPacked = packed.MoveNext())
            {
                yield return packed.Current;
            }

            yield return row;
        }

        for (; hasPacked; hasPacked = packed.MoveNext())
        {
            yield return packed.Current;
        }
    }

    private static IEnumerable<RunLink> Packed(SqliteConnection connection, SqliteTransaction transaction, string runId)
    {
        var keys = new SaltKeys(Keys(connection, transaction, runId));
        using var command = new SqliteCommand(
            "SELECT first_seq, last_seq, previous_hash, last_hash, content FROM run_segments WHERE run_id = $id ORDER BY first_seq", connection, transaction);
        command.Parameters.AddWithValue("$id", runId);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var segment = new RunSegmentRow
            {
                RunId = runId,
                FirstSeq = reader.GetInt64(0),
                LastSeq = reader.GetInt64(1),
                PreviousHash = Bytes(reader, 2) ?? [],
                LastHash = Bytes(reader, 3) ?? [],
                Content = Bytes(reader, 4) ?? [],
            };
            foreach (var one in SegmentReader.Read(segment, keys))
            {
                yield return new RunLink(one, isReadable: one.Type != SegmentReader.DamagedType);
            }
        }
    }

    private static List<RunSaltRow> Keys(SqliteConnection connection, SqliteTransaction transaction, string runId)
    {
        using var command = new SqliteCommand("SELECT from_seq, key FROM run_salts WHERE run_id = $id", connection, transaction);
        command.Parameters.AddWithValue("$id", runId);
        using var reader = command.ExecuteReader();
        var keys = new List<RunSaltRow>();
        while (reader.Read())
        {
            keys.Add(new RunSaltRow { RunId = runId, FromSeq = reader.GetInt64(0), Key = Bytes(reader, 1) ?? [] });
        }

        return keys;
    }

    private static IEnumerable<RunLink> Unpacked(SqliteConnection connection, SqliteTransaction transaction, string runId)
    {
        using var command = new SqliteCommand(
            """
            SELECT e.seq, e.at, e.source, e.actor_id, e.actor_role, e.type, e.response_id, e.call_id, e.payload, p.payload, e.salt,
                e.payload_digest, e.hash
            FROM run_events e LEFT JOIN run_payloads p ON p.run_id = e.run_id AND p.seq = e.seq
            WHERE e.run_id = $id ORDER BY e.seq
            """,
            connection,
            transaction);
        command.Parameters.AddWithValue("$id", runId);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var (at, source) = (reader.GetInt64(1), reader.GetString(2));
            var (actorId, role) = (Text(reader, 3), Text(reader, 4));
            var (payload, large) = (Bytes(reader, 8), Bytes(reader, 9));
            var isTime = at >= 0 && at <= s_lastAt;
            var isSource = s_sources.TryGetValue(source, out var known);
            yield return new RunLink(
                new RunEvent
                {
                    RunId = runId,
                    Seq = reader.GetInt64(0),
                    At = UnixMicroseconds.ToTime(isTime ? at : 0),
                    Source = known,
                    Actor = actorId is null ? null : new EventActor(actorId, role ?? ""),
                    Type = reader.GetString(5),
                    ResponseId = Text(reader, 6),
                    CallId = Text(reader, 7),
                    Data = payload ?? large,
                    Salt = Bytes(reader, 10),
                    PayloadDigest = Bytes(reader, 11),
                    Hash = Bytes(reader, 12),
                },
                isReadable: isTime && isSource && actorId is null == role is null && (payload is null || large is null));
        }
    }

    /// <summary>The access log.</summary>
    public static IEnumerable<ChainLink> Access(SqliteConnection connection, SqliteTransaction transaction)
    {
        using var command = new SqliteCommand(
            """
            SELECT seq, at, action, actor_id, actor_name, actor_role, key_id, address, object_id, object_name, owner_id, reason, "before",
                "after", hash
            FROM access_log ORDER BY seq
            """,
            connection,
            transaction);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var at = reader.GetInt64(1);
            yield return new AccessLink(new AccessRecord(
                reader.GetInt64(0),
                UnixMicroseconds.ToTime(at >= 0 && at <= s_lastAt ? at : 0),
                new AccessEntry
                {
                    Action = reader.GetString(2),
                    ActorId = Text(reader, 3),
                    ActorName = reader.GetString(4),
                    ActorRole = Text(reader, 5),
                    KeyId = Text(reader, 6),
                    Address = reader.GetString(7),
                    ObjectId = Text(reader, 8),
                    ObjectName = Text(reader, 9),
                    OwnerId = Text(reader, 10),
                    Reason = Text(reader, 11),
                    Before = Text(reader, 12),
                    After = Text(reader, 13),
                },
                Bytes(reader, 14)));
        }
    }

    /// <summary>Checkpoints with their heads.</summary>
    public static List<SealedCheckpoint> Checkpoints(SqliteConnection connection, long after, int limit)
    {
        using var command = new SqliteCommand(
            """
            SELECT number, at, previous_hash, head_count, heads_digest, key_id, hash, signature
            FROM audit_checkpoints WHERE number > $after ORDER BY number LIMIT $limit
            """,
            connection);
        command.Parameters.AddWithValue("$after", after);
        command.Parameters.AddWithValue("$limit", limit);
        using var reader = command.ExecuteReader();
        var page = new List<SealedCheckpoint>();
        while (reader.Read())
        {
            var (number, at) = (reader.GetInt64(0), reader.GetInt64(1));
            var checkpoint = new Checkpoint
            {
                Number = number,
                At = UnixMicroseconds.ToTime(at >= 0 && at <= s_lastAt ? at : 0),
                PreviousHash = Bytes(reader, 2),
                HeadCount = reader.GetInt32(3),
                HeadsDigest = Bytes(reader, 4),
                KeyId = reader.GetString(5),
                Hash = Bytes(reader, 6),
                Signature = Bytes(reader, 7),
            };
            page.Add(new SealedCheckpoint(checkpoint, Heads(connection, number)));
        }

        return page;
    }

    private static List<ChainHead> Heads(SqliteConnection connection, long checkpoint)
    {
        using var command = new SqliteCommand("SELECT kind, chain, seq, hash FROM audit_heads WHERE checkpoint = $number", connection);
        command.Parameters.AddWithValue("$number", checkpoint);
        using var reader = command.ExecuteReader();
        var heads = new List<ChainHead>();
        while (reader.Read())
        {
            heads.Add(new ChainHead(reader.GetString(0), reader.GetString(1), reader.GetInt64(2), Bytes(reader, 3)));
        }

        return heads;
    }

    private static string? Text(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static byte[]? Bytes(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<byte[]>(column);
}
