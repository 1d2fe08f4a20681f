using Copilot.Domain.Audit.Chains;
using Microsoft.Data.Sqlite;

namespace Copilot.Web.Storage.Audit;

/// <summary>The hash of a finished deletion record with all that it lists. Columns that come later are not in it, so it stays as it is.</summary>
internal static class DeletionDigest
{
    private static readonly string[] s_parts =
    [
        """
        SELECT id, session_id, user_id, team_id, cause, actor_id, actor_role, rule, requested_at, state, erased_at, finished_at
        FROM forgettings WHERE id = $id
        """,
        """
        SELECT run_id, events, bytes, head_hash, chain_held_before, chain_holds_after, planned_at, erased_at
        FROM forgotten_runs WHERE forgetting_id = $id ORDER BY run_id
        """,
        """
        SELECT run_id, seq, response_id, proof, state, sent_at, transport, endpoint, socket_end, close_code, delete_at, delete_status,
            get_status, verified_at
        FROM forgotten_responses WHERE forgetting_id = $id ORDER BY run_id, seq
        """,
    ];

    /// <summary>The hash, or null when there is no such record.</summary>
    /// <param name="connection">Open.</param>
    /// <param name="transaction">What it is read in.</param>
    /// <param name="deletionId">The deletion.</param>
    public static byte[]? Compute(SqliteConnection connection, SqliteTransaction? transaction, string deletionId)
    {
        using var hash = new ChainHash();
        var rows = 0L;
        foreach (var sql in s_parts)
        {
            using var command = new SqliteCommand(sql, connection, transaction);
            command.Parameters.AddWithValue("$id", deletionId);
            using var reader = command.ExecuteReader();
            var before = rows;
            for (; reader.Read(); rows++)
            {
                Add(hash, reader);
            }

            if (rows == 0)
            {
                return null;
            }

            hash.Number(rows - before);
        }

        return hash.Take();
    }

    private static void Add(ChainHash hash, SqliteDataReader row)
    {
        for (var column = 0; column < row.FieldCount; column++)
        {
            switch (row.GetValue(column))
            {
                case long number:
                    hash.Number(number);
                    break;
                case byte[] bytes:
                    hash.Bytes(bytes);
                    break;
                case string text:
                    hash.Text(text);
                    break;
                default:
                    hash.Text(null);
                    break;
            }
        }
    }
}
