using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Supervision;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Supervision;

namespace Copilot.Tests.Supervision;

public sealed class LiveBoardTests : IAsyncLifetime
{
    private BoardScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await BoardScene.StartAsync();

    public async ValueTask DisposeAsync() => await _scene.DisposeAsync();

    [Fact]
    public async Task Board_RunBegins_HasItAtOnce()
    {
        _scene.Directory.Publish(_scene.Working("a"));

        var row = (await _scene.WhenAsync(board => board.Rows.Length == 1, "the run is on the board")).Rows[0];

        Assert.Equal("run_a", row.RunId);
        Assert.Equal(AttentionGroup.Working, row.Assessment.Group);
        Assert.Equal("Office", row.TeamName);
    }

    [Fact]
    public async Task Board_OneRunOfTwoChanges_KeepsTheOthersRow()
    {
        _scene.Directory.Publish(_scene.Working("a"));
        _scene.Directory.Publish(_scene.Working("b"));
        var before = await _scene.WhenAsync(board => board.Rows.Length == 2, "both runs are on the board");

        _scene.Directory.Publish(_scene.Working("a") with { HeadSeq = 9, LastWords = "more" });

        var after = await _scene.WhenAsync(board => board.Rows.Any(row => row.Run.LastWords == "more"), "the change is on the board");
        Assert.Same(Row(before, "run_b"), Row(after, "run_b"));
        Assert.NotSame(Row(before, "run_a"), Row(after, "run_a"));
    }

    [Fact]
    public async Task Board_NothingHappens_TimeAloneMakesItSilent()
    {
        _scene.Directory.Publish(_scene.Working("a"));
        await _scene.WhenAsync(board => board.Rows.Length == 1, "the run is on the board");

        _scene.Clock.Advance(TimeSpan.FromSeconds(30));

        var board = await _scene.WhenAsync(one => one.Rows[0].Assessment.Group is AttentionGroup.InTrouble, "the run is in trouble");
        Assert.Equal(SignKind.Silent, Assert.Single(board.Rows[0].Assessment.Signs).Kind);
    }

    [Fact]
    public async Task Board_HelpIsAskedFor_NeedsAPersonUntilSomebodyHelps()
    {
        _scene.Directory.Publish(_scene.Working("a"));
        await _scene.WhenAsync(board => board.Rows.Length == 1, "the run is on the board");

        await _scene.AskForHelpAsync("run_a");
        var asked = await _scene.WhenAsync(board => board.Rows[0].Assessment.Group is AttentionGroup.NeedsPerson, "the run needs a person");
        await _scene.HelpAsync("run_a");

        Assert.Equal(SignKind.HelpRequested, Assert.Single(asked.Rows[0].Assessment.Signs).Kind);
        var helped = await _scene.WhenAsync(board => board.Rows[0].Assessment.Group is AttentionGroup.Working, "somebody helps");
        Assert.Empty(helped.Rows[0].Assessment.Signs);
    }

    [Fact]
    public async Task Board_RunEnds_StaysForAMinute()
    {
        _scene.Directory.Publish(_scene.Working("a"));
        _scene.Directory.Publish(_scene.Working("a") with { HeadSeq = 9, Status = RunStatus.Completed, CompletedAt = _scene.Clock.GetUtcNow() });
        await _scene.WhenAsync(board => board.Rows is [{ Assessment.Group: AttentionGroup.JustEnded }], "the run has just ended");

        _scene.Clock.Advance(LiveRows.EndedLifetime);

        await _scene.WhenAsync(board => board.Rows.IsEmpty, "the run has gone");
    }

    [Fact]
    public async Task Board_OldRunIsErased_DoesNotAppear()
    {
        _scene.Directory.Publish(_scene.Working("old") with { Status = RunStatus.Completed, CompletedAt = _scene.Clock.GetUtcNow().AddDays(-1), ForgottenAt = _scene.Clock.GetUtcNow() });
        _scene.Directory.Publish(_scene.Working("a"));

        var board = await _scene.WhenAsync(one => !one.Rows.IsEmpty, "something is on the board");

        Assert.Equal(["run_a"], board.Rows.Select(row => row.RunId));
    }

    [Fact]
    public async Task Board_Order_IsByGroupThenRiskThenAge()
    {
        var now = _scene.Clock.GetUtcNow();
        _scene.Directory.Publish(_scene.Working("working"));
        _scene.Directory.Publish(_scene.Working("late") with { Status = RunStatus.Waiting, PendingApprovals = [new("c", "t", "{}", null, now, TimeSpan.FromHours(1))] });
        _scene.Directory.Publish(_scene.Working("early") with { Status = RunStatus.Waiting, PendingApprovals = [new("c", "t", "{}", null, now.AddMinutes(-1), TimeSpan.FromHours(1))] });
        _scene.Directory.Publish(_scene.Working("other") with { Status = RunStatus.Waiting, LastEventAt = now.AddHours(-1) });
        _scene.Directory.Publish(_scene.Working("queued") with { Status = RunStatus.Queued });

        var board = await _scene.WhenAsync(one => one.Rows.Length == 5, "all are on the board");

        Assert.Equal(["run_early", "run_late", "run_other", "run_working", "run_queued"], board.Rows.Select(row => row.RunId));
    }

    [Fact]
    public async Task Board_DaysOfRuns_HoldsOnlyThoseOfTheLastMinute()
    {
        var timers = _scene.Clock.ArmedTimers;
        for (var round = 0; round < 12; round++)
        {
            // More at once than the board keeps of those that have ended.
            var (begun, now) = (round, _scene.Clock.GetUtcNow());
            RunSummary[] runs = [.. Enumerable.Range(0, 300).Select(number => _scene.Working($"{begun}_{number}") with { Model = $"model {begun} {number}" })];
            Publish(runs);
            await _scene.WhenAsync(board => board.Rows.Length == 300, $"the runs of round {round} are on the board");
            Publish(runs.Select(run => run with { Status = RunStatus.Completed, HeadSeq = 9, CompletedAt = now }));
            await _scene.WhenAsync(board => board.Rows.All(row => row.Run.Status is RunStatus.Completed), "they have ended");
            _scene.Clock.Advance(TimeSpan.FromHours(6));
            await _scene.WhenAsync(board => board.Rows.IsEmpty, "they have left the board");

            Assert.InRange(_scene.Rows.Held, 0, LiveRows.MaxThresholds);
            Assert.Equal(timers, _scene.Clock.ArmedTimers);
        }

        void Publish(IEnumerable<RunSummary> runs)
        {
            foreach (var run in runs)
            {
                _scene.Directory.Publish(run);
            }
        }
    }

    [Fact]
    public async Task Presence_SomebodyWatchesAndClaims_IsOnTheRow_UntilTheyLeave()
    {
        _scene.Directory.Publish(_scene.Working("a"));
        await _scene.WhenAsync(board => board.Rows.Length == 1, "the run is on the board");
        var watcher = new RunWatcher("usr_2", "Sam", "Supervisor", _scene.Clock.GetUtcNow());

        var stay = _scene.Presence.Join("run_a", watcher);
        var again = _scene.Presence.Join("run_a", watcher);
        _scene.Presence.ShowClaim("run_a", new RunClaim("usr_2", "Sam", _scene.Clock.GetUtcNow()));

        var board = await _scene.WhenAsync(one => one.Rows[0].Claim is not null, "the claim is on the row");
        Assert.Equal(["Sam"], board.Rows[0].Watchers.Select(one => one.Name));
        stay.Dispose();
        again.Dispose();
        board = await _scene.WhenAsync(one => one.Rows[0].Watchers.IsEmpty, "nobody watches any more");
        Assert.Equal("Sam", board.Rows[0].Claim?.Name);
    }

    private static LiveRow Row(LiveSnapshot board, string runId) => board.Rows.Single(row => row.RunId == runId);
}
