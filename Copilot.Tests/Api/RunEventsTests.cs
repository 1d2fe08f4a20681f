using System.Net;
using System.Text;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Api.Runs;
using Copilot.Web.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Api;

public sealed class RunEventsTests : RunApiScene
{
    private static readonly TimeSpan s_patience = Waiting.Limit;

    [Fact]
    public async Task Events_LiveRun_StreamsFramesUntilTheEnd()
    {
        var runId = await StartAsync();
        using var response = await OpenAsync(runId, "");
        await _host.Runs.Following.Task.WaitAsync(s_patience);
        _host.Runs.Append(runId, "response.x", "{\"a\":\r\n \"b\\n\"}");
        _host.Runs.Append(runId, RunEventTypes.RunCompleted, "");

        var text = await response.Content.ReadAsStringAsync().WaitAsync(s_patience);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        Assert.True(response.Headers.CacheControl?.NoCache);
        // A proxy that compresses holds small events back.
        Assert.True(response.Headers.CacheControl?.NoTransform);
        Assert.Equal(["identity"], response.Content.Headers.ContentEncoding);
        var at = ApiTime.Format(_clock.GetUtcNow());
        string Frame(int seq, string source, string actor, string type, string data) =>
            $$"""
            id: {{seq}}
            data: {"run_id":"{{runId}}","seq":{{seq}},"at":"{{at}}","source":"{{source}}","actor":{{actor}},"type":"{{type}}","response_id":null,"call_id":null,"data":{{data}}}


            """;
        Assert.Equal(
            "retry: 3000\n\n"
            + Frame(1, "agent", "null", "run.created", "{}")
            + Frame(2, "user", """{"id":"usr_demo_staff1","role":"Staff"}""", "user.message", "{}")
            + Frame(3, "upstream", "null", "response.x", "{\"a\":   \"b\\n\"}")
            + Frame(4, "agent", "null", "run.completed", "null"),
            text);
    }

    [Fact]
    public async Task Events_WithNames_CarryTheirTypeAndNothingThatAnUpstreamMadeUp()
    {
        var runId = await StartAsync();
        _host.Runs.Append(runId, "response.x\ndata: forged", "{}");
        _host.Runs.Append(runId, RunEventTypes.RunCompleted, "{}");

        using var response = await OpenAsync(runId, "?event_names=true");
        var lines = (await response.Content.ReadAsStringAsync().WaitAsync(s_patience)).Split('\n');
        using var refused = await OpenAsync(runId, "?event_names=maybe");

        Assert.Equal(
            ["event: run.created", "id: 1", "event: user.message", "id: 2", "id: 3", "event: run.completed", "id: 4"],
            lines.Where(line => line.Length > 0 && !line.StartsWith("retry", StringComparison.Ordinal) && !line.StartsWith("data: {", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Theory]
    [InlineData("?after=1", null, 2)]
    [InlineData("?after=1", "2", 3)]
    [InlineData("", "1", 2)]
    [InlineData("?after=junk", "2", 3)]
    public async Task Events_Position_LastEventIdWins(string query, string? lastEventId, int first)
    {
        var runId = await EndedAsync();

        using var response = await OpenAsync(runId, query, lastEventId);

        var text = await response.Content.ReadAsStringAsync().WaitAsync(s_patience);
        Assert.StartsWith($"retry: 3000\n\nid: {first}\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3")]
    [InlineData("9")]
    public async Task Events_AtEndOfFinishedRun_Answers204(string position)
    {
        var runId = await EndedAsync();

        using var response = await OpenAsync(runId, "", position);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    [Theory]
    [InlineData("?after=-1", null)]
    [InlineData("?after=1.5", null)]
    [InlineData("?after=1", "x")]
    [InlineData("?after=3", null)]
    public async Task Events_WrongPosition_Answers400(string query, string? lastEventId)
    {
        var runId = await StartAsync();

        using var response = await OpenAsync(runId, query, lastEventId);

        await RunApiTests.AssertProblemAsync(response, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Events_InterruptedAndResumed_GoesOnAndEndsAtTheNewestInterruption()
    {
        var runId = await StartAsync();
        _host.Runs.Append(runId, RunEventTypes.RunInterrupted, "{}");
        _host.Runs.Append(runId, RunEventTypes.RunResumed, "{}");
        using var response = await OpenAsync(runId, "?after=2");
        await _host.Runs.Following.Task.WaitAsync(s_patience);
        _host.Runs.Append(runId, RunEventTypes.RunInterrupted, "{}");

        var text = await response.Content.ReadAsStringAsync().WaitAsync(s_patience);

        Assert.Equal(["3", "4", "5"], text.Split('\n').Where(line => line.StartsWith("id: ", StringComparison.Ordinal)).Select(line => line[4..]));
    }

    [Fact]
    public async Task Events_QuietRun_SendsComments()
    {
        var runId = await StartAsync();
        using var response = await OpenAsync(runId, "?after=2");
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        await _host.Runs.Following.Task.WaitAsync(s_patience);
        Assert.Equal("retry: 3000|", await TwoLinesAsync(lines));

        _clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(":|", await TwoLinesAsync(lines));
        _clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(":|", await TwoLinesAsync(lines));
    }

    public static TheoryData<string> Revocations => ["lock", "delete", "roles", "key"];

    [Theory]
    [MemberData(nameof(Revocations))]
    public async Task Events_AccessRevoked_StreamEndsAtOnceAndKeyIsDead(string how)
    {
        var userId = await _host.CreatePersonAsync("anna", Roles.Staff, "team_default");
        var keys = _host.Services.GetRequiredService<ApiKeys>();
        var key = await keys.CreateAsync(userId, "k", CancellationToken.None);
        using var client = _host.Program(key.Key);
        var runId = await StartAsync(client);
        using var response = await client.GetAsync($"/api/runs/{runId}/events?after=2", HttpCompletionOption.ResponseHeadersRead);
        await _host.Runs.Following.Task.WaitAsync(s_patience);

        switch (how)
        {
            case "lock":
                await _host.People.LockAsync(userId, CancellationToken.None);
                break;
            case "delete":
                await _host.People.DeleteAsync(userId, CancellationToken.None);
                break;
            case "roles":
                await _host.People.SetRolesAsync(userId, [], CancellationToken.None);
                break;
            default:
                Assert.True(await keys.RevokeAsync(userId, key.Id, CancellationToken.None));
                break;
        }

        Assert.Equal("retry: 3000\n\n", await response.Content.ReadAsStringAsync().WaitAsync(s_patience));
        await _host.Runs.Left.Task.WaitAsync(s_patience);
        using var after = await client.GetAsync("/api/runs/" + runId);
        await RunApiTests.AssertProblemAsync(after, how == "roles" ? HttpStatusCode.NotFound : HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Events_ServerStops_StreamEnds()
    {
        var runId = await StartAsync();
        using var response = await OpenAsync(runId, "?after=2");
        await _host.Runs.Following.Task.WaitAsync(s_patience);

        await _host.App.StopAsync().WaitAsync(s_patience);

        Assert.Equal("retry: 3000\n\n", await response.Content.ReadAsStringAsync().WaitAsync(s_patience));
    }

    [Fact]
    public async Task Events_ClientLeaves_FollowEnds()
    {
        var runId = await StartAsync();
        var response = await OpenAsync(runId, "?after=2");
        await _host.Runs.Following.Task.WaitAsync(s_patience);

        response.Dispose();

        await _host.Runs.Left.Task.WaitAsync(s_patience);
    }

    private static async Task<string> TwoLinesAsync(StreamReader lines) =>
        await lines.ReadLineAsync().WaitAsync(s_patience) + "|" + await lines.ReadLineAsync().WaitAsync(s_patience);

    private async Task<HttpResponseMessage> OpenAsync(string runId, string query, string? lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/runs/{runId}/events{query}");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private Task<HttpResponseMessage> OpenAsync(string runId, string query) => OpenAsync(runId, query, null);

    private async Task<string> EndedAsync()
    {
        var runId = await StartAsync();
        _host.Runs.Append(runId, RunEventTypes.RunCompleted, "{}");
        return runId;
    }
}
