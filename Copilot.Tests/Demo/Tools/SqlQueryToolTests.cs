using Copilot.Domain.Tools;
using Copilot.Domain.Tools.Invocation;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;

namespace Copilot.Tests.Demo.Tools;

public sealed class SqlQueryToolTests : IAsyncLifetime
{
    private readonly DemoFolder _folder = new();
    private DemoHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await DemoHost.StartAsync(_folder.Path, new ManualClock());

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Query_Select_GivesRowsAsJson()
    {
        var answer = await _host.AskAsync(
            "sql_query",
            "SELECT c.name, count(*) AS pieces, count(*) FROM customers c JOIN equipment e USING (customer_id) WHERE c.name = 'Contoso' GROUP BY c.name;");

        var row = answer["rows"]![0]!;
        Assert.Equal("Contoso", (string?)row["name"]);
        Assert.Equal((long?)row["pieces"], (long?)row["count(*)"]);
        Assert.Equal(1, (int?)answer["count"]);
    }

    [Fact]
    public async Task Query_TextAndNulls_ComeAsTheyAre()
    {
        var answer = await _host.AskAsync("sql_query", "SELECT 'é \"quoted\"' AS a, NULL AS b, 1.5 AS c, x'0102' AS d, 7 AS a");

        Assert.Equal("""{"a":"é \"quoted\"","b":null,"c":1.5,"d":"2 bytes","a_2":7}""", answer["rows"]![0]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    [Fact]
    public async Task Query_ManyRows_AreCutWithANote()
    {
        var answer = await _host.AskAsync("sql_query", "SELECT a.name, b.name FROM parts a, parts b, parts c");

        Assert.Equal(200, answer["rows"]!.AsArray().Count);
        Assert.Contains("more than 200 rows", (string?)answer["note"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DELETE FROM parts")]
    [InlineData("EXPLAIN SELECT name FROM parts")]
    [InlineData("/* a */ EXPLAIN QUERY PLAN SELECT name FROM parts")]
    [InlineData("SELECT ?1")]
    [InlineData("SELECT name FROM parts WHERE name = @name")]
    [InlineData("UPDATE parts SET in_stock = 0 RETURNING name")]
    [InlineData("INSERT INTO notes VALUES ('a','b','c',1)")]
    [InlineData("DROP TABLE parts")]
    [InlineData("CREATE TABLE t (a)")]
    [InlineData("ATTACH DATABASE '/etc/passwd' AS x")]
    [InlineData("PRAGMA table_info(parts)")]
    [InlineData("VACUUM INTO '/tmp/copy.db'")]
    [InlineData("SELECT * FROM tool_results")]
    [InlineData("SELECT * FROM calendar")]
    [InlineData("SELECT sql FROM sqlite_master")]
    [InlineData("SELECT load_extension('x')")]
    [InlineData("SELECT randomblob(1000000000)")]
    [InlineData("SELECT printf('%1000000000d', 1)")]
    [InlineData("SELECT group_concat(name) FROM parts")]
    [InlineData("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n")]
    [InlineData("SELECT 1; DELETE FROM parts")]
    [InlineData("BEGIN")]
    [InlineData("SELECT (SELECT count(*) FROM parts)")]
    [InlineData("SELECT 1 UNION SELECT 2")]
    [InlineData("-- nothing")]
    [InlineData("not sql")]
    [InlineData("   ")]
    public async Task Query_AnythingElse_IsRefusedAndChangesNothing(string sql)
    {
        var before = _host.Count("SELECT sum(in_stock) + count(*) FROM parts");

        var result = await _host.CallAsync("sql_query", sql);

        Assert.Equal(ToolOutcome.Failed, result.Outcome);
        Assert.Null(result.Detail);
        Assert.Equal(before, _host.Count("SELECT sum(in_stock) + count(*) FROM parts"));
        Assert.Equal(before, _host.Count("SELECT sum(in_stock) + count(*) FROM parts"));
        Assert.Equal("Contoso", (string?)(await _host.AskAsync("crm_find_customer", """{"query":"Contoso"}"""))["customers"]![0]!["name"]);
    }

    [Fact]
    public async Task Query_ThatWouldNeverEnd_IsStopped()
    {
        var result = await _host.CallAsync(
            "sql_query",
            "SELECT count(*) FROM slots a, slots b, slots c, slots d, slots e WHERE a.starts_at + b.starts_at = c.ends_at + d.ends_at + e.ends_at");

        Assert.Equal(ToolOutcome.Failed, result.Outcome);
        Assert.Equal("The query cannot be used: it takes too long; join or count less.", result.Output);
    }

    [Theory]
    [InlineData("SELECT a.slot_id FROM slots a, slots b, slots c ORDER BY b.starts_at, c.starts_at")]
    [InlineData("SELECT a.name || b.name || c.name AS n, count(*) FROM parts a, parts b, parts c, slots d GROUP BY n, d.slot_id")]
    [InlineData("SELECT DISTINCT a.slot_id || b.slot_id || c.slot_id AS n FROM slots a, slots b, slots c ORDER BY n LIMIT 1")]
    [InlineData("SELECT count(DISTINCT a.slot_id || b.slot_id || c.slot_id) FROM slots a, slots b, slots c")]
    public async Task Query_ThatSortsMoreThanFitsInMemory_IsStopped(string sql)
    {
        var result = await _host.CallAsync("sql_query", sql);

        Assert.Equal(ToolOutcome.Failed, result.Outcome);
        Assert.Equal("The query cannot be used: it sorts or groups too much; join less or narrow it down.", result.Output);
    }

    [Fact]
    public async Task Query_ThatSortsForeverWithFewRows_IsStopped()
    {
        var result = await _host.CallAsync(
            "sql_query", "SELECT a.slot_id FROM slots a, slots b, slots c WHERE a.starts_at + b.starts_at + c.starts_at = 1 ORDER BY a.ends_at");

        Assert.Equal(ToolOutcome.Failed, result.Outcome);
        Assert.Equal("The query cannot be used: it takes too long; join or count less.", result.Output);
    }

    [Fact]
    public async Task Query_LongRows_AreCutWithANote()
    {
        var answer = await _host.AskAsync("sql_query", $"SELECT a.name, '{new string('x', 1_000)}' AS x FROM parts a, parts b");

        var rows = answer["rows"]!.AsArray();
        Assert.InRange(rows.Count, 20, 29);
        Assert.Equal(rows.Count, (int?)answer["count"]);
        Assert.Equal($"There are more rows than these {rows.Count}, and too long to give; select less, count or narrow them down.", (string?)answer["note"]);
        Assert.InRange(answer.ToJsonString().Length, 20_000, 32_000);
    }

    [Theory]
    [InlineData("SELECT note FROM notes WHERE note_id = 'long'", null)]
    [InlineData("SELECT note, note, note, note FROM notes WHERE note_id = 'long'", "one row is too long to give; select less of it.")]
    [InlineData("SELECT length(note || note) FROM notes WHERE note_id = 'long'", null)]
    [InlineData("SELECT length(note || note || 'x') FROM notes WHERE note_id = 'long'", "string or blob too big")]
    [InlineData("SELECT e.*, e.*, e.*, e.*, e.*, e.*, e.*, e.*, e.*, e.*, e.*, e.*, e.*, e.*, e.* FROM equipment e", "too many columns in result set")]
    public async Task Query_LongValuesAndWideRows_AreRefusedWithAReason(string sql, string? problem)
    {
        _host.Count("INSERT INTO notes SELECT 'long', customer_id, printf('%.10000c', 'x'), 1 FROM customers LIMIT 1 RETURNING 1");

        var result = await _host.CallAsync("sql_query", sql);

        Assert.Equal(problem is null ? ToolOutcome.Ok : ToolOutcome.Failed, result.Outcome);
        if (problem is not null)
        {
            Assert.Equal("The query cannot be used: " + problem, result.Output);
        }
    }

    [Theory]
    [InlineData("SELECT count(*) FROM parts a, parts b WHERE trim(a.name, b.name) = ''")]
    [InlineData("SELECT LTRIM(name, 'C') FROM customers")]
    [InlineData("SELECT name FROM parts ORDER BY rtrim(name, name)")]
    public async Task Query_TrimWithCharacters_IsRefused(string sql)
    {
        var result = await _host.CallAsync("sql_query", sql);

        Assert.Equal(ToolOutcome.Failed, result.Outcome);
        Assert.Equal("The query cannot be used: trim with a set of characters is not available here.", result.Output);
        var answer = await _host.AskAsync("sql_query", "SELECT trim('  a ') || ltrim(' b') || rtrim('c ') AS t");
        Assert.Equal("abc", (string?)answer["rows"]![0]!["t"]);
        Assert.Equal(0, _host.Count("SELECT length(trim('aa', 'a'))"));
    }

    [Fact]
    public async Task Query_ThatMakesAHugeValue_IsStopped()
    {
        var steps = string.Concat(Enumerable.Range(1, 30).Select(n => $", t{n} AS (SELECT x || x AS x FROM t{n - 1})"));

        var result = await _host.CallAsync("sql_query", $"WITH t0 AS (SELECT 'xxxxxxxx' AS x){steps} SELECT length(x) FROM t30");

        Assert.Equal(ToolOutcome.Failed, result.Outcome);
        Assert.Equal("The query cannot be used: only one SELECT without others in it is allowed.", result.Output);
    }
}
