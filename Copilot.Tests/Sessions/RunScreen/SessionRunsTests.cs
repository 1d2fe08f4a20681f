using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Storage;
using Copilot.Web.Identity;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.RunScreen;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Sessions.RunScreen;

/// <summary>The runs of a conversation while it goes on, with a real database and directory.</summary>
public sealed class SessionRunsTests : IAsyncLifetime
{
    private const string Session = "ses_1";

    private readonly RunDirectory _directory = new();
    private readonly ScriptedAccess _access = new();
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        _access.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Follow_ARunBeginsAndEnds_TellsOfBothAndNotOfItsWords()
    {
        var first = New("a1");
        await AppendAsync(first, first.Created("One?"), first.Completed("Yes"));
        using var stop = new CancellationTokenSource();
        await using var followed = Runs().FollowAsync(Person("usr_1"), Session, stop.Token).GetAsyncEnumerator();
        Assert.Equal([RunStatus.Completed], await NextAsync(followed, "the runs that are there"));

        var second = New("b1");
        await AppendAsync(second, second.Created("Two?"), second.Started());
        Assert.Equal([RunStatus.Completed, RunStatus.Running], await NextAsync(followed, "a run has begun"));

        var next = NextAsync(followed, "the run has ended");
        await AppendAsync(second, second.Deltas(3));
        await AppendAsync(second, second.Completed("No"));
        Assert.Equal([RunStatus.Completed, RunStatus.Completed], await next);

        var last = followed.MoveNextAsync().AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => last.Soon("the end"));
        Assert.Equal(0, _directory.Followers);
    }

    [Fact]
    public async Task Follow_LeftAtItsFirstLook_ListensNoMore()
    {
        var run = New("a1");
        await AppendAsync(run, run.Created("One?"), run.Completed("Yes"));

        await foreach (var runs in Runs().FollowAsync(Person("usr_1"), Session, CancellationToken.None))
        {
            Assert.Single(runs);
            Assert.Equal(1, _directory.Followers);
            break;
        }

        Assert.Equal(0, _directory.Followers);
    }

    [Fact]
    public async Task Follow_ByWhoMayNotSeeThem_GivesNone()
    {
        var run = New("a1");
        await AppendAsync(run, run.Created("One?"), run.Completed("Yes"));
        await using var followed = Runs().FollowAsync(Person("usr_2"), Session, CancellationToken.None).GetAsyncEnumerator();

        Assert.Empty(await NextAsync(followed, "the runs that are there"));
    }

    private static UserInfo Person(string id) => new(id, id, "team_default", Roles.Staff, TimeZoneInfo.Utc);

    private static FakeRun New(string name)
    {
        var run = new FakeRun(name);
        run.Summary = run.Summary with { SessionId = Session };
        return run;
    }

    private static async Task<IReadOnlyList<RunStatus>> NextAsync(IAsyncEnumerator<IReadOnlyList<RunSummary>> followed, string phase)
    {
        Assert.True(await followed.MoveNextAsync().AsTask().Soon(phase));
        return [.. followed.Current.Select(run => run.Status)];
    }

    private SessionRuns Runs() => new(_database.Events, _directory, _access, new RecordedAccess().Page, NullLogger<SessionRuns>.Instance);

    private async Task AppendAsync(FakeRun run, params RunAppend[] appends)
    {
        foreach (var append in appends)
        {
            await _database.Events.AppendAsync([append], CancellationToken.None);
        }

        _directory.Publish(appends[^1].Summary);
    }
}
