using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Api;
using Copilot.Web.Api.Runs;
using Copilot.Web.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Api;

public sealed class RunApiTests : RunApiScene
{
    [Fact]
    public async Task Create_Question_Answers202WithReceipt()
    {
        using var response = await CreateAsync("""{"input":"hello","metadata":{"a":"b"},"unknown":[1]}""");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var receipt = await JsonAsync(response);
        Assert.Equal(["run_id", "session_id", "status", "events_url"], receipt.EnumerateObject().Select(field => field.Name));
        var runId = receipt.GetProperty("run_id").GetString();
        Assert.Equal($"/api/runs/{runId}/events", receipt.GetProperty("events_url").GetString());
        Assert.Equal("queued", receipt.GetProperty("status").GetString());
        var request = Assert.Single(_host.Runs.Requests);
        Assert.Equal("hello", request.Input);
        Assert.Equal("b", Assert.Single(request.Metadata, pair => pair.Key == "a").Value);
        Assert.Equal(new EventActor("usr_demo_staff1", Roles.Staff), request.Actor);
        Assert.Equal(new RunOwner("usr_demo_staff1", "team_default"), request.Owner);
        Assert.StartsWith("ses_", request.SessionId, StringComparison.Ordinal);
        Assert.Null(request.MessageId);
    }

    [Theory]
    [InlineData(16, 64, 512, HttpStatusCode.Accepted)]
    [InlineData(17, 64, 512, HttpStatusCode.BadRequest)]
    [InlineData(16, 65, 512, HttpStatusCode.BadRequest)]
    [InlineData(16, 64, 513, HttpStatusCode.BadRequest)]
    public async Task Create_Metadata_IsLimited(int pairs, int keyLength, int valueLength, HttpStatusCode expected)
    {
        var metadata = Enumerable.Range(0, pairs).ToDictionary(
            index => index.ToString("d2", null).PadRight(keyLength, 'k'), _ => new string('v', valueLength));

        using var response = await _client.PostAsJsonAsync("/api/runs", new { input = "a", metadata });

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Create_TooMany_Answers429WithRetryAfter()
    {
        _host.Runs.Refusal = _ => new StartOutcome.TooMany("Too many.", TimeSpan.FromSeconds(2.5)) { Code = "key_limit" };

        using var response = await CreateAsync("""{"input":"a"}""");

        var problem = await AssertProblemAsync(response, HttpStatusCode.TooManyRequests);
        Assert.Equal("key_limit", problem.GetProperty("code").GetString());
        Assert.NotNull(Assert.Single(_host.Runs.Requests).ApiKeyId);
        Assert.Equal(TimeSpan.FromSeconds(3), response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Create_StorageUnavailable_Answers503()
    {
        _host.Runs.Refusal = _ => throw new StorageUnavailableException("secret", new IOException());

        using var response = await CreateAsync("""{"input":"a"}""");

        var problem = await AssertProblemAsync(response, HttpStatusCode.ServiceUnavailable);
        Assert.DoesNotContain("secret", problem.GetRawText(), StringComparison.Ordinal);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task Create_Unexpected_Answers500WithoutItsText()
    {
        _host.Runs.Refusal = _ => throw new InvalidOperationException("secret");

        using var response = await CreateAsync("""{"input":"a"}""");

        var problem = await AssertProblemAsync(response, HttpStatusCode.InternalServerError);
        Assert.DoesNotContain("secret", problem.GetRawText(), StringComparison.Ordinal);
        Assert.Single(_host.Log.Warnings, line => line.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Create_WaitUntilRest_Answers200WithRun()
    {
        var pending = _client.PostAsJsonAsync("/api/runs?wait=100", new { input = "a" });
        await _host.Runs.Following.Task.WaitAsync(Waiting.Limit);
        var runId = _host.Runs.Only().RunId;
        _host.Runs.Append(runId, RunEventTypes.RunStarted, "{}");
        _host.Runs.Update(runId, run => run with { OutputText = "hi" });
        _host.Runs.Append(runId, RunEventTypes.RunCompleted, "{}");

        using var response = await pending;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var run = await JsonAsync(response);
        Assert.Equal("completed", run.GetProperty("status").GetString());
        Assert.Equal("hi", run.GetProperty("output_text").GetString());
        Assert.Equal(4, run.GetProperty("head_seq").GetInt32());
    }

    [Fact]
    public async Task Create_WaitTooShort_Answers202()
    {
        var pending = _client.PostAsJsonAsync("/api/runs?wait=100", new { input = "a" });
        await _host.Runs.Following.Task.WaitAsync(Waiting.Limit);
        _clock.Advance(TimeSpan.FromSeconds(100));

        using var response = await pending;

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("queued", (await JsonAsync(response)).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Wait_LongerThanProxiesHoldARequest_AnswersAfterFiftySeconds(bool isNew)
    {
        var runId = isNew ? null : await StartAsync();
        var pending = isNew ? _client.PostAsJsonAsync("/api/runs?wait=100", new { input = "a" }) : _client.GetAsync($"/api/runs/{runId}?wait=100");
        await _host.Runs.Following.Task.WaitAsync(Waiting.Limit);
        _clock.Advance(RunWait.Longest - TimeSpan.FromSeconds(1));
        var isEarly = pending.IsCompleted;
        _clock.Advance(TimeSpan.FromSeconds(1));

        using var response = await pending;

        Assert.Equal(TimeSpan.FromSeconds(50), RunWait.Longest);
        Assert.False(isEarly);
        Assert.Equal(isNew ? HttpStatusCode.Accepted : HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("queued", (await JsonAsync(response)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Get_Run_HasEveryField()
    {
        var runId = await StartAsync();
        _host.Runs.Append(runId, RunEventTypes.RunCompleted, "{}");
        _host.Runs.Update(runId, run => run with
        {
            ParentRunId = "run_parent",
            IncompleteReason = "max_output_tokens",
            Transport = TransportKind.WebSocket,
            OutputText = "answer",
            Error = new RunError("code", "message", Advice: null),
            Usage = new ResponseUsage(1, 2, 3, 4),
            ToolCalls = 5,
        });

        var run = await JsonAsync(await _client.GetAsync("/api/runs/" + runId));

        var at = _clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'.000000Z'", null);
        var session = Assert.Single(_host.Runs.Requests).SessionId;
        Assert.Equal(
            $$"""{"run_id":"{{runId}}","session_id":"{{session}}","parent_run_id":"run_parent","status":"completed","incomplete_reason":"max_output_tokens","transport":"websocket","output_text":"answer","output_json":null,"refusal":null,"error":{"code":"code","message":"message","advice":null},"usage":{"input_tokens":1,"cached_tokens":2,"output_tokens":3,"reasoning_tokens":4,"cache_write_tokens":0},"cost":{"amount":null,"currency":null,"partial":false},"budget":null,"tool_calls":5,"pending_approvals":[],"pending_questions":[],"created_at":"{{at}}","completed_at":"{{at}}","head_seq":3,"forgotten_at":null,"agent":"Copilot","model":"demo","input":"a","files":[],"metadata":{{run.GetProperty("metadata").GetRawText()}},"trace_id":null,"forked_from":null}""",
            run.GetRawText());
    }

    [Theory]
    [InlineData("GET", "/api/runs/{0}")]
    [InlineData("POST", "/api/runs/{0}/steer")]
    [InlineData("GET", "/api/runs/{0}/events")]
    [InlineData("POST", "/api/runs/{0}/cancel")]
    [InlineData("POST", "/api/runs/{0}/approvals/call_1")]
    [InlineData("POST", "/api/runs/{0}/budget")]
    [InlineData("GET", "/api/sessions/{0}")]
    public async Task AnyRunAddress_ForeignOrUnknown_Answers404Alike(string method, string address)
    {
        var runId = await StartAsync();
        var other = await _host.CreatePersonAsync("other", Roles.Staff, "team_default");
        var key = await _host.Services.GetRequiredService<ApiKeys>().CreateAsync(other, "k", CancellationToken.None);
        using var stranger = _host.Program(key.Key);

        using var foreign = await stranger.SendAsync(new HttpRequestMessage(new HttpMethod(method), address.Replace("{0}", runId, StringComparison.Ordinal)));
        using var unknown = await stranger.SendAsync(new HttpRequestMessage(new HttpMethod(method), address.Replace("{0}", "run_none", StringComparison.Ordinal)));

        var first = await AssertProblemAsync(foreign, HttpStatusCode.NotFound);
        var second = await AssertProblemAsync(unknown, HttpStatusCode.NotFound);
        Assert.Equal(first.GetProperty("detail").GetString(), second.GetProperty("detail").GetString());
        Assert.Empty(_host.Runs.Commands);
    }

    internal static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync()).RootElement;

    internal static async Task<JsonElement> AssertProblemAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await JsonAsync(response);
        Assert.Equal((int)expected, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        return problem;
    }
}
