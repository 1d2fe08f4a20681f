using Copilot.Domain.Audit;
using Copilot.Domain.Concurrency;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Supervision;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Storage;
using Copilot.Web.Identity;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.Live;
using Copilot.Web.Supervision;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Sessions.Live;

/// <summary>One viewer's part of the board, with people who are really stored.</summary>
public sealed class LiveWallTests : IAsyncLifetime
{
    private readonly AsyncSignal _changed = new();
    private PeopleHost _host = null!;
    private LiveBoard _board = null!;
    private RunDirectory _directory = null!;
    private LiveWall _wall = null!;
    private readonly RecordedAccess _audit = new();

    public async ValueTask InitializeAsync()
    {
        _host = await PeopleHost.StartAsync(new HostSettings());
        _directory = _host.Services.GetRequiredService<RunDirectory>();
        _board = _host.Services.GetRequiredService<LiveBoard>();
        await _board.StartAsync(CancellationToken.None);
        _wall = ActivatorUtilities.CreateInstance<LiveWall>(_host.Services, _audit.Page);
        _wall.Changed += _changed.Set;
    }

    public async ValueTask DisposeAsync()
    {
        await _wall.DisposeAsync();
        await _board.StopAsync(CancellationToken.None);
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Open_Staff_IsDenied()
    {
        _directory.Publish(Run("a", "team_default"));

        await _wall.OpenAsync(await PersonAsync("anna", Roles.Staff), CancellationToken.None);

        Assert.Equal(LivePhase.Denied, _wall.State.Phase);
        Assert.Empty(_audit.Entries);
        Assert.Empty(_wall.State.Visible);
    }

    [Fact]
    public async Task Open_Supervisor_SeesTheTeamsRuns_UntilTheRoleIsTaken()
    {
        var user = await PersonAsync("sam", Roles.Supervisor);
        _directory.Publish(Run("theirs", "team_other"));
        _directory.Publish(Run("mine", "team_default"));

        await _wall.OpenAsync(user, CancellationToken.None);
        var state = await WhenAsync(one => !one.Visible.IsEmpty, "the team's run is on the wall");
        await _host.People.SetRolesAsync(user.Id, [Roles.Staff], CancellationToken.None);

        Assert.Equal(["run_mine"], state.Visible.Select(row => row.RunId));
        Assert.Equal(LivePhase.AccessEnded, _wall.State.Phase);
        Assert.Empty(_wall.State.Visible);
    }

    [Fact]
    public async Task Hold_ARunBecomesUrgent_DoesNotMoveUntilTheOrderIsLetGo()
    {
        _directory.Publish(Run("a", "team_default"));
        _directory.Publish(Run("b", "team_default"));
        await _wall.OpenAsync(await PersonAsync("sam", Roles.Supervisor), CancellationToken.None);
        await WhenAsync(one => one.Rows.Count() == 2, "both runs are on the wall");
        _wall.Hold(true);

        _directory.Publish(Run("b", "team_default") with { HeadSeq = 9, Status = RunStatus.Waiting });
        var held = await WhenAsync(one => one.Moves > 0, "one row would move");
        _wall.Hold(false);

        Assert.Equal(["run_a", "run_b"], held.Rows.Select(row => row.RunId));
        Assert.Equal(["run_b", "run_a"], _wall.State.Rows.Select(row => row.RunId));
        Assert.Equal(0, _wall.State.Moves);

        // What is pinned is counted where it stands.
        Assert.Equal(1, _wall.State.Counts[AttentionGroup.NeedsPerson]);
        _wall.Pin(["run_b"]);
        Assert.Equal([AttentionGroup.Working], _wall.State.Counts.Keys);

        // What has gone stands where it was, and nothing is done about it.
        _wall.Hold(true);
        _directory.Publish(Run("a", "team_default") with { HeadSeq = 10, Status = RunStatus.Completed, CompletedAt = DateTimeOffset.UnixEpoch });
        var gone = await WhenAsync(one => one.Visible.Length == 1, "the run has left the wall");
        Assert.Equal(["run_b", "run_a"], gone.Rows.Select(row => row.RunId));
        Assert.Equal(["run_b"], gone.Present.Select(row => row.RunId));
    }

    [Fact]
    public async Task Open_Supervisor_IsOneEntryOfTheAccessLog_HoweverManyRunsThereAre()
    {
        var user = await PersonAsync("sam", Roles.Supervisor);
        _directory.Publish(Run("a", "team_default"));
        _directory.Publish(Run("b", "team_default"));

        await _wall.OpenAsync(user, CancellationToken.None);
        await WhenAsync(one => one.Visible.Length == 2, "both runs are on the wall");
        _directory.Publish(Run("a", "team_default") with { HeadSeq = 9, LastWords = "more" });
        await WhenAsync(one => one.Find("run_a")!.Run.LastWords == "more", "its words are on the wall");

        var entry = Assert.Single(_audit.Entries);
        Assert.Equal(AccessActions.WallOpened, entry.Action);
        Assert.Equal(user.Id, entry.ActorId);
        Assert.Equal("team_default", entry.ObjectId);
        Assert.Null(entry.OwnerId);
    }

    [Fact]
    public async Task Open_LeftWhileItIsRecorded_EndsQuietly()
    {
        var user = await PersonAsync("sam", Roles.Supervisor);
        var recorded = new TaskCompletionSource();
        _audit.Recorded = recorded.Task;
        var opening = _wall.OpenAsync(user, CancellationToken.None);
        await _wall.DisposeAsync();

        recorded.SetResult();

        await opening.Soon("the wall is not opened");
        Assert.Null(_wall.Scope);
        Assert.Equal(LivePhase.Loading, _wall.State.Phase);
    }

    [Fact]
    public async Task Open_ItCannotBeRecorded_ShowsNothing()
    {
        _audit.IsFull = true;
        _directory.Publish(Run("a", "team_default"));

        await _wall.OpenAsync(await PersonAsync("sam", Roles.Supervisor), CancellationToken.None);
        _wall.Arrange();

        Assert.Equal(LivePhase.NotRecorded, _wall.State.Phase);
        Assert.Empty(_wall.State.Visible);
    }

    [Fact]
    public async Task Open_ItCouldNotBeRecordedForAWhile_ComesBackByItself()
    {
        var clock = new ManualClock();
        await using var wall = ActivatorUtilities.CreateInstance<LiveWall>(_host.Services, _audit.Page, (TimeProvider)clock);
        var opened = new TaskCompletionSource();
        wall.Changed += () =>
        {
            if (wall.State.Phase is LivePhase.Open)
            {
                opened.TrySetResult();
            }
        };
        _audit.IsFull = true;
        await wall.OpenAsync(await PersonAsync("sam", Roles.Supervisor), CancellationToken.None);
        Assert.Equal(LivePhase.NotRecorded, wall.State.Phase);

        await clock.WhenTimersArmedAsync(1);
        clock.Advance(LiveWall.RetryInterval);
        await clock.WhenTimersArmedAsync(1);
        Assert.Equal(LivePhase.NotRecorded, wall.State.Phase);
        _audit.IsFull = false;
        clock.Advance(LiveWall.RetryInterval);

        await opened.Task.Soon("the wall is open");
        Assert.Single(_audit.Entries);
    }

    private async Task<UserInfo> PersonAsync(string name, string role) =>
        new(await _host.CreatePersonAsync(name, role, "team_default"), name, "team_default", role, TimeZoneInfo.Utc);

    private static RunSummary Run(string name, string team) =>
        new FakeRun(name).Summary with { TeamId = team, Status = RunStatus.Running, HeadSeq = 3, LastEventAt = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero) };

    private async Task<LiveWallState> WhenAsync(Func<LiveWallState, bool> isIt, string phase)
    {
        while (true)
        {
            var changed = _changed.Next;
            if (_wall.State is var state && isIt(state))
            {
                return state;
            }

            await changed.Soon(phase);
        }
    }
}
