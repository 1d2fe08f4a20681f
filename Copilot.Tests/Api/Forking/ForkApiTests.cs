using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Api;
using Copilot.Web.Runs.Forking;
using Copilot.Web.Storage.Sessions;
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

    [Theory]
    [InlineData("""{"seq":0}""", 422, "seq")]
    [InlineData("""{"seq":100000}""", 422, "seq")]
    [InlineData("""{"seq":1,"arguments":{"a":1}}""", 422, "arguments")]
    [InlineData("""{"seq":1,"model":"gpt-unknown"}""", 422, "model")]
    [InlineData("""{}""", 400, "seq")]
    [InlineData("""{"seq":1,"message":"  "}""", 400, "message")]
    [InlineData("""{"seq":1,"arguments":3}""", 400, "arguments")]
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

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

    private Task<HttpResponseMessage> PostAsync(string runId, string body) =>
        _client.PostAsync($"/api/runs/{runId}/forks", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

    private async Task<string> ForkAsync(object body)
    {
        using var response = await PostAsync(_run, JsonSerializer.Serialize(body));
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
}
