using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Storage.Runs;
using Copilot.Web.Storage.Search;
using Copilot.Web.Storage.Search.Review;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Storage.Sqlite;

/// <summary>Lists and searches runs in SQLite.</summary>
internal sealed class SqliteRunSearch(IDbContextFactory<CopilotDbContext> contexts, EfRunEventStore store) : IRunSearch
{
    private const int MaxNames = 500;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FoundRun>> ListAsync(FindScope scope, RunQuery query, CancellationToken cancellationToken)
    {
        if (RunConditionsSql.FindsNothing(query))
        {
            return [];
        }

        var sql = new RunConditionsSql(scope, query);
        var key = RunConditionsSql.Key(query.Sort);
        if (query.After is { } after)
        {
            sql.And($"({key}, r.id) {(query.IsAscending ? ">" : "<")} ({sql.Value(after.Key)}, {sql.Value(after.Id)})");
        }

        var order = query.IsAscending ? "ASC" : "DESC";
        // What a row shows is read for the rows of the page alone.
        var text = $"""
            SELECT p.key, r.id, r.session_id, s.title, CASE WHEN json_valid(r.summary) THEN substr(json_extract(r.summary, '$.input'), 1, 300) END,
                r.user_id, u.display_name, r.team_id, t.name,
                coalesce(f.agent, CASE WHEN json_valid(r.summary) THEN json_extract(r.summary, '$.agent_name') END, ''),
                coalesce(f.model, ''), r.status, f.transport, f.error_code, coalesce(f.tools, ''), coalesce(f.tool_calls, 0), coalesce(f.tokens, 0),
                r.cost_micros, r.cost_currency, r.cost_gaps, coalesce(f.has_intervention, 0), r.created_at, r.completed_at, {RunConditionsSql.Duration},
                r.forgotten_at, f.number, {sql.Seen(before: null)}
            FROM (SELECT r.id AS id, {key} AS key {sql.From} ORDER BY {key} {order}, r.id {order} LIMIT {sql.Value(query.Limit)}) p
            JOIN runs r ON r.id = p.id JOIN sessions s ON s.id = r.session_id LEFT JOIN run_facts f ON f.run_id = r.id
            LEFT JOIN users u ON u.id = r.user_id LEFT JOIN teams t ON t.id = r.team_id
            ORDER BY p.key {order}, p.id {order}
            """;
        var rows = await new SqliteQuery(text).With(sql.Parameters).ReadAsync(contexts, Row, cancellationToken);
        if (sql.Terms.Count == 0 || rows.Count == 0)
        {
            return rows.ConvertAll(row => row.Run);
        }

        var hits = await HitsAsync([.. rows.Select(row => row.Number).OfType<long>()], sql.Terms, cancellationToken);
        var texts = await TextsAsync(
            [.. rows.Where(row => row.Number is { } number && hits.ContainsKey(number)).Select(row => (row.Run.RunId, hits[row.Number!.Value].Seq))], cancellationToken);
        return rows.ConvertAll(row => row.Number is { } number && hits.TryGetValue(number, out var hit)
            ? row.Run with
            {
                Hit = new SearchHit(
                    hit.Seq, texts.TryGetValue(row.Run.RunId, out var found) ? FoundText.Show(row.Run.RunId, found, sql.Terms) : null, hit.Count),
            }
            : row.Run);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FoundSession>> ListSessionsAsync(FindScope scope, RunQuery query, CancellationToken cancellationToken)
    {
        if (RunConditionsSql.FindsNothing(query))
        {
            return [];
        }

        var sql = new RunConditionsSql(scope, query);
        var order = query.IsAscending ? "ASC" : "DESC";
        var after = query.After is { } cursor
            ? $"HAVING (max(r.created_at), r.session_id) {(query.IsAscending ? ">" : "<")} ({sql.Value(cursor.Key)}, {sql.Value(cursor.Id)})"
            : "";
        // With max() SQLite takes the other columns from the row that has it: https://www.sqlite.org/quirks.html
        var text = $"""
            SELECT p.newest, p.session_id, s.title, s.user_id, u.display_name, p.run_id, p.count
            FROM (SELECT r.session_id AS session_id, max(r.created_at) AS newest, r.id AS run_id, count(*) AS count {sql.From}
                GROUP BY r.session_id {after} ORDER BY newest {order}, r.session_id {order} LIMIT {sql.Value(query.Limit)}) p
            JOIN sessions s ON s.id = p.session_id LEFT JOIN users u ON u.id = s.user_id
            ORDER BY p.newest {order}, p.session_id {order}
            """;
        return await new SqliteQuery(text).With(sql.Parameters).ReadAsync(
            contexts,
            row => new FoundSession(
                row.GetString(1), row.GetString(2), row.GetString(3), row[4] as string, row.GetString(5), row.GetInt32(6),
                UnixMicroseconds.ToTime(row.GetInt64(0)), new RunCursor(row.GetInt64(0), row.GetString(1))),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<int> CountAsync(FindScope scope, RunQuery query, int limit, CancellationToken cancellationToken)
    {
        if (RunConditionsSql.FindsNothing(query))
        {
            return 0;
        }

        return await CountAsync(scope, query, _ => { }, limit, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<RunPlace?> FindPlaceAsync(FindScope scope, RunQuery query, string runId, int limit, CancellationToken cancellationToken)
    {
        var key = RunConditionsSql.Key(query.Sort);
        var found = await new SqliteQuery($"SELECT {key} FROM runs r LEFT JOIN run_facts f ON f.run_id = r.id WHERE r.id = $run")
            .With([new SqliteParameter("$run", runId)]).ReadAsync(contexts, row => row.GetInt64(0), cancellationToken);
        if (found is not [var at])
        {
            return null;
        }

        if (RunConditionsSql.FindsNothing(query))
        {
            return new RunPlace(null, 0, 0, null, null, null);
        }

        var here = new RunCursor(at, runId);
        var isThere = await AroundAsync(scope, query, sql => sql.And($"r.id = {sql.Value(runId)}"), isForward: true, cancellationToken) is not null;
        var before = isThere ? await CountAsync(scope, query, sql => Beside(sql, query, here, isAfter: false), limit, cancellationToken) : 0;
        var previous = await AroundAsync(scope, query, sql => Beside(sql, query, here, isAfter: false), isForward: false, cancellationToken);
        var next = await AroundAsync(scope, query, sql => Beside(sql, query, here, isAfter: true), isForward: true, cancellationToken);
        var unseen = await CountAsync(scope, query, sql => sql.And($"NOT {sql.Seen(before: null)}"), limit, cancellationToken);
        string? nextUnseen = null;
        if (unseen > 0)
        {
            nextUnseen = await AroundAsync(
                scope,
                query,
                sql =>
                {
                    Beside(sql, query, here, isAfter: true);
                    sql.And($"NOT {sql.Seen(before: null)}");
                },
                isForward: true,
                cancellationToken)
                ?? await AroundAsync(scope, query, sql => sql.And($"r.id <> {sql.Value(runId)} AND NOT {sql.Seen(before: null)}"), isForward: true, cancellationToken);
        }

        return new RunPlace(isThere ? before + 1 : null, await CountAsync(scope, query, limit, cancellationToken), unseen, previous, next, nextUnseen);
    }

    // The rows on one side of a row, in the order of the list.
    private static void Beside(RunConditionsSql sql, RunQuery query, RunCursor here, bool isAfter) => sql.And(
        $"({RunConditionsSql.Key(query.Sort)}, r.id) {(query.IsAscending == isAfter ? ">" : "<")} ({sql.Value(here.Key)}, {sql.Value(here.Id)})");

    private async Task<string?> AroundAsync(
        FindScope scope, RunQuery query, Action<RunConditionsSql> add, bool isForward, CancellationToken cancellationToken)
    {
        var sql = new RunConditionsSql(scope, query);
        add(sql);
        var order = query.IsAscending == isForward ? "ASC" : "DESC";
        var text = $"SELECT r.id {sql.From} ORDER BY {RunConditionsSql.Key(query.Sort)} {order}, r.id {order} LIMIT 1";
        return (await new SqliteQuery(text).With(sql.Parameters).ReadAsync(contexts, row => row.GetString(0), cancellationToken)).FirstOrDefault();
    }

    private async Task<int> CountAsync(FindScope scope, RunQuery query, Action<RunConditionsSql> add, int limit, CancellationToken cancellationToken)
    {
        var sql = new RunConditionsSql(scope, query);
        add(sql);
        var text = $"SELECT count(*) FROM (SELECT 1 {sql.From} LIMIT {sql.Value(limit)})";
        return (await new SqliteQuery(text).With(sql.Parameters).ReadAsync(contexts, row => row.GetInt32(0), cancellationToken))[0];
    }

    /// <inheritdoc/>
    public async Task<RunNames> NamesAsync(FindScope scope, CancellationToken cancellationToken)
    {
        var sql = new RunConditionsSql(scope, new RunQuery(RunFilter.All, RunSort.Date, IsAscending: false, After: null, MaxNames, TimeZoneInfo.Utc));
        var limit = sql.Value(MaxNames);
        Task<List<string>> NamesOf(string what) => new SqliteQuery(what).With(sql.Parameters.Select(one => new SqliteParameter(one.ParameterName, one.Value)))
            .ReadAsync(contexts, row => row.GetString(0), cancellationToken);

        var people = await NamesOf($"SELECT DISTINCT display_name FROM users WHERE id IN (SELECT r.user_id {sql.From}) ORDER BY display_name COLLATE NOCASE LIMIT {limit}");
        var teams = await NamesOf($"SELECT DISTINCT name FROM teams WHERE id IN (SELECT r.team_id {sql.From}) ORDER BY name COLLATE NOCASE LIMIT {limit}");
        var agents = await NamesOf($"SELECT DISTINCT f.agent {sql.From} AND f.agent <> '' ORDER BY 1 LIMIT {limit}");
        var tools = await NamesOf($"SELECT DISTINCT f.tools {sql.From} AND f.tools <> '' LIMIT {limit}");
        var errors = await NamesOf($"SELECT DISTINCT f.error_code {sql.From} AND f.error_code IS NOT NULL ORDER BY 1 LIMIT {limit}");
        return new RunNames(people, teams, agents, [.. tools.SelectMany(Tools).Distinct().Order(StringComparer.Ordinal)], errors);
    }

    /// <summary>Of each run the first event in which all was found, else the first in which anything was, and in how many.</summary>
    private async Task<Dictionary<long, (long Seq, int Count)>> HitsAsync(
        long[] numbers, IReadOnlyList<SearchTerm> terms, CancellationToken cancellationToken)
    {
        var hits = new Dictionary<long, (long Seq, int Count)>();
        foreach (var joint in terms.Count > 1 ? (string[])[" OR ", " AND "] : [" OR "])
        {
            var seen = new HashSet<long>();
            var query = new SqliteQuery($"""
                SELECT rowid FROM find_texts WHERE find_texts MATCH $words AND rowid BETWEEN $first AND $last
                    AND (rowid >> {SqliteRunIndex.SeqBits}) IN (SELECT value FROM json_each($runs))
                """).With([
                    new SqliteParameter("$words", string.Join(joint, terms.Select(RunConditionsSql.Match))),
                    new SqliteParameter("$first", numbers.Min() << SqliteRunIndex.SeqBits),
                    new SqliteParameter("$last", (numbers.Max() << SqliteRunIndex.SeqBits) | SqliteRunIndex.MaxSeq),
                    new SqliteParameter("$runs", JsonSerializer.Serialize(numbers)),
                ]);
            foreach (var row in await query.ReadAsync(contexts, row => row.GetInt64(0), cancellationToken))
            {
                var (number, seq) = (row >> SqliteRunIndex.SeqBits, row & SqliteRunIndex.MaxSeq);
                var isFirst = seen.Add(number);
                hits[number] = joint == " AND "
                    ? (isFirst ? seq : hits[number].Seq, hits[number].Count)
                    : hits.TryGetValue(number, out var before) ? (before.Seq, before.Count + 1) : (seq, 1);
            }
        }

        return hits;
    }

    /// <summary>What the events say, by their runs.</summary>
    private async Task<Dictionary<string, string>> TextsAsync((string RunId, long Seq)[] places, CancellationToken cancellationToken)
    {
        var query = new SqliteQuery("""
            SELECT e.run_id, e.seq, e.at, e.source, e.type, e.salt, e.payload_digest, e.hash, coalesce(e.payload, p.payload)
            FROM json_each($events) j JOIN run_events e ON e.run_id = j.value ->> 0 AND e.seq = j.value ->> 1
            LEFT JOIN run_payloads p ON p.run_id = e.run_id AND p.seq = e.seq
            """).With([new SqliteParameter("$events", JsonSerializer.Serialize(places.Select(place => (object[])[place.RunId, place.Seq])))]);
        var found = await query.ReadAsync(contexts, Event, cancellationToken);
        // Events of runs that were packed have no row.
        foreach (var (runId, seq) in places.ExceptBy(found.Select(one => one.RunId), place => place.RunId))
        {
            found.AddRange((await store.ReadAsync(runId, seq - 1, 1, cancellationToken)).Where(one => one.Seq == seq));
        }

        var texts = new Dictionary<string, string>();
        foreach (var one in found)
        {
            if (MomentText.Of(one) is { } text)
            {
                texts[one.RunId] = text;
            }
        }

        return texts;
    }

    private static RunEvent Event(SqliteDataReader row) => RunEventRowMapping.ToEvent(
        new RunEventRow
        {
            RunId = row.GetString(0),
            Seq = row.GetInt64(1),
            At = row.GetInt64(2),
            Source = row.GetString(3),
            Type = row.GetString(4),
            Salt = row[5] as byte[],
            PayloadDigest = row.GetFieldValue<byte[]>(6),
            Hash = row.GetFieldValue<byte[]>(7),
            Payload = row[8] as byte[],
        },
        large: null);

    private static string[] Tools(string stored) => stored.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static (FoundRun Run, long? Number) Row(SqliteDataReader row) => (
        new FoundRun
        {
            RunId = row.GetString(1),
            SessionId = row.GetString(2),
            Title = row.GetString(3),
            Input = row[4] as string ?? "",
            PersonId = row.GetString(5),
            Person = row[6] as string,
            TeamId = row.GetString(7),
            Team = row[8] as string,
            Agent = row.GetString(9),
            Model = row.GetString(10),
            Status = StoredRun.StatusOf(row.GetString(11)),
            Transport = (row[12] as string) switch { "websocket" => TransportKind.WebSocket, "http" => TransportKind.Http, _ => null },
            ErrorCode = row[13] as string,
            Tools = Tools(row.GetString(14)),
            ToolCalls = row.GetInt32(15),
            Tokens = row.GetInt64(16),
            CostMicros = row.GetInt64(17),
            Currency = row[18] as string,
            IsCostPartial = row.GetInt64(19) > 0,
            HasIntervention = row.GetInt64(20) > 0,
            CreatedAt = UnixMicroseconds.ToTime(row.GetInt64(21)),
            CompletedAt = row.IsDBNull(22) ? null : UnixMicroseconds.ToTime(row.GetInt64(22)),
            Duration = TimeSpan.FromMicroseconds(row.GetInt64(23)),
            IsErased = !row.IsDBNull(24),
            IsSeen = row.GetInt64(26) > 0,
            Cursor = new RunCursor(row.GetInt64(0), row.GetString(1)),
        },
        row.IsDBNull(25) ? null : row.GetInt64(25));
}
