using System.Net;
using System.Text.Json;
using Copilot.Domain.Audit;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Storage;
using Copilot.Web.Identity;
using Copilot.Web.Security;
using Copilot.Web.Storage;
using Copilot.Web.Supervision;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Api;

/// <summary><c>GET /api/live</c>: who sees which runs, and for how long.</summary>
public sealed class LiveApiTests : IAsyncLifetime
{
    private PeopleHost _host = null!;
    private LiveBoard _board = null!;
    private RunDirectory _directory = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await PeopleHost.StartAsync(new HostSettings());
        _directory = _host.Services.GetRequiredService<RunDirectory>();
        _board = _host.Services.GetRequiredService<LiveBoard>();
        await _board.StartAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _board.StopAsync(CancellationToken.None);
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Live_Staff_Is404_AndAKeyWithoutTheScope403()
    {
        using var staff = await ProgramAsync("anna", Roles.Staff, "team_default", ApiScopes.All);
        using var narrow = await ProgramAsync("bea", Roles.Supervisor, "team_default", [ApiScopes.FilesRead]);

        using var refused = await staff.GetAsync("/api/live");
        using var forbidden = await narrow.GetAsync("/api/live");

        await RunApiTests.AssertProblemAsync(refused, HttpStatusCode.NotFound);
        await RunApiTests.AssertProblemAsync(forbidden, HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Live_Supervisor_GetsTheTeamsRuns_FirstAllThenWhatChanges()
    {
        _directory.Publish(Run("mine", "team_default"));
        _directory.Publish(Run("theirs", "team_other"));
        using var supervisor = await ProgramAsync("sam", Roles.Supervisor, "team_default", [ApiScopes.RunsRead]);
        await ShownAsync("run_mine").Soon("the board shows the run");

        await using var stream = await LiveReader.OpenAsync(supervisor);
        var snapshot = await stream.NextAsync("snapshot", "run_mine");
        _directory.Publish(Run("mine", "team_default") with { HeadSeq = 9, Status = RunStatus.Waiting });
        var change = await stream.NextAsync("change", "run_mine");

        Assert.Equal(["run_mine"], RunsOf(snapshot));
        Assert.Equal(["run_mine"], RunsOf(change));
        Assert.Equal("needs_person", change.GetProperty("runs")[0].GetProperty("group").GetString());
        Assert.Equal("waiting", change.GetProperty("runs")[0].GetProperty("signs")[0].GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Live_Supervisor_IsOneEntryOfTheAccessLog_HoweverOftenTheProgramComesBack()
    {
        var userId = await _host.CreatePersonAsync("sam", Roles.Supervisor, "team_default");
        using var supervisor = await ProgramAsync(userId, [ApiScopes.RunsRead]);
        using var staff = await ProgramAsync("anna", Roles.Staff, "team_default", ApiScopes.All);
        using var refused = await staff.GetAsync("/api/live");
        for (var time = 0; time < 3; time++)
        {
            await using var stream = await LiveReader.OpenAsync(supervisor);
            await stream.NextAsync("snapshot", runId: null);
        }

        await using var db = await _host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>().CreateDbContextAsync();
        var entry = await db.AccessLog.SingleAsync(row => row.Action == AccessActions.WallOpened);
        Assert.Equal(userId, entry.ActorId);
        Assert.NotNull(entry.KeyId);
        Assert.Equal("team_default", entry.ObjectId);
    }

    [Fact]
    public async Task Live_RoleIsTaken_EndsTheStream()
    {
        var userId = await _host.CreatePersonAsync("sam", Roles.Supervisor, "team_default");
        using var supervisor = await ProgramAsync(userId, [ApiScopes.RunsRead]);
        await using var stream = await LiveReader.OpenAsync(supervisor);
        await stream.NextAsync("snapshot", runId: null);

        await _host.People.SetRolesAsync(userId, [Roles.Staff], CancellationToken.None);

        Assert.Null(await stream.NextOrEndAsync());
        using var refused = await supervisor.GetAsync("/api/live");
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
    }

    // The board follows in the background.
    private async Task ShownAsync(string runId)
    {
        for (var changed = _board.Changed; _board.Current.Rows.All(row => row.RunId != runId); changed = _board.Changed)
        {
            await changed;
        }
    }

    private static string?[] RunsOf(JsonElement document) =>
        [.. document.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("run_id").GetString())];

    private static RunSummary Run(string name, string team) =>
        new FakeRun(name).Summary with { TeamId = team, Status = RunStatus.Running, HeadSeq = 3, LastEventAt = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero) };

    private async Task<HttpClient> ProgramAsync(string name, string role, string team, IReadOnlyList<string> scopes) =>
        await ProgramAsync(await _host.CreatePersonAsync(name, role, team), scopes);

    private async Task<HttpClient> ProgramAsync(string userId, IReadOnlyList<string> scopes)
    {
        var (key, change) = await _host.Services.GetRequiredService<ApiKeys>().CreateAsync(
            TestKeys.Owner(userId), userId, new ApiKeyRequest("k", scopes, ExpiresAt: null), CancellationToken.None);
        Assert.Empty(change.Problems);
        return _host.Program(key!.Key);
    }
}
