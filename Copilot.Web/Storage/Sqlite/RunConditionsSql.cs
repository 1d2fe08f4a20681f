using System.Globalization;
using Copilot.Domain.Costs;
using Copilot.Web.Storage.Search;
using Microsoft.Data.Sqlite;

namespace Copilot.Web.Storage.Sqlite;

/// <summary>Writes a filter as SQL over <c>runs r</c>, <c>run_facts f</c> and <c>sessions s</c>. Values are always parameters.</summary>
internal sealed class RunConditionsSql
{
    /// <summary>From its creation to its end, or to its newest event, in microseconds.</summary>
    public const string Duration = "(coalesce(r.completed_at, r.last_event_at) - r.created_at)";

    private const decimal MicrosecondsPerSecond = 1_000_000m;

    private readonly FindScope _scope;
    private readonly long? _seenBefore;
    private readonly List<string> _all = ["s.deleted_at IS NULL"];

    /// <param name="scope">Whose runs.</param>
    /// <param name="query">What of them.</param>
    public RunConditionsSql(FindScope scope, RunQuery query)
    {
        (_scope, _seenBefore) = (scope, query.SeenBefore is { } moment ? UnixMicroseconds.From(moment) : null);
        if (!scope.IsAll)
        {
            var own = $"r.user_id = {Value(scope.UserId)}";
            _all.Add(scope.TeamId is { } team ? $"({own} OR r.team_id = {Value(team)})" : own);
        }

        Terms = SearchTerm.Parse(query.Filter.Search);
        foreach (var term in Terms)
        {
            _all.Add($"f.number IN (SELECT rowid >> {SqliteRunIndex.SeqBits} FROM find_texts WHERE find_texts MATCH {Value(Match(term))})");
        }

        foreach (var conditions in query.Filter.Conditions.GroupBy(condition => (condition.Field, condition.IsNot || RunCondition.IsMeasured(condition.Field))))
        {
            var each = conditions.Select(condition => condition.IsNot
                ? $"NOT coalesce({Of(condition, query.Zone)}, 0)"
                : $"coalesce({Of(condition, query.Zone)}, 0)");
            _all.Add($"({string.Join(conditions.Key.Item2 ? " AND " : " OR ", each)})");
        }
    }

    /// <summary>What is looked for.</summary>
    public IReadOnlyList<SearchTerm> Terms { get; }

    /// <summary>True where something is looked for that has no word: nothing is found.</summary>
    public static bool FindsNothing(RunQuery query) => SearchTerm.IsWithoutWords(query.Filter.Search);

    /// <summary>The parameters.</summary>
    public List<SqliteParameter> Parameters { get; } = [];

    /// <summary>The tables and conditions, from FROM on.</summary>
    public string From =>
        $"FROM runs r {(Terms.Count > 0 ? "" : "LEFT ")}JOIN run_facts f ON f.run_id = r.id JOIN sessions s ON s.id = r.session_id WHERE {string.Join(" AND ", _all)}";

    /// <summary>What a list is sorted by.</summary>
    public static string Key(RunSort sort) => sort switch
    {
        RunSort.Cost => "r.cost_micros",
        RunSort.Duration => Duration,
        RunSort.Tokens => "coalesce(f.tokens, 0)",
        _ => "r.created_at",
    };

    /// <summary>A term for the index. Its tokens are letters, digits and marks, so nothing in it is an operator.</summary>
    public static string Match(SearchTerm term) => $"\"{term.Tokens}\"{(term.IsPrefix && !IsTooShort(term) ? " *" : "")}";

    /// <summary>1 where the person in scope has opened the run, else 0.</summary>
    /// <param name="before">Only what they opened before, in UTC microseconds; null for ever.</param>
    public string Seen(long? before) =>
        $"EXISTS (SELECT 1 FROM run_seen v WHERE v.user_id = {Value(_scope.UserId)} AND v.run_id = r.id{(before is { } at ? $" AND v.seen_at < {Value(at)}" : "")})";

    /// <summary>Adds a value and returns its name in the statement.</summary>
    public string Value(object value) => SqliteQuery.Add(Parameters, value);

    /// <summary>Adds a condition in SQL.</summary>
    public void And(string condition) => _all.Add(condition);

    // Nearly every text has a word that begins with one letter; alone it is a word.
    private static bool IsTooShort(SearchTerm term) => term.Tokens.Length < 2 && !term.Pieces[^1].IsPaired;

    private string Of(RunCondition condition, TimeZoneInfo zone) => condition.Field switch
    {
        RunField.Person => $"(r.user_id = {Value(condition.Value)} OR r.user_id IN (SELECT id FROM users WHERE display_name = {Value(condition.Value)} COLLATE NOCASE))",
        RunField.Team => $"(r.team_id = {Value(condition.Value)} OR r.team_id IN (SELECT id FROM teams WHERE name = {Value(condition.Value)} COLLATE NOCASE))",
        RunField.Agent => $"f.agent = {Value(condition.Value)} COLLATE NOCASE",
        RunField.Tool => $"instr(f.tools, char(10) || {Value(condition.Value)} || char(10)) > 0",
        RunField.State => $"r.status = {Value(condition.Value)} COLLATE NOCASE",
        RunField.Transport => $"f.transport = {Value(condition.Value)} COLLATE NOCASE",
        RunField.Error => condition.Value == RunCondition.Any ? "f.error_code IS NOT NULL" : $"f.error_code = {Value(condition.Value)}",
        RunField.Cost => $"r.cost_micros >= {Value(Money.ToMicros(condition.Number ?? 0))}",
        RunField.Duration => $"{Duration} >= {Value((long)((condition.Number ?? 0) * MicrosecondsPerSecond))}",
        RunField.Tokens => $"f.tokens >= {Value((long)(condition.Number ?? 0))}",
        RunField.Date => $"r.created_at >= {Value(UnixMicroseconds.From(condition.Moment(zone) ?? DateTimeOffset.UnixEpoch))}",
        RunField.Intervention => $"f.has_intervention = {(condition.Value == "yes" ? 1 : 0).ToString(CultureInfo.InvariantCulture)}",
        RunField.Thumbs => $"EXISTS (SELECT 1 FROM run_ratings g WHERE g.run_id = r.id AND g.rating = {(condition.Value == "up" ? "1" : "-1")})",
        RunField.Alert => $"EXISTS (SELECT 1 FROM alerts a WHERE a.run_id = r.id{(condition.Value == RunCondition.Any ? "" : $" AND a.kind = {Value(condition.Value)}")})",
        RunField.Seen => $"{Seen(_seenBefore)} = {(condition.Value == "yes" ? "1" : "0")}",
        _ => $"r.session_id = {Value(condition.Value)}",
    };
}
