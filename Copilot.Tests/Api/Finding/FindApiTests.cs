using System.Net;
using System.Text.Json;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Storage;
using Copilot.Web.Api.Finding;
using Copilot.Web.Identity;
using Copilot.Web.Security;
using Copilot.Web.Storage.Runs;
using Copilot.Web.Storage.Search;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Api.Finding;

/// <summary>Lists of runs and sessions by key, and the list as a file by cookie: each has what its reader may see.</summary>
public sealed class FindApiTests : IAsyncLifetime
{
    private PeopleHost _host = null!;
    private HttpClient _anna = null!;
    private HttpClient _admin = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await PeopleHost.StartAsync(new HostSettings());
        var anna = await _host.CreatePersonAsync("anna", Roles.Staff, "team_default");
        var ben = await _host.CreatePersonAsync("ben", Roles.Staff, "team_default");
        var admin = await _host.CreatePersonAsync("ada", Roles.Admin, "team_default");
        _anna = await ProgramAsync(anna);
        _admin = await ProgramAsync(admin);
        await AddAsync("a1", anna, "Where is the pump?", summary => summary);
        await AddAsync("a2", anna, "=HYPERLINK(\"http://example.com\")", summary => summary with { CreatedAt = FakeRun.Start.AddHours(1), Cost = RunCost.Zero with { Micros = 1, Currency = "EUR" } });
        await AddAsync("b1", ben, "Ben's pump", summary => summary with { CreatedAt = FakeRun.Start.AddHours(2) });
        await _host.Services.GetRequiredService<RunIndexer>().CatchUpAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _anna.Dispose();
        _admin.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Runs_OfStaff_AreTheirOwnPageByPage()
    {
        var first = await ReadAsync(_anna, "/api/runs?limit=1");
        var second = await ReadAsync(_anna, $"/api/runs?limit=1&after={first.GetProperty("next").GetString()}");
        var third = await ReadAsync(_anna, $"/api/runs?limit=1&after={second.GetProperty("next").GetString()}");

        Assert.Equal("run_a2", Assert.Single(first.GetProperty("runs").EnumerateArray()).GetProperty("run_id").GetString());
        var run = Assert.Single(second.GetProperty("runs").EnumerateArray());
        Assert.Equal("run_a1", run.GetProperty("run_id").GetString());
        Assert.Equal("anna", run.GetProperty("person").GetString());
        Assert.Equal("completed", run.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, run.GetProperty("hit").ValueKind);
        Assert.Empty(third.GetProperty("runs").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, third.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task Runs_WithASearch_SayWhereItIs()
    {
        var own = await ReadAsync(_anna, "/api/runs?q=pump");
        var all = await ReadAsync(_admin, "/api/runs?q=pump&sort=date&order=asc");
        var sessions = await ReadAsync(_anna, "/api/sessions?q=pump");

        var run = Assert.Single(own.GetProperty("runs").EnumerateArray());
        Assert.Equal(2, run.GetProperty("hit").GetProperty("seq").GetInt64());
        Assert.Equal("Where is the pump?", run.GetProperty("hit").GetProperty("text").GetString());
        Assert.Equal(["run_a1", "run_b1"], all.GetProperty("runs").EnumerateArray().Select(one => one.GetProperty("run_id").GetString()));
        Assert.Equal("ses_a1", Assert.Single(sessions.GetProperty("sessions").EnumerateArray()).GetProperty("session_id").GetString());
        Assert.Empty((await ReadAsync(_anna, "/api/runs?session=ses_b1")).GetProperty("runs").EnumerateArray());
    }

    [Theory]
    [InlineData("/api/runs?agents=Copilot")]
    [InlineData("/api/runs?cost=much")]
    [InlineData("/api/runs?date!=yesterday")]
    [InlineData("/api/runs?limit=0")]
    [InlineData("/api/runs?limit=201")]
    [InlineData("/api/runs?sort=size")]
    [InlineData("/api/runs?sort=1")]
    [InlineData("/api/runs?after=1")]
    [InlineData("/api/sessions?order=up")]
    public async Task Lists_WithWhatTheyDoNotKnow_Answer400(string address)
    {
        using var response = await _anna.GetAsync(address);

        await RunApiTests.AssertProblemAsync(response, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Csv_OfStaff_HasTheirOwnRunsAndNoFormula()
    {
        using var browser = _host.Browser();
        Assert.Equal("/", await PeopleHost.SignInAsync(browser, "anna", PeopleHost.Password));

        using var response = await browser.GetAsync("/runs.csv?sort=date");
        var lines = (await response.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("text/csv; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(3, lines.Length);
        Assert.Contains("run_id,session_id,title,question,person,agent,status", lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain("cost", lines[0], StringComparison.Ordinal);
        Assert.Contains(",\"'=HYPERLINK(\"\"http://example.com\"\")\",anna,", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("run_a1,", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Csv_OfAnAdmin_HasWhatTheFilterLetsThrough_AndAStrangerNothing()
    {
        using var browser = _host.Browser();
        using var stranger = _host.Browser();
        await PeopleHost.SignInAsync(browser, "ada", PeopleHost.Password);

        var text = await browser.GetStringAsync("/runs.csv?q=pump");
        using var refused = await browser.GetAsync("/runs.csv?nonsense=1");
        using var redirected = await stranger.GetAsync("/runs.csv");

        Assert.Contains("run_a1", text, StringComparison.Ordinal);
        Assert.Contains("run_b1", text, StringComparison.Ordinal);
        Assert.Contains("cost", text, StringComparison.Ordinal);
        Assert.DoesNotContain("run_a2", text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, redirected.StatusCode);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"a\"", "\"say \"\"a\"\"\"")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("  @SUM(A1)", "'  @SUM(A1)")]
    [InlineData("-2", "'-2")]
    [InlineData("+2", "'+2")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData("two\r\nlines", "\"two\r\nlines\"")]
    [InlineData(null, "")]
    public void Of_Field_IsQuotedAndNoFormula(string? text, string field) => Assert.Equal(field, CsvField.Of(text));

    private static async Task<JsonElement> ReadAsync(HttpClient client, string address)
    {
        using var response = await client.GetAsync(address);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await RunApiTests.JsonAsync(response);
    }

    private async Task<HttpClient> ProgramAsync(string userId) =>
        _host.Program((await _host.Services.GetRequiredService<ApiKeys>().CreateAsync(userId, "test", CancellationToken.None)).Key);

    private async Task AddAsync(string name, string userId, string question, Func<RunSummary, RunSummary> with)
    {
        var run = new FakeRun(name);
        run.Summary = with(run.Summary with { UserId = userId });
        var store = _host.Services.GetRequiredService<EfRunEventStore>();
        await store.AppendAsync([run.Created(question)], CancellationToken.None);
        await store.AppendAsync([run.Completed("Done")], CancellationToken.None);
    }
}
