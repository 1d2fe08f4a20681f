using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Copilot.Domain.Audit;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Api;
using Copilot.Web.Identity;
using Copilot.Web.Runs.Forking;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Api.Forking;

/// <summary>Forks that are refused, what is left of them, and who may fork what.</summary>
public sealed class ForkRefusalTests : ForkScene
{
    [Theory]
    [InlineData("""{"seq":0}""", 422, "seq")]
    [InlineData("""{"seq":100000}""", 422, "seq")]
    [InlineData("""{"seq":1,"arguments":{"a":1}}""", 422, "arguments")]
    [InlineData("""{"seq":1,"model":"gpt-unknown"}""", 422, "model")]
    [InlineData("""{}""", 400, "seq")]
    [InlineData("""{"seq":1,"message":"  "}""", 400, "message")]
    [InlineData("""{"seq":1,"arguments":3}""", 400, "arguments")]
    [InlineData("""{"seq":1,"arguments":"\ud800"}""", 400, "arguments")]
    [InlineData("""{"seq":1,"arguments":{"\ud800":[1]}}""", 400, "arguments")]
    public async Task Fork_ThatCannotBe_SaysWhichField(string body, int status, string field)
    {
        using var response = await PostAsync(RunId, body);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(field, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fork_WrongArguments_AreRefusedByTheToolsSchema()
    {
        var call = Events.First(one => one.Type == RunEventTypes.ToolStarted);

        using var response = await PostAsync(RunId, $$$"""{"seq":{{{call.Seq}}},"arguments":{"no_such":1}}""");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains("arguments", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fork_OfAForeignOrUnknownRun_Is404_AndOfADeletedOne409()
    {
        var foreign = Assert.IsType<StartOutcome.Started>(await Host.App.Services.GetRequiredService<IRuns>().StartAsync(
            RunHost.Request("Secret", "ses_foreign") with { Owner = new RunOwner("usr_else", "team_else") }, CancellationToken.None)).Run;
        foreach (var id in (string[])[foreign.RunId, "run_none"])
        {
            using var hidden = await PostAsync(id, """{"seq":1}""");
            Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        }

        using var deleting = await Client.DeleteAsync("/api/sessions/" + (await Store.FindAsync(RunId, CancellationToken.None))!.SessionId);
        Assert.Equal(HttpStatusCode.Accepted, deleting.StatusCode);
        using var refused = await PostAsync(RunId, """{"seq":1}""");
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains(ForkRunText.Deleted, (await JsonAsync(refused)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fork_WithTooManyWords_NamesTheFieldThatTheBodyHas()
    {
        using var refused = await PostAsync(RunId, JsonSerializer.Serialize(new { seq = 1, message = new string('x', 200_000) }));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal("message", (await JsonAsync(refused)).GetProperty("field").GetString());
    }

    [Fact]
    public async Task Fork_ThatIsRepeatedOrRefused_LeavesNoCopyOfAFile()
    {
        using var uploaded = await Client.PostAsync("/api/files?name=a.txt", new StringContent("words", System.Text.Encoding.UTF8, "text/plain"));
        var file = (await JsonAsync(uploaded)).GetProperty("id").GetString()!;
        using var started = await Client.PostAsJsonAsync("/api/runs?wait=50", new { input = Question, files = (string[])[file] });
        var run = (await JsonAsync(started)).GetProperty("run_id").GetString()!;
        Client.DefaultRequestHeaders.Add("Idempotency-Key", "fork-file");

        foreach (var status in (HttpStatusCode[])[HttpStatusCode.Accepted, HttpStatusCode.Accepted])
        {
            using var forked = await PostAsync(run, """{"seq":1}""");
            Assert.Equal(status, forked.StatusCode);
        }

        using var other = await PostAsync(run, """{"seq":1,"message":"Something else"}""");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        await using var db = await ContextAsync();
        Assert.Equal(2, await db.Files.CountAsync());
        Assert.Equal(0, await db.Files.CountAsync(row => row.SessionId == null));
    }

    [Fact]
    public async Task Fork_OfAFork_NeedsTheRightToSeeWhatItGoesOnFrom()
    {
        var forks = Host.App.Services.GetRequiredService<ForkRun>();
        var supervisor = (await Host.App.Services.GetRequiredService<PersonStore>().FindAsync("usr_demo_supervisor1", CancellationToken.None))!;
        var foreign = Assert.IsType<StartOutcome.Started>(await Host.App.Services.GetRequiredService<IRuns>().StartAsync(
            RunHost.Request("Secret", "ses_foreign") with { Owner = new RunOwner("usr_else", "team_else") }, CancellationToken.None)).Run;
        var admin = new RunOwner("usr_demo_admin1", supervisor.TeamId);
        var forked = await forks.ForkAsync(
            new ForkRequest { Caller = admin, RunId = foreign.RunId, Seq = 1, Message = "Secret, too" }, (_, _) => Task.CompletedTask, CancellationToken.None, CancellationToken.None);
        Assert.True(forked.Accepted, forked.Problem);
        var fork = forked.Run!.RunId;
        using var client = await ProgramAsync(supervisor.Id);

        // The supervisor sees the fork, and not what its agent would tell of the other.
        using var seen = await client.GetAsync($"/api/runs/{fork}");
        Assert.Equal(HttpStatusCode.OK, seen.StatusCode);
        using var refused = await PostAsync(client, fork, """{"seq":1,"message":"What was said before?"}""");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(ForkRunText.OriginHidden, (await JsonAsync(refused)).GetProperty("detail").GetString());
        Assert.Null((await forks.ReadAsync(supervisor.Id, fork, CancellationToken.None)).Preview);
        Assert.NotNull((await forks.ReadAsync(admin.UserId, fork, CancellationToken.None)).Preview);
    }

    [Fact]
    public async Task Fork_OfSomebodyElsesRun_IsAnEntryEachTimeAndNoneWhereItIsRefused()
    {
        using var client = await ProgramAsync("usr_demo_admin1");
        foreach (var (body, status) in ((string, HttpStatusCode)[])
        [
            ("""{"seq":100000}""", HttpStatusCode.UnprocessableEntity), ("""{"seq":1}""", HttpStatusCode.Accepted), ("""{"seq":1}""", HttpStatusCode.Accepted),
        ])
        {
            using var forked = await PostAsync(client, RunId, body);
            Assert.Equal(status, forked.StatusCode);
        }

        await using var db = await ContextAsync();
        var entries = await db.AccessLog.Where(row => row.Action == AccessActions.RunForked).ToListAsync();
        Assert.Equal(2, entries.Count);
        Assert.All(entries, entry => Assert.Equal(RunId, entry.ObjectId));
        Assert.All(entries, entry => Assert.Equal(ForkRunText.ForkedAt(2), entry.After));
        Assert.All(entries, entry => Assert.NotNull(entry.KeyId));
    }

    private async Task<HttpClient> ProgramAsync(string userId)
    {
        var client = Host.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", (await Host.App.Services.GetRequiredService<ApiKeys>().CreateAsync(userId, "test", CancellationToken.None)).Key);
        return client;
    }
}
