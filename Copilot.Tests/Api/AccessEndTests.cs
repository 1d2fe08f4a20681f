using System.Net;
using System.Net.Http.Json;
using System.Text;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Api.Runs;
using Copilot.Web.Api.Streaming;
using Copilot.Web.Identity;
using Copilot.Web.Security;
using Copilot.Web.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Api;

/// <summary>Streams and waits end when access ends, also when another process ended it or the key's time was over.</summary>
public sealed class AccessEndTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private PeopleHost _host = null!;
    private string _userId = null!;
    private NewApiKey _key = null!;
    private HttpClient _client = null!;

    public static TheoryData<string> Ends => ["lock", "delete", "revoke", "expiry", "sql lock", "sql revoke"];

    public async ValueTask InitializeAsync()
    {
        _host = await PeopleHost.StartAsync(new HostSettings { Clock = _clock });
        _userId = await _host.CreatePersonAsync("anna", Roles.Staff, "team_default");
        var (key, change) = await _host.Services.GetRequiredService<ApiKeys>().CreateAsync(
            TestKeys.Owner(_userId), _userId, new ApiKeyRequest("k", ApiScopes.All, _clock.GetUtcNow().AddHours(1)), CancellationToken.None);
        Assert.Empty(change.Problems);
        _key = key!;
        _client = _host.Program(_key.Key);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Stream_AccessEndsElsewhere_EndsAtTheNextLook(string how)
    {
        using var started = await _client.PostAsync("/api/runs", new StringContent("""{"input":"a"}""", Encoding.UTF8, "application/json"));
        var runId = _host.Runs.Only().RunId;
        using var response = await _client.GetAsync($"/api/runs/{runId}/events?after=2", HttpCompletionOption.ResponseHeadersRead);
        await _host.Runs.Following.Task.Soon("the stream waits for events");

        await EndAsync(how);
        _clock.Advance(AccessWatches.Interval);

        var text = await response.Content.ReadAsStringAsync().Soon("the stream ends");
        // An hour that passes at once has its comments.
        Assert.Equal("retry: 3000\n\n", text.Replace(":\n\n", "", StringComparison.Ordinal));
        await _host.Runs.Left.Task.Soon("the feed is left");
        using var after = await _client.GetAsync("/api/runs/" + runId);
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Wait_AccessEndsElsewhere_Answers404(string how)
    {
        var pending = _client.PostAsJsonAsync("/api/runs?wait=100", new { input = "a" });
        await _host.Runs.Following.Task.Soon("the request waits for the run");

        await EndAsync(how);
        _clock.Advance(AccessWatches.Interval);

        using var response = await pending.Soon("the request is answered");
        await RunApiTests.AssertProblemAsync(response, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Stream_NothingHasEnded_GoesOnAfterEveryLook()
    {
        using var started = await _client.PostAsync("/api/runs", new StringContent("""{"input":"a"}""", Encoding.UTF8, "application/json"));
        var runId = _host.Runs.Only().RunId;
        using var response = await _client.GetAsync($"/api/runs/{runId}/events?after=2", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        await _host.Runs.Following.Task.Soon("the stream waits for events");
        for (var look = 0; look < 4; look++)
        {
            _clock.Advance(AccessWatches.Interval);
        }

        _clock.Advance(AccessWatches.Interval);

        Assert.Equal("retry: 3000", await lines.ReadLineAsync().Soon("the beginning"));
        Assert.Equal("", await lines.ReadLineAsync().Soon("the beginning's end"));
        Assert.Equal(":", await lines.ReadLineAsync().Soon("the comment of 15 seconds"));
    }

    private async Task EndAsync(string how)
    {
        switch (how)
        {
            case "lock":
                Assert.Equal(0, (await TestCommand.RunAsync(_host, "people", "lock", "anna")).ExitCode);
                break;
            case "delete":
                Assert.Equal(0, (await TestCommand.RunAsync(_host, "people", "delete", "anna", "--yes")).ExitCode);
                break;
            case "revoke":
                Assert.Equal(0, (await TestCommand.RunAsync(_host, "keys", "revoke", _key.Id)).ExitCode);
                break;
            case "expiry":
                _clock.Advance(TimeSpan.FromHours(1));
                break;
            default:
                await using (var connection = new SqliteConnection(_host.ConnectionString))
                {
                    await connection.OpenAsync();
                    await using var command = connection.CreateCommand();
                    command.CommandText = how == "sql lock"
                        ? $"UPDATE users SET lockout_end = {UnixMicroseconds.From(PersonStore.Locked)}"
                        : "UPDATE api_keys SET revoked_at = 1";
                    await command.ExecuteNonQueryAsync();
                }

                break;
        }
    }
}
