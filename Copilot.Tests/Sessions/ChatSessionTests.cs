using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Web.Sessions;

namespace Copilot.Tests.Sessions;

public sealed class ChatSessionTests
{
    private const string Me = "usr_1";
    private const string Session = "ses_1";

    [Fact]
    public async Task Open_UnknownSession_IsNotFound()
    {
        await using var page = await ChatFixture.CreateAsync();

        await page.Chat.OpenAsync(page.User, "ses_unknown", CancellationToken.None);

        Assert.Equal(ChatPhase.NotFound, page.Chat.State.Phase);
    }

    [Fact]
    public async Task Open_ForeignSession_IsNotFoundAlike()
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.CommitAsync("run_a", Session, "usr_2", null);

        await page.Chat.OpenAsync(page.User, Session, CancellationToken.None);

        Assert.Equal(ChatPhase.NotFound, page.Chat.State.Phase);
        Assert.Empty(page.Chat.State.Runs);
    }

    [Fact]
    public async Task Open_OwnSession_ShowsItsBranchAndItsActiveRun()
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.CommitAsync("run_a", Session, Me, null, RunEventTypes.RunStarted, RunEventTypes.RunCompleted);
        await page.CommitAsync("run_b", Session, Me, "run_a", RunEventTypes.RunStarted);

        await page.Chat.OpenAsync(page.User, Session, CancellationToken.None);

        var state = page.Chat.State;
        Assert.Equal(ChatPhase.Open, state.Phase);
        Assert.Equal(["run_a", "run_b"], state.Runs.Select(one => one.Run.RunId));
        Assert.Equal("run_b", state.Active?.RunId);
        Assert.True(state is { CanWrite: true, CanControl: true });
    }

    [Theory]
    [InlineData(false, Session)]
    [InlineData(true, "ses_other")]
    public async Task Adopt_MessageThatWasSentFromAnEmptyPage_IsShownUnlessThePageWentElsewhere(bool goes, string shown)
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.CommitAsync("run_b", "ses_other", Me, null, RunEventTypes.RunStarted, RunEventTypes.RunCompleted);
        await page.Chat.StartNewAsync(page.User);
        var from = page.Chat.Visit;
        var sent = await page.CommitAsync("run_a", Session, Me, null, RunEventTypes.RunStarted);
        if (goes)
        {
            await page.Chat.OpenAsync(page.User, "ses_other", CancellationToken.None);
        }

        await page.Chat.AdoptAsync(sent, from, CancellationToken.None);

        Assert.Equal(shown, page.Chat.SessionId);
        Assert.Equal(shown, page.Chat.State.Session?.Id);
    }

    [Fact]
    public async Task Context_ResponseEnds_IsWhatTheNewestRunThatKnowsItHeld()
    {
        await using var page = await ChatFixture.CreateAsync();
        var first = await page.CommitAsync("run_a", Session, Me, null, RunEventTypes.RunStarted, RunEventTypes.RunCompleted);
        await page.CommitAsync("run_b", Session, Me, "run_a", RunEventTypes.RunStarted);
        await page.Chat.OpenAsync(page.User, Session, CancellationToken.None);
        Assert.Null(page.Chat.State.Context);

        page.Directory.Publish(first with { HeadSeq = first.HeadSeq + 1, ContextTokens = 1234 });

        Assert.Equal(new ContextUse(1234, "m"), (await page.WhenAsync(state => state.Context is not null)).Context);
    }

    [Fact]
    public async Task Open_AsSupervisor_MayControlButNotWrite()
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.CommitAsync("run_a", Session, "usr_2", null);
        page.Access.Allows = (_, _, action) => action is not RunAction.Write;

        await page.Chat.OpenAsync(page.User, Session, CancellationToken.None);

        Assert.True(page.Chat.State is { Phase: ChatPhase.Open, CanWrite: false, CanControl: true });
    }

    [Fact]
    public async Task Follow_RunBeginsInAnotherTab_AppearsAndIsQueuedOrShown()
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.CommitAsync("run_a", Session, Me, null, RunEventTypes.RunStarted);
        await page.Chat.OpenAsync(page.User, Session, CancellationToken.None);

        await page.CommitAsync("run_b", Session, Me, "run_a");

        var state = await page.WhenAsync(now => now.Queued.Count == 1);
        Assert.Equal("run_b", state.Queued[0].RunId);
        Assert.Equal(["run_a"], state.Runs.Select(one => one.Run.RunId));
    }

    [Fact]
    public async Task Follow_PermissionIsTaken_AccessEnds()
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.CommitAsync("run_a", Session, Me, null);
        await page.Chat.OpenAsync(page.User, Session, CancellationToken.None);

        page.Access.Revoke();

        Assert.Equal(ChatPhase.AccessEnded, (await page.WhenAsync(now => now.Phase is not ChatPhase.Open)).Phase);
        Assert.Empty(page.Chat.State.Runs);
    }

    [Fact]
    public async Task Dispose_WhileItFollows_LeavesTheDirectory()
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.CommitAsync("run_a", Session, Me, null);
        await page.Chat.OpenAsync(page.User, Session, CancellationToken.None);
        Assert.Equal(1, page.Directory.Followers);

        await page.Chat.DisposeAsync();

        Assert.Equal(0, page.Directory.Followers);
    }

    [Fact]
    public async Task SelectBranch_OtherTip_IsShownAndKept()
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.CommitAsync("run_a", Session, Me, null, RunEventTypes.RunStarted, RunEventTypes.RunCompleted);
        await page.CommitAsync("run_b", Session, Me, null, RunEventTypes.RunStarted, RunEventTypes.RunCompleted);
        await page.Chat.OpenAsync(page.User, Session, CancellationToken.None);

        await page.Chat.SelectBranchAsync("run_a", CancellationToken.None);

        Assert.Equal("run_a", Assert.Single(page.Chat.State.Runs).Run.RunId);
        Assert.Equal("run_a", (await page.Database.Sessions.FindAsync(Session, CancellationToken.None))?.HeadRunId);
    }

    [Fact]
    public async Task Rate_ThenTakeBack_IsKeptAndForgotten()
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.CommitAsync("run_a", Session, Me, null, RunEventTypes.RunStarted, RunEventTypes.RunCompleted);
        await page.Chat.OpenAsync(page.User, Session, CancellationToken.None);

        await page.Chat.RateAsync("run_a", 1, CancellationToken.None);
        Assert.Equal(1, page.Chat.State.Ratings["run_a"]);
        await page.Chat.RateAsync("run_a", 0, CancellationToken.None);

        Assert.Empty(page.Chat.State.Ratings);
        Assert.Empty(await page.Database.Sessions.RatingsAsync(Session, Me, CancellationToken.None));
    }
}
