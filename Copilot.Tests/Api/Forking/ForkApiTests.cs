using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Domain.Audit;
using Copilot.Domain.Erasure;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Api;
using Copilot.Web.Identity;
using Copilot.Web.Runs.Forking;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Api.Forking;

/// <summary>Forks over HTTP, with the demo model and its tools.</summary>
public sealed class ForkApiTests : IAsyncLifetime
{
    private const string Question = "How many cooling pumps are in stock?";

    private WholeHost _host = null!;
    private HttpClient _client = null!;
    private string _run = "";
    private IReadOnlyList<RunEvent> _events = [];

    private IRunEventStore Store => _host.App.Services.GetRequiredService<IRunEventStore>();

    public async ValueTask InitializeAsync()
    {
        _host = await WholeHost.StartAsync("--DemoTools:Latency=00:00:00", "--Prices:Currency=EUR", "--Prices:Models:0:Model=gpt-5.6-mini", "--Prices:Models:0:Input=1", "--Prices:Models:0:Output=2");
        _client = _host.Client();
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "demo-key");
        using var started = await _client.PostAsJsonAsync("/api/runs?wait=50", new { input = Question });
        Assert.Equal(HttpStatusCode.OK, started.StatusCode);
        _run = (await JsonAsync(started)).GetProperty("run_id").GetString()!;
        _events = await Store.ReadAsync(_run, 0, int.MaxValue, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Fork_OfACallWithOtherArguments_IsARunOfItsOwn()
    {
        var call = _events.First(one => one.Type == RunEventTypes.ToolStarted);
        var arguments = JsonNode.Parse(((ToolRequested)_events.First(one => one.Type == RunEventTypes.ToolRequested && one.CallId == call.CallId).Payload!).Arguments!)!.AsObject();
        var changed = arguments.First(one => one.Value?.GetValueKind() is JsonValueKind.String).Key;
        arguments[changed] = "gasket";

        var fork = await RestAsync(await ForkAsync(new { seq = call.Seq, arguments }));

        var from = fork.GetProperty("forked_from");
        Assert.Equal(_run, from.GetProperty("run_id").GetString());
        Assert.Equal(2, from.GetProperty("step").GetInt32());
        Assert.Equal("completed", fork.GetProperty("status").GetString());
        Assert.Equal(Question, fork.GetProperty("input").GetString());
        var events = await Store.ReadAsync(fork.GetProperty("run_id").GetString()!, 0, int.MaxValue, CancellationToken.None);
        var asked = events.First(one => one.Type == RunEventTypes.ToolRequested);
        Assert.Equal(call.CallId, asked.CallId);
        Assert.Equal("gasket", (string?)JsonNode.Parse(((ToolRequested)asked.Payload!).Arguments!)![changed]);

        // In a conversation of its own, called after the other; the other is as it was.
        var session = fork.GetProperty("session_id").GetString()!;
        var parent = (await Store.FindAsync(_run, CancellationToken.None))!;
        Assert.NotEqual(parent.SessionId, session);
        Assert.Equal(ForkRunText.Title(Question), (await _host.App.Services.GetRequiredService<SessionStore>().FindAsync(session, CancellationToken.None))!.Title);
        Assert.Equal([_run], (await Store.ReadSessionHeadsAsync(parent.SessionId, CancellationToken.None)).Select(run => run.RunId));
        Assert.Equal(_events.Count, parent.HeadSeq);
    }

    [Fact]
    public async Task Fork_AtALaterStep_InvokesNoEarlierTool_AndTheSameKeyStartsOne()
    {
        var last = _events.Last(one => one.Type == RunEventTypes.AttemptSent);
        Assert.Contains(_events, one => one.Type == RunEventTypes.ToolStarted && one.Seq < last.Seq);
        _client.DefaultRequestHeaders.Add("Idempotency-Key", "fork-1");

        var run = await ForkAsync(new { seq = last.Seq });
        var again = await ForkAsync(new { seq = last.Seq });
        var fork = await RestAsync(run);

        Assert.Equal(run, again);
        Assert.Equal("completed", fork.GetProperty("status").GetString());
        var events = await Store.ReadAsync(run, 0, int.MaxValue, CancellationToken.None);
        Assert.DoesNotContain(events, one => one.Type == RunEventTypes.ToolStarted);
        Assert.Equal((await Store.FindAsync(_run, CancellationToken.None))!.OutputText, fork.GetProperty("output_text").GetString());
    }

    [Fact]
    public async Task Fork_AtTheQuestion_AsksOtherWordsOfAnotherModel()
    {
        var fork = await RestAsync(await ForkAsync(new { seq = 1, message = "Find the customer Contoso", model = "gpt-5.6-mini" }));

        Assert.Equal("Find the customer Contoso", fork.GetProperty("input").GetString());
        Assert.Equal("gpt-5.6-mini", fork.GetProperty("model").GetString());
        Assert.Equal(1, fork.GetProperty("forked_from").GetProperty("step").GetInt32());
    }

    [Fact]
    public async Task Fork_OfARunWithFiles_CarriesThemAsItsOwn_AndEachConversationDeletesItsOwn()
    {
        using var uploaded = await _client.PostAsync("/api/files?name=pumps.txt", new StringContent("Cooling pump, 3 pieces"));
        var file = (await JsonAsync(uploaded)).GetProperty("id").GetString()!;
        using var started = await _client.PostAsJsonAsync("/api/runs?wait=50", new { input = "What is in this file?", files = (string[])[file] });
        var run = await JsonAsync(started);
        var (runId, answer) = (run.GetProperty("run_id").GetString()!, run.GetProperty("output_text").GetString()!);
        Assert.Contains("Cooling pump, 3 pieces", answer, StringComparison.Ordinal);
        _client.DefaultRequestHeaders.Add("Idempotency-Key", "fork-files");

        // At the question, twice with one key: one run, with a file of its own.
        var forkId = await ForkAsync(runId, new { seq = 1 });
        Assert.Equal(forkId, await ForkAsync(runId, new { seq = 1 }));
        _client.DefaultRequestHeaders.Remove("Idempotency-Key");
        Assert.Equal(answer, (await RestAsync(forkId)).GetProperty("output_text").GetString());
        var (parent, fork) = ((await Store.FindAsync(runId, CancellationToken.None))!, (await Store.FindAsync(forkId, CancellationToken.None))!);
        var copy = Assert.Single(fork.Files);
        Assert.NotEqual(file, copy.Id);
        Assert.Equal(parent.Files.Select(one => (one.Name, one.Type, one.Size)), fork.Files.Select(one => (one.Name, one.Type, one.Size)));
        Assert.Equal("Cooling pump, 3 pieces", await _client.GetStringAsync($"/api/files/{copy.Id}/content"));
        Assert.Equal(fork.SessionId, await SessionOfAsync(copy.Id));
        Assert.Equal(parent.SessionId, await SessionOfAsync(file));

        // At the answer: the question's file is read where it is.
        var events = await Store.ReadAsync(runId, 0, int.MaxValue, CancellationToken.None);
        var later = await RestAsync(await ForkAsync(runId, new { seq = events.Last(one => one.Type == RunEventTypes.AttemptSent).Seq }));
        Assert.Equal(answer, later.GetProperty("output_text").GetString());
        Assert.Empty((await Store.FindAsync(later.GetProperty("run_id").GetString()!, CancellationToken.None))!.Files);

        // A fork that is deleted takes its own file along and no other; the other one takes its forks along.
        await DeleteAsync(fork.SessionId, copy.Id);
        Assert.Equal("Cooling pump, 3 pieces", await _client.GetStringAsync($"/api/files/{file}/content"));
        var third = (await Store.FindAsync((await RestAsync(await ForkAsync(runId, new { seq = 1 }))).GetProperty("run_id").GetString()!, CancellationToken.None))!;
        await DeleteAsync(parent.SessionId, file, Assert.Single(third.Files).Id);
        Assert.NotNull((await Store.FindAsync(third.RunId, CancellationToken.None))!.ForgottenAt);
    }

    [Fact]
    public async Task Fork_OfACallThatWasApproved_AsksAgainAndPlacesAnOrderOfItsOwn()
    {
        var parentId = await StartAsync("Order two cooling pumps");
        var parent = await RestAsync(parentId);
        var asked = Assert.Single(parent.GetProperty("pending_approvals").EnumerateArray());
        var callId = asked.GetProperty("call_id").GetString()!;
        await DecideAsync(parentId, callId, new { decision = "approve" }, HttpStatusCode.Accepted);
        Assert.Equal(RunEventTypes.RunCompleted, await EndAsync(parentId));
        var events = await Store.ReadAsync(parentId, 0, int.MaxValue, CancellationToken.None);
        var call = events.Single(one => one.Type == RunEventTypes.ApprovalRequested);
        var arguments = JsonNode.Parse(asked.GetProperty("arguments").GetString()!)!.AsObject();
        arguments["quantity"] = 5;

        // The approval of before is the other run's: this one asks for its own, with what was changed.
        var forkId = await ForkAsync(parentId, new { seq = call.Seq, arguments });
        var waiting = Assert.Single((await RestAsync(forkId)).GetProperty("pending_approvals").EnumerateArray());
        Assert.Equal(callId, waiting.GetProperty("call_id").GetString());
        Assert.Equal(5, (int)JsonNode.Parse(waiting.GetProperty("arguments").GetString()!)!["quantity"]!);
        Assert.Empty(await StartedAsync(forkId));

        // A decision about the other run's call is none about this one's.
        await DecideAsync(parentId, callId, new { decision = "approve" }, HttpStatusCode.Conflict);
        Assert.Empty(await StartedAsync(forkId));
        arguments["quantity"] = 4;
        await DecideAsync(forkId, callId, new { decision = "approve", arguments }, HttpStatusCode.Accepted);
        Assert.Equal(RunEventTypes.RunCompleted, await EndAsync(forkId));
        Assert.Equal([callId], await StartedAsync(forkId));
        var ended = await Store.ReadAsync(forkId, 0, int.MaxValue, CancellationToken.None);
        Assert.Contains(ended, one => one.Type == RunEventTypes.ApprovalApproved && one.Actor?.Id == "usr_demo_staff1");

        // One that is denied changes nothing.
        var deniedId = await ForkAsync(parentId, new { seq = call.Seq, arguments });
        await RestAsync(deniedId);
        await DecideAsync(deniedId, callId, new { decision = "deny", reason = "too many" }, HttpStatusCode.Accepted);
        Assert.Equal(RunEventTypes.RunCompleted, await EndAsync(deniedId));
        Assert.Empty(await StartedAsync(deniedId));
        Assert.Equal(events.Count, (await Store.FindAsync(parentId, CancellationToken.None))!.HeadSeq);
    }

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
        using var response = await PostAsync(_run, body);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(field, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fork_WrongArguments_AreRefusedByTheToolsSchema()
    {
        var call = _events.First(one => one.Type == RunEventTypes.ToolStarted);

        using var response = await PostAsync(_run, $$$"""{"seq":{{{call.Seq}}},"arguments":{"no_such":1}}""");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains("arguments", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fork_OfAForeignOrUnknownRun_Is404_AndOfADeletedOne409()
    {
        var foreign = Assert.IsType<StartOutcome.Started>(await _host.App.Services.GetRequiredService<IRuns>().StartAsync(
            RunHost.Request("Secret", "ses_foreign") with { Owner = new RunOwner("usr_else", "team_else") }, CancellationToken.None)).Run;
        foreach (var id in (string[])[foreign.RunId, "run_none"])
        {
            using var hidden = await PostAsync(id, """{"seq":1}""");
            Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        }

        using var deleting = await _client.DeleteAsync("/api/sessions/" + (await Store.FindAsync(_run, CancellationToken.None))!.SessionId);
        Assert.Equal(HttpStatusCode.Accepted, deleting.StatusCode);
        using var refused = await PostAsync(_run, """{"seq":1}""");
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains(ForkRunText.Deleted, (await JsonAsync(refused)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fork_WithTooManyWords_NamesTheFieldThatTheBodyHas()
    {
        using var refused = await PostAsync(_run, JsonSerializer.Serialize(new { seq = 1, message = new string('x', 200_000) }));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal("message", (await JsonAsync(refused)).GetProperty("field").GetString());
    }

    [Fact]
    public async Task Fork_ThatIsRepeatedOrRefused_LeavesNoCopyOfAFile()
    {
        using var uploaded = await _client.PostAsync("/api/files?name=a.txt", new StringContent("words", System.Text.Encoding.UTF8, "text/plain"));
        var file = (await JsonAsync(uploaded)).GetProperty("id").GetString()!;
        using var started = await _client.PostAsJsonAsync("/api/runs?wait=50", new { input = Question, files = (string[])[file] });
        var run = (await JsonAsync(started)).GetProperty("run_id").GetString()!;
        _client.DefaultRequestHeaders.Add("Idempotency-Key", "fork-file");

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
        var forks = _host.App.Services.GetRequiredService<ForkRun>();
        var supervisor = (await _host.App.Services.GetRequiredService<PersonStore>().FindAsync("usr_demo_supervisor1", CancellationToken.None))!;
        var foreign = Assert.IsType<StartOutcome.Started>(await _host.App.Services.GetRequiredService<IRuns>().StartAsync(
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
        Assert.Null((await forks.ReadAsync(supervisor.Id, fork, CancellationToken.None)).Offer);
        Assert.NotNull((await forks.ReadAsync(admin.UserId, fork, CancellationToken.None)).Offer);
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
            using var forked = await PostAsync(client, _run, body);
            Assert.Equal(status, forked.StatusCode);
        }

        await using var db = await ContextAsync();
        var entries = await db.AccessLog.Where(row => row.Action == AccessActions.RunForked).ToListAsync();
        Assert.Equal(2, entries.Count);
        Assert.All(entries, entry => Assert.Equal(_run, entry.ObjectId));
        Assert.All(entries, entry => Assert.Equal(ForkRunText.ForkedAt(2), entry.After));
        Assert.All(entries, entry => Assert.NotNull(entry.KeyId));
    }

    private Task<CopilotDbContext> ContextAsync() => _host.App.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync();

    private async Task<HttpClient> ProgramAsync(string userId)
    {
        var client = _host.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", (await _host.App.Services.GetRequiredService<ApiKeys>().CreateAsync(userId, "test", CancellationToken.None)).Key);
        return client;
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

    private Task<HttpResponseMessage> PostAsync(string runId, string body) => PostAsync(_client, runId, body);

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string runId, string body) =>
        client.PostAsync($"/api/runs/{runId}/forks", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

    private Task<string> ForkAsync(object body) => ForkAsync(_run, body);

    private async Task<string> ForkAsync(string of, object body)
    {
        using var response = await PostAsync(of, JsonSerializer.Serialize(body));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var run = (await JsonAsync(response)).GetProperty("run_id").GetString()!;
        Assert.Equal("/api/runs/" + run, response.Headers.Location!.ToString());
        return run;
    }

    private async Task<JsonElement> RestAsync(string run)
    {
        using var response = await _client.GetAsync($"/api/runs/{run}?wait=50").Soon("the fork rests");
        return await JsonAsync(response);
    }

    private async Task<string> StartAsync(string input)
    {
        using var response = await _client.PostAsJsonAsync("/api/runs", new { input });
        return (await JsonAsync(response)).GetProperty("run_id").GetString()!;
    }

    private async Task DecideAsync(string run, string callId, object decision, HttpStatusCode expected)
    {
        using var response = await _client.PostAsJsonAsync($"/api/runs/{run}/approvals/{callId}", decision);
        Assert.Equal(expected, response.StatusCode);
    }

    /// <summary>The type of the event that the run ends with.</summary>
    private async Task<string> EndAsync(string run)
    {
        return await ReadAsync().Soon("the run ends");

        async Task<string> ReadAsync()
        {
            await foreach (var batch in _host.App.Services.GetRequiredService<IRunFeed>().FollowAsync(run, 0, CancellationToken.None))
            {
                if (batch.FirstOrDefault(one => RunEventTypes.IsSettled(one.Type)) is { } last)
                {
                    return last.Type;
                }
            }

            throw new InvalidOperationException("The run has no end.");
        }
    }

    /// <summary>The calls that were carried out.</summary>
    private async Task<IEnumerable<string?>> StartedAsync(string run) => (await Store.ReadAsync(run, 0, int.MaxValue, CancellationToken.None))
        .Where(one => one.Type == RunEventTypes.ToolStarted)
        .Select(one => one.CallId);

    private async Task<string?> SessionOfAsync(string file) => (await FileAsync(file)).SessionId;

    private async Task<bool> IsErasedAsync(string file) => (await FileAsync(file)).ForgottenAt is not null;

    private async Task<FileRow> FileAsync(string file)
    {
        await using var db = await _host.App.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync();
        return await db.Files.AsNoTracking().SingleAsync(row => row.Id == file);
    }

    /// <summary>Deletes a conversation, and waits until these files are gone with it.</summary>
    private async Task DeleteAsync(string session, params string[] files)
    {
        using var watch = _host.App.Services.GetRequiredService<ErasureService>().Watch(sessionId: null);
        using var deleting = await _client.DeleteAsync("/api/sessions/" + session);
        Assert.Equal(HttpStatusCode.Accepted, deleting.StatusCode);
        foreach (var file in files)
        {
            while (true)
            {
                var changed = watch.Next;
                if (await IsErasedAsync(file))
                {
                    break;
                }

                await changed.Soon($"the deletion of {file} goes on");
            }
        }
    }
}
