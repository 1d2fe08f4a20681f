using Copilot.Domain.Costs;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Search;
using Copilot.Web.Storage.Supervision;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Storage.Search;

/// <summary>The list of runs over a real SQLite file: what is found, by whom, and in which order.</summary>
public sealed class RunSearchTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private SearchScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = new SearchScene(_database = await TestDatabase.CreateAsync());

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Theory]
    [InlineData("pump", 2)]
    [InlineData("Contoso", 4)]
    [InlineData("shelf", 5)]
    [InlineData("shelves", 7)]
    [InlineData("hasta mañana", 7)]
    [InlineData("MANANA", 7)]
    [InlineData("\"two shelves\"", 7)]
    [InlineData("pump shelves", 2)]
    [InlineData("contoso 17", 4)]
    [InlineData("東京", 2)]
    [InlineData("京都", 2)]
    [InlineData("京", 2)]
    [InlineData("ปั๊ม", 7)]
    [InlineData("น้ำเย็น", 7)]
    public async Task List_Words_AreFoundWhereTheyAre(string search, int seq)
    {
        var run = new FakeRun("a");
        await _scene.AddAsync(run, "Where is the pump of 東京都?", """{"customer":"Contoso","order":17}""", "On shelf 4", "There are two shelves. Hasta mañana. ผมต้องการปั๊มน้ำเย็น");
        await _scene.AddAsync("b", "Something else", summary => summary);
        await _scene.IndexAsync();

        var found = Assert.Single(await _scene.FindAsync(SearchScene.Admin, "?q=" + Uri.EscapeDataString(search)));

        Assert.Equal("run_a", found.RunId);
        Assert.Equal(seq, found.Hit!.Seq);
        Assert.Contains(found.Hit.Snippet!.Parts, part => part.IsFound);
        Assert.Equal(["stock_look"], found.Tools);
    }

    [Theory]
    [InlineData("gasket", 2)]
    [InlineData("harbour", 3)]
    [InlineData("\"seal kit\"", 4)]
    [InlineData("\"41 pieces\"", 5)]
    [InlineData("Traceback", 6)]
    [InlineData("ws_7", 0)]
    [InlineData("iVBORw0KGgo", 0)]
    public async Task List_WordsOfWhatTheUpstreamDid_AreFoundWhereTheyAre(string search, int seq)
    {
        var run = new FakeRun("a");
        await _database.Events.AppendAsync(
            [run.Append(
                ("run.created", "{}"),
                ("run.forked", """{"run_id":"run_b","seq":1,"step":1,"question":"Which gasket?"}"""),
                Item("""{"type":"web_search_call","id":"ws_7","status":"completed","action":{"type":"search","query":"pumps harbour"}}"""),
                Item("""{"type":"file_search_call","id":"fs_1","status":"completed","queries":["spares"],"results":[{"file_id":"file_1","filename":"list.pdf","text":"A seal kit fits."}]}"""),
                Item("""{"type":"mcp_call","id":"mcp_1","status":"completed","name":"count","server_label":"stock","arguments":"{\"part\":\"PX\"}","output":"{\"text\":\"41 pieces\"}"}"""),
                Item("""{"type":"code_interpreter_call","id":"ci_1","status":"failed","container_id":"cn_1","code":"1/0","outputs":[{"type":"logs","logs":"Traceback (most recent call last)"}]}"""),
                Item("""{"type":"image_generation_call","id":"ig_1","status":"completed","result":"iVBORw0KGgo"}"""))],
            CancellationToken.None);
        await _scene.IndexAsync();

        var found = await _scene.FindAsync(SearchScene.Admin, "?q=" + Uri.EscapeDataString(search));

        Assert.Equal(seq == 0 ? [] : [seq], found.Select(one => (int)one.Hit!.Seq));
        Assert.All(found, one => Assert.Contains(one.Hit!.Snippet!.Parts, part => part.IsFound));

        static (string, string) Item(string item) => ("response.output_item.done", $$"""{"type":"response.output_item.done","output_index":0,"item":{{item}}}""");
    }

    [Theory]
    [InlineData("ump")]
    [InlineData("\"shelves two\"")]
    [InlineData("pump nowhere")]
    [InlineData("都京")]
    [InlineData("customer:nobody")]
    public async Task List_WordsThatAreNotThere_FindNothing(string search)
    {
        await _scene.AddAsync(new FakeRun("a"), "Where is the pump of 東京都?", """{"customer":"Contoso"}""", "On shelf 4", "There are two shelves.");
        await _scene.IndexAsync();

        Assert.Empty(await _scene.FindAsync(SearchScene.Admin, "?q=" + Uri.EscapeDataString(search)));
        Assert.Equal(0, await _scene.Search.CountAsync(SearchScene.Admin, SearchScene.Query("?q=" + Uri.EscapeDataString(search)), 10, CancellationToken.None));
    }

    public static TheoryData<string> Hostile => [
        "\"", "'", "*", "pump*", "^pump", "(", "pump)", "NEAR(pump, 2)", "pump AND", "OR", "NOT pump", "text:pump", "{text}:pump", "pump\0pump",
        "\ud800", "pump\udfff", "-- ;DROP TABLE runs", "%", "_", "\\", "😀", "\u0301", "\u202epump", new string('a', 10_000), new string('東', 10_000),
        string.Concat(Enumerable.Repeat("\"pump ", 2_000)), "pump + pump", "\u0001pump\u0002",
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task List_HostileSearch_IsNoError(string search)
    {
        await _scene.AddAsync("a", $"pump {search}", summary => summary);
        await _scene.IndexAsync();
        var query = SearchScene.Query("") with { Filter = RunFilter.All with { Search = search } };

        var found = await _scene.Search.ListAsync(SearchScene.Admin, query, CancellationToken.None);

        Assert.Equal(found.Count, await _scene.Search.CountAsync(SearchScene.Admin, query, 10, CancellationToken.None));
        Assert.Equal(found.Count, (await _scene.Search.ListSessionsAsync(SearchScene.Admin, query, CancellationToken.None)).Count);
        Assert.Equal(search.Any(char.IsLetterOrDigit) ? 1 : 0, SearchTerm.Parse(search).Count > 0 ? 1 : 0);
    }

    [Fact]
    public async Task List_Staff_SeesOwnRunsAlone_AndASupervisorTheTeams()
    {
        await _scene.AddAsync("own", "pump", summary => summary);
        await _scene.AddAsync("colleague", "pump", summary => summary with { UserId = "usr_2" });
        await _scene.AddAsync("stranger", "pump", summary => summary with { UserId = "usr_3", TeamId = "team_other" });
        await _scene.IndexAsync();
        var staff = new FindScope("usr_1", null, IsAll: false);
        var supervisor = new FindScope("usr_1", "team_default", IsAll: false);

        foreach (var query in (string[])["", "?q=pump", "?state=completed", "?session=ses_stranger&session=ses_own", "?person!=nobody"])
        {
            Assert.Equal(["run_own"], (await _scene.FindAsync(staff, query)).Select(run => run.RunId));
            Assert.Equal(1, await _scene.Search.CountAsync(staff, SearchScene.Query(query), 10, CancellationToken.None));
            Assert.Equal(["ses_own"], (await _scene.Search.ListSessionsAsync(staff, SearchScene.Query(query), CancellationToken.None)).Select(session => session.SessionId));
            Assert.DoesNotContain(await _scene.FindAsync(supervisor, query), run => run.RunId == "run_stranger");
        }

        Assert.Equal(2, (await _scene.FindAsync(supervisor, "?q=pump")).Count);
        Assert.Equal(3, (await _scene.FindAsync(SearchScene.Admin, "?q=pump")).Count);
        Assert.Empty(await _scene.FindAsync(staff, "?person=usr_3&q=pump"));
    }

    [Theory]
    [InlineData("?agent=sales", "b")]
    [InlineData("?agent!=Sales", "a c")]
    [InlineData("?agent=sales&agent=Copilot", "a b c")]
    [InlineData("?state=failed", "b")]
    [InlineData("?state!=failed", "a c")]
    [InlineData("?transport=http", "b")]
    [InlineData("?error=any", "b")]
    [InlineData("?error=server_error", "b")]
    [InlineData("?error!=any", "a c")]
    [InlineData("?cost=0.5", "b")]
    [InlineData("?cost!=0.5", "a c")]
    [InlineData("?cost=0.1&cost!=0.5", "c")]
    [InlineData("?tokens=1000", "b")]
    [InlineData("?duration=60", "c")]
    [InlineData("?date=2026-11-24", "c")]
    [InlineData("?date!=2026-11-24", "a b")]
    [InlineData("?date=2026-11-23T08:30:00Z&date!=2026-11-24", "b")]
    [InlineData("?intervention=yes", "c")]
    [InlineData("?intervention=no", "a b")]
    [InlineData("?thumbs=down", "a")]
    [InlineData("?alert=any", "b")]
    [InlineData("?alert=silent", "b")]
    [InlineData("?alert=waiting", "")]
    [InlineData("?tool=stock_look", "a")]
    [InlineData("?tool!=stock_look", "b c")]
    [InlineData("?tool=stock", "")]
    [InlineData("?team=other", "c")]
    [InlineData("?person=usr_9", "c")]
    [InlineData("?session=ses_a", "a")]
    [InlineData("?agent=Copilot&transport=http", "")]
    [InlineData("?nonsense=1&cost=x&date=never&thumbs=sideways", "a b c")]
    public async Task List_Conditions_HoldTogether(string query, string names)
    {
        await _scene.AddAsync(new FakeRun("a"), "One", "{}", "ok", "Done");
        await _scene.AddAsync("b", "Two", summary => summary with
        {
            CreatedAt = FakeRun.Start.AddHours(1),
            LastEventAt = FakeRun.Start.AddHours(1),
            AgentName = "Sales",
            Status = RunStatus.Failed,
            Transport = TransportKind.Http,
            Error = new RunError("server_error", "It failed.", null),
            Cost = RunCost.Zero with { Micros = 600_000, Currency = "EUR" },
            Usage = new ResponseUsage(900, 0, 100, 0),
            CompletedAt = FakeRun.Start.AddHours(1).AddSeconds(59),
        });
        await _scene.AddAsync("c", "Three", summary => summary with
        {
            CreatedAt = FakeRun.Start.AddDays(1),
            UserId = "usr_9",
            TeamId = "team_other",
            Cost = RunCost.Zero with { Micros = 200_000, Currency = "EUR" },
            LatestIntervention = SearchScene.Intervention,
            CompletedAt = FakeRun.Start.AddDays(1).AddMinutes(1),
        });
        await using (var db = await _database.Contexts.CreateDbContextAsync())
        {
            db.Teams.Add(new TeamRow { Id = "team_other", Name = "Other" });
            db.Alerts.Add(new AlertRow { Id = "alr_1", RunId = "run_b", SessionId = "ses_b", UserId = "usr_1", TeamId = "team_default", Kind = "silent", RaisedAt = 1 });
            await db.SaveChangesAsync();
        }

        await _database.Sessions.RateAsync("run_a", "usr_1", -1, CancellationToken.None);
        await _scene.IndexAsync();

        Assert.Equal(names, await _scene.NamesAsync(query));
    }

    [Theory]
    [InlineData(RunSort.Date, false)]
    [InlineData(RunSort.Date, true)]
    [InlineData(RunSort.Cost, false)]
    [InlineData(RunSort.Cost, true)]
    [InlineData(RunSort.Tokens, false)]
    [InlineData(RunSort.Duration, true)]
    public async Task List_PageByPage_HasEachRunOnceInOrder(RunSort sort, bool isAscending)
    {
        for (var i = 0; i < 25; i++)
        {
            // Many have the same key.
            var value = i / 4;
            await _scene.AddAsync($"{i:00}", "pump", summary => summary with
            {
                CreatedAt = FakeRun.Start.AddHours(value),
                CompletedAt = FakeRun.Start.AddHours(value).AddSeconds(value),
                Cost = RunCost.Zero with { Micros = value * 1000, Currency = "EUR" },
                Usage = new ResponseUsage(value, 0, 0, 0),
                SessionId = $"ses_{i % 7}",
            });
        }

        await _scene.IndexAsync();
        var query = SearchScene.Query("?q=pump") with { Sort = sort, IsAscending = isAscending, Limit = 4 };
        var found = new List<FoundRun>();
        while (await _scene.Search.ListAsync(SearchScene.Admin, query, CancellationToken.None) is { Count: > 0 } page)
        {
            found.AddRange(page);
            query = query with { After = RunCursor.Parse(page[^1].Cursor.ToString()) };
        }

        Assert.Equal(25, found.Select(run => run.RunId).Distinct().Count());
        var keys = found.Select(run => run.Cursor.Key).ToList();
        Assert.Equal(isAscending ? keys.Order() : keys.OrderDescending(), keys);
        var sessions = await _scene.Search.ListSessionsAsync(SearchScene.Admin, SearchScene.Query("?q=pump"), CancellationToken.None);
        Assert.Equal(7, sessions.Count);
        Assert.Equal(25, sessions.Sum(session => session.Runs));
    }

    [Fact]
    public async Task List_CancelledInTheMiddle_EndsTheQuery()
    {
        await _scene.AddAsync("a", "pump", summary => summary);
        using var cancelled = new CancellationTokenSource();
        var query = new Web.Storage.Sqlite.SqliteQuery("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n");

        var reading = query.ReadAsync(_database.Contexts, row => row.GetInt64(0), cancelled.Token);
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        // The connection works on.
        Assert.Single(await _scene.FindAsync(SearchScene.Admin, ""));
    }

    [Fact]
    public async Task Names_OfAScope_AreThoseOfItsRuns()
    {
        await _scene.AddAsync(new FakeRun("a"), "One", "{}", "ok", "Done");
        await _scene.AddAsync("b", "Two", summary => summary with { UserId = "usr_2", AgentName = "Sales" });
        await _scene.IndexAsync();

        var own = await _scene.Search.NamesAsync(new FindScope("usr_1", null, IsAll: false), CancellationToken.None);
        var all = await _scene.Search.NamesAsync(SearchScene.Admin, CancellationToken.None);

        Assert.Equal(["Copilot"], own.Agents);
        Assert.Equal(["stock_look"], own.Tools);
        Assert.Equal(["Copilot", "Sales"], all.Agents);
    }
}
