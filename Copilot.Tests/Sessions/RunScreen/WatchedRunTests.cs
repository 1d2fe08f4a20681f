using Copilot.Domain.Audit;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Identity;
using Copilot.Web.Sessions.RunScreen;

namespace Copilot.Tests.Sessions.RunScreen;

public sealed class WatchedRunTests : IAsyncLifetime
{
    private WatchedRunScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await WatchedRunScene.StartAsync();

    public async ValueTask DisposeAsync() => await _scene.DisposeAsync();

    [Fact]
    public async Task Open_InTheMiddle_DrawsTheWholeAndThenWhatComes()
    {
        AllowAll();
        await _scene.StreamAsync("It ", "is ");

        var (page, drawn) = await _scene.OpenAsync("usr_2", Roles.Supervisor);
        Assert.Equal("It is ", (await drawn.ReachAsync(5)).State.AnswerText);
        _scene.Events.Own(RunEventTypes.RunCompleted, """{"duration_ms":5}""");
        await _scene.CommitAsync();

        var last = await drawn.ReachAsync(6);
        Assert.Equal(RunStatus.Completed, last.State.Status);
        Assert.Equal(6, last.Density.Counts.Sum());
        Assert.Equal(WatchPhase.Open, page.State.Phase);
        Assert.True(page.State.IsTechnical);
    }

    [Fact]
    public async Task Open_RunThatHasEnded_IsReadWithEveryPiece()
    {
        AllowAll();
        await _scene.StreamAsync("It ", "is ", "here.");
        _scene.Events.Own(RunEventTypes.RunCompleted, """{"duration_ms":5}""");
        await _scene.CommitAsync();

        var (_, drawn) = await _scene.OpenAsync("usr_2", Roles.Supervisor);

        var step = await drawn.ReachAsync(7);
        Assert.Equal(7, step.Density.Counts.Sum());
        Assert.Equal("It is ", Copilot.Domain.Timeline.Queries.TimelineClip.At(step.State, 5).AnswerText);
    }

    [Fact]
    public async Task Open_AnothersRun_IsNotFoundAndReadsNothing()
    {
        var (page, _) = await _scene.OpenAsync("usr_3", Roles.Staff);

        Assert.Equal(WatchPhase.NotFound, page.State.Phase);
        Assert.Null(page.State.Run);
        Assert.Null(page.Events);
        Assert.Empty(_scene.Presence.WatchersOf(WatchedRunScene.RunId));
    }

    [Fact]
    public async Task Open_AnothersRun_IsRecordedFirst_AndNotShownWhenThatFails()
    {
        AllowAll();
        var (shown, _) = await _scene.OpenAsync("usr_2", Roles.Supervisor);
        var entry = Assert.Single(_scene.Audit.Entries);
        Assert.Equal(AccessActions.RunAttached, entry.Action);
        Assert.Equal(WatchedRunScene.RunId, entry.ObjectId);
        Assert.Equal(WatchedRunScene.Owner, entry.OwnerId);
        await shown.DisposeAsync();

        _scene.Audit.IsFull = true;
        var (page, _) = await _scene.OpenAsync("usr_3", Roles.Admin);

        Assert.Equal(WatchPhase.NotRecorded, page.State.Phase);
        Assert.Null(page.State.Run);
        Assert.Empty(_scene.Presence.WatchersOf(WatchedRunScene.RunId));
        var (own, _) = await _scene.OpenAsync(WatchedRunScene.Owner, Roles.Staff);
        Assert.Equal(WatchPhase.Open, own.State.Phase);
    }

    [Fact]
    public async Task Open_OwnRun_ShowsItWithoutHowItWorks()
    {
        var (page, _) = await _scene.OpenAsync(WatchedRunScene.Owner, Roles.Staff);

        Assert.Equal(WatchPhase.Open, page.State.Phase);
        Assert.False(page.State.IsTechnical);
        Assert.Null(page.Events);
        Assert.Empty(_scene.Presence.WatchersOf(WatchedRunScene.RunId));
    }

    [Fact]
    public async Task Revoke_WhileSomebodyLooks_ClosesTheScreenAndTheEvents()
    {
        AllowAll();
        var (page, _) = await _scene.OpenAsync("usr_2", Roles.Supervisor);
        var events = page.Events!;

        _scene.Access.Revoke();

        Assert.Equal(WatchPhase.AccessEnded, page.State.Phase);
        Assert.Null(page.State.Run);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => events.ReadAsync([1], CancellationToken.None));
    }

    [Fact]
    public async Task Watchers_TwoPeople_SeeEachOtherUntilOneLeaves()
    {
        AllowAll();
        var (first, _) = await _scene.OpenAsync("usr_2", Roles.Supervisor);
        var (second, _) = await _scene.OpenAsync("usr_3", Roles.Admin);

        await WhenAsync(first, state => state.Watchers.Count == 1);
        Assert.Equal("usr_3", first.State.Watchers[0].UserId);
        await second.DisposeAsync();

        await WhenAsync(first, state => state.Watchers.Count == 0);
        Assert.Equal(RunStatus.Running, (await _scene.Store.FindAsync(WatchedRunScene.RunId, CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task RawEvents_WholeLogAndFiltered_HaveNoGap()
    {
        AllowAll();
        await _scene.StreamAsync([.. Enumerable.Range(0, 40).Select(number => $"w{number} ")]);
        var (page, _) = await _scene.OpenAsync("usr_2", Roles.Supervisor);
        var (all, some) = (page.Events!.Find(RawEventFilter.None), page.Events.Find(new RawEventFilter("w7", EventSource.Upstream)));

        await page.Events.SearchAsync(all, 43, CancellationToken.None);
        await page.Events.SearchAsync(some, 43, CancellationToken.None);
        var rows = await page.Events.ReadAsync([1, 2, 3, 20, 21, 43], CancellationToken.None);

        Assert.Equal(43, all.Count);
        Assert.Equal([11], some.Seqs);
        Assert.Equal([1, 2, 3, 20, 21, 43], rows.Select(row => row.Seq));
        Assert.Null(rows[0].Since);
        Assert.All(rows.Skip(1), row => Assert.Equal(TimeSpan.FromMilliseconds(1), row.Since));
        await _scene.StreamAsync("w7 again");
        await page.Events.SearchAsync(some, 44, CancellationToken.None);
        Assert.Equal([11, 44], some.Seqs);
        var found = await page.Events.FindAsync(44, CancellationToken.None);
        Assert.Contains("w7 again", found!.Payload, StringComparison.Ordinal);
        Assert.Null(await page.Events.FindAsync(45, CancellationToken.None));
    }

    private void AllowAll() => _scene.Access.Allows = (_, _, _) => true;

    private static async Task WhenAsync(WatchedRun page, Func<WatchedRunState, bool> reached)
    {
        var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (reached(page.State))
            {
                signal.TrySetResult();
            }
        }

        page.Changed += Look;
        Look();
        await signal.Task.Soon("the page shows it");
        page.Changed -= Look;
    }
}
