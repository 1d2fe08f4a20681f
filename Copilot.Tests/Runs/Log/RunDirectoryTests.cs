using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Storage;

namespace Copilot.Tests.Runs.Log;

public sealed class RunDirectoryTests
{
    private readonly RunDirectory _directory = new();

    [Theory]
    [InlineData("user", "run_mine")]
    [InlineData("session", "run_mine")]
    [InlineData("everyone", "run_theirs,run_mine")]
    public async Task FollowAsync_RunsOfTwoPeople_YieldsThoseOfItsScope(string kind, string expected)
    {
        using var cancellation = new CancellationTokenSource();
        var scope = kind switch
        {
            "user" => RunScope.OfUser("usr_me"),
            "session" => RunScope.OfSession("ses_mine"),
            _ => RunScope.Everyone,
        };
        await using var follower = _directory.FollowAsync(scope, cancellation.Token).GetAsyncEnumerator();
        var first = follower.MoveNextAsync().AsTask();

        _directory.Publish(Run("theirs", "usr_other"));
        _directory.Publish(Run("mine", "usr_me"));

        var seen = new List<string>();
        Assert.True(await first.Soon("the first batch"));
        seen.AddRange(follower.Current.Select(run => run.RunId));
        while (!seen.Contains("run_mine"))
        {
            Assert.True(await follower.MoveNextAsync().AsTask().Soon("the next batch"));
            seen.AddRange(follower.Current.Select(run => run.RunId));
        }

        Assert.Equal(expected.Split(','), seen);
    }

    [Fact]
    public async Task FollowAsync_JoinsLate_BeginsWithTheLiveRunsOfItsScope()
    {
        using var cancellation = new CancellationTokenSource();
        _directory.Publish(Run("theirs", "usr_other"));
        _directory.Publish(Run("mine", "usr_me"));

        await using var follower = _directory.FollowAsync(RunScope.OfUser("usr_me"), cancellation.Token).GetAsyncEnumerator();

        Assert.True(await follower.MoveNextAsync().AsTask().Soon("the live runs"));
        Assert.Equal("run_mine", Assert.Single(follower.Current).RunId);
    }

    [Fact]
    public async Task FollowAsync_FollowersLeave_NothingOfThemStays()
    {
        using var cancellation = new CancellationTokenSource();
        var followers = new[] { RunScope.OfUser("usr_me"), RunScope.OfUser("usr_me"), RunScope.OfSession("ses_mine"), RunScope.Everyone }
            .Select(scope => _directory.FollowAsync(scope, cancellation.Token).GetAsyncEnumerator())
            .ToArray();
        var waiting = followers.Select(follower => follower.MoveNextAsync().AsTask()).ToArray();
        Assert.Equal(4, _directory.Followers);

        await cancellation.CancelAsync();

        foreach (var wait in waiting)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        }

        Assert.Equal(0, _directory.Followers);
    }

    private static RunSummary Run(string name, string userId) =>
        new FakeRun(name).Created("Hello").Summary with { UserId = userId, Status = RunStatus.Running };
}
