using Microsoft.Data.Sqlite;

namespace Copilot.Tests.Audit;

/// <summary>A database file in the hands of somebody who knows SQL and not our keys: no trigger and no constraint stops them.</summary>
internal sealed class TamperedFile : IDisposable
{
    private readonly SqliteConnection _connection;

    public TamperedFile(string path)
    {
        _connection = new SqliteConnection($"Data Source={path};Pooling=False");
        _connection.Open();
        Do("PRAGMA foreign_keys = OFF");
        foreach (var table in new[] { "access_log", "audit_checkpoints", "audit_heads" })
        {
            Do($"DROP TRIGGER {table}_no_update");
            Do($"DROP TRIGGER {table}_no_delete");
        }
    }

    /// <summary>Any statement.</summary>
    public void Do(string sql)
    {
        using var command = new SqliteCommand(sql, _connection);
        command.ExecuteNonQuery();
    }

    /// <summary>Flips a byte in the middle of a column of one row.</summary>
    public void Flip(string table, string column, string where)
    {
        using var read = new SqliteCommand($"SELECT \"{column}\" FROM {table} WHERE {where}", _connection);
        object changed = read.ExecuteScalar() switch
        {
            byte[] bytes => Flip(bytes),
            string text => Flip(text),
            long number => number ^ 1,
            var other => throw new InvalidOperationException($"{table}.{column} has {other ?? "no row"}."),
        };
        using var write = new SqliteCommand($"UPDATE {table} SET \"{column}\" = $value WHERE {where}", _connection);
        write.Parameters.AddWithValue("$value", changed);
        Assert.Equal(1, write.ExecuteNonQuery());
    }

    /// <summary>Bytes as a literal of SQL.</summary>
    public static string Hex(ReadOnlyMemory<byte> bytes) => $"x'{Convert.ToHexString(bytes.Span)}'";

    public void Dispose() => _connection.Dispose();

    private static byte[] Flip(byte[] bytes)
    {
        bytes[bytes.Length / 2] ^= 1;
        return bytes;
    }

    private static string Flip(string text)
    {
        var letters = text.ToCharArray();
        letters[letters.Length / 2] ^= (char)1;
        return new string(letters);
    }
}
