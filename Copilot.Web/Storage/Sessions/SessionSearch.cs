using System.Data.Common;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Copilot.Web.Storage.Sessions;

/// <summary>
/// The full-text index over titles, questions and answers (FTS5): one text per session for its title, one per run. It is written
/// in the transaction that changes what it indexes, so a search never finds what a crash has unmade.
/// </summary>
internal static class SessionSearch
{
    /// <summary>The run id of a session's title.</summary>
    public const string TitleRow = "";

    // Every word is an index lookup of its own; nobody types more than this.
    private const int MaxWords = 8;

    /// <summary>
    /// One FTS5 expression per word of what somebody typed, each matching words that begin so. Only letters, digits and marks get
    /// through, so no input can reach the query language. Empty where there is no word.
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
                words.Add($"\"{word}\"*");
            }

            word.Clear();
        }
    }

    /// <summary>Puts a text in the place of what was indexed for the same session and run before.</summary>
    public static void Put(DbConnection connection, DbTransaction transaction, string sessionId, string runId, string text)
    {
        using var place = connection.CreateCommand();
        place.Transaction = transaction;
        place.CommandText = """
            INSERT INTO search_rows (session_id, run_id) VALUES ($session, $run)
            ON CONFLICT (session_id, run_id) DO UPDATE SET run_id = excluded.run_id
            RETURNING id
            """;
        place.Parameters.Add(new SqliteParameter("$session", sessionId));
        place.Parameters.Add(new SqliteParameter("$run", runId));
        var id = (long)place.ExecuteScalar()!;

        using var write = connection.CreateCommand();
        write.Transaction = transaction;
        write.CommandText = "INSERT OR REPLACE INTO search_texts (rowid, text) VALUES ($id, $text)";
        write.Parameters.Add(new SqliteParameter("$id", id));
        write.Parameters.Add(new SqliteParameter("$text", text));
        write.ExecuteNonQuery();
    }
}
