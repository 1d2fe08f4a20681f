using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Storage.Sessions;

/// <summary>
/// The full-text index over titles, questions and answers (FTS5): one text per session for its title, one per run. It is written in the
/// transaction that changes what it indexes, so a search never finds what a crash has rolled back.
/// </summary>
internal static class SessionSearch
{
    /// <summary>The run id of a session's title.</summary>
    public const string TitleRow = "";

    /// <summary>Makes the row of a session (?1) and run (?2) where it is missing, and returns its id.</summary>
    public const string InsertRow = """
        INSERT INTO search_rows (session_id, run_id) VALUES (?1, ?2)
        ON CONFLICT (session_id, run_id) DO UPDATE SET run_id = excluded.run_id
        RETURNING id
        """;

    /// <summary>Gives a row (?1) its text (?2).</summary>
    public const string InsertText = "INSERT OR REPLACE INTO search_texts (rowid, text) VALUES (?1, ?2)";

    // Every word is a separate index lookup, so the number is limited.
    private const int MaxWords = 8;

    /// <summary>
    /// The words of the search. Only letters, digits and marks pass, so no input can reach the query language. Empty if there is no word.
    /// </summary>
    public static IReadOnlyList<string> Words(string search)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in search.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark)
            {
                word.Append(rune.ToString());
                continue;
            }

            Close();
        }

        Close();
        return words;

        void Close()
        {
            if (word.Length > 0 && words.Count < MaxWords)
            {
                words.Add(word.ToString());
            }

            word.Clear();
        }
    }

    /// <summary>An FTS5 prefix expression for a word of <see cref="Words"/>.</summary>
    public static string Prefix(string word) => $"\"{word}\"*";

    /// <summary>True for a word of one letter or digit.</summary>
    public static bool IsSingle(string word) => word.EnumerateRunes().Count(rune => Rune.GetUnicodeCategory(rune) is not UnicodeCategory.NonSpacingMark) < 2;

    /// <summary>
    /// Patterns for titles that begin with a word of <see cref="Words"/>, or have it after a space. In both cases, because the database
    /// knows only those of English letters.
    /// </summary>
    public static (string Lower, string LowerLater, string Upper, string UpperLater) TitlePatterns(string word)
    {
        var (lower, upper) = (word.ToLowerInvariant(), word.ToUpperInvariant());
        return (lower + "%", "% " + lower + "%", upper + "%", "% " + upper + "%");
    }

    /// <summary>
    /// The sessions with the piece of text that was found, the best match of each among its questions and answers; one that was found by
    /// its title alone stays without.
    /// </summary>
    public static async Task<IReadOnlyList<SessionInfo>> AddSnippetsAsync(
        CopilotDbContext db, IReadOnlyList<SessionInfo> sessions, IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        var (any, begin, end) = (string.Join(" OR ", words.Select(Prefix)), $"{SearchSnippet.Begin}", $"{SearchSnippet.End}");
        var ids = JsonSerializer.Serialize(sessions.Select(session => session.Id));
        var best = new Dictionary<string, SearchSnippet>();
        await db.Database.OpenConnectionAsync(cancellationToken);
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = """
            SELECT r.session_id, r.run_id, snippet(search_texts, 0, $begin, $end, '…', 14)
            FROM search_texts JOIN search_rows r ON r.id = search_texts.rowid
            WHERE search_texts MATCH $words AND r.run_id <> '' AND r.session_id IN (SELECT value FROM json_each($sessions))
            ORDER BY rank LIMIT 500
            """;
        command.Parameters.Add(new SqliteParameter("$begin", begin));
        command.Parameters.Add(new SqliteParameter("$end", end));
        command.Parameters.Add(new SqliteParameter("$words", any));
        command.Parameters.Add(new SqliteParameter("$sessions", ids));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            best.TryAdd(reader.GetString(0), SearchSnippet.Of(reader.GetString(1), reader.GetString(2)));
        }

        return [.. sessions.Select(session => session with { Snippet = best.GetValueOrDefault(session.Id) })];
    }

    /// <summary>Indexes a text, replacing the previous text of the same session and run.</summary>
    public static void Index(DbConnection connection, DbTransaction transaction, string sessionId, string runId, string text)
    {
        using var insert = Command(connection, transaction, InsertRow, sessionId, runId);
        using var write = Command(connection, transaction, InsertText, (long)insert.ExecuteScalar()!, text);
        write.ExecuteNonQuery();
    }

    private static DbCommand Command(DbConnection connection, DbTransaction transaction, string sql, object first, object second)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.Parameters.Add(new SqliteParameter("?1", first));
        command.Parameters.Add(new SqliteParameter("?2", second));
        return command;
    }
}
