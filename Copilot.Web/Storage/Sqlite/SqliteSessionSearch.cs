using System.Text.Json;
using Copilot.Web.Storage.Search;
using Copilot.Web.Storage.Sessions;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Storage.Sqlite;

/// <summary>
/// Finds a person's conversations by words of scripts that are written without spaces between words, in the index that all runs are
/// searched by (<see cref="SqliteRunIndex"/>). It follows the log by about a second.
/// </summary>
internal static class SqliteSessionSearch
{
    private const int MaxRuns = 500;

    /// <summary>The ids of a person's sessions with a run in which it is said.</summary>
    public static IQueryable<string> Find(CopilotDbContext db, string userId, SearchTerm term) => db.Database.SqlQuery<string>($"""
        SELECT r.session_id AS "Value" FROM runs r JOIN run_facts f ON f.run_id = r.id
        WHERE r.user_id = {userId} AND f.number IN (SELECT rowid >> {SqliteRunIndex.SeqBits} FROM find_texts WHERE find_texts MATCH {RunConditionsSql.Match(term)})
        """);

    /// <summary>Adds to the sessions without a snippet a piece of the first question or answer with one of the terms; others stay without.</summary>
    public static async Task<IReadOnlyList<SessionInfo>> AddSnippetsAsync(
        CopilotDbContext db, IReadOnlyList<SessionInfo> sessions, IReadOnlyList<SearchTerm> terms, CancellationToken cancellationToken)
    {
        var first = new Dictionary<string, SearchSnippet>();
        await db.Database.OpenConnectionAsync(cancellationToken);
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"""
            SELECT r.session_id, r.id, t.text FROM runs r JOIN run_facts f ON f.run_id = r.id
            JOIN search_rows s ON s.session_id = r.session_id AND s.run_id = r.id JOIN search_texts t ON t.rowid = s.id
            WHERE r.session_id IN (SELECT value FROM json_each($sessions))
                AND f.number IN (SELECT rowid >> {SqliteRunIndex.SeqBits} FROM find_texts WHERE find_texts MATCH $words)
            ORDER BY r.id LIMIT {MaxRuns}
            """;
        command.Parameters.Add(new SqliteParameter(
            "$sessions", JsonSerializer.Serialize(sessions.Where(session => session.Snippet is null).Select(session => session.Id))));
        command.Parameters.Add(new SqliteParameter("$words", string.Join(" OR ", terms.Select(RunConditionsSql.Match))));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            // It may have been said to a tool only, which the list does not show.
            if (FoundText.Show(reader.GetString(1), reader.GetString(2), terms) is var snippet && snippet.Parts.Any(part => part.IsFound))
            {
                first.TryAdd(reader.GetString(0), snippet);
            }
        }

        return [.. sessions.Select(session => session.Snippet is null ? session with { Snippet = first.GetValueOrDefault(session.Id) } : session)];
    }
}
