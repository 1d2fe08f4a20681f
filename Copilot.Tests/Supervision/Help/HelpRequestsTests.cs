using Copilot.Domain.Erasure;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Runs;
using Copilot.Web.Supervision.Help;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Supervision.Help;

/// <summary>Who may ask for help, take it on and close it, and what the others see of it.</summary>
public sealed class HelpRequestsTests : SupervisionScene
{
    [Fact]
    public async Task Request_ByTheOwner_IsSeenByTheTeamsSupervisorsAlone()
    {
        var run = await StartRunAsync(Staff);
        var changed = Help.Changed;

        Assert.True((await AskAsync(run.RunId)).Accepted);

        await changed.Soon("those who wait are told");
        var request = Help.Find(run.RunId);
        Assert.NotNull(request);
        Assert.Equal(request, Assert.Single(Help.OfSession(run.SessionId)));
        Assert.Equal(1, Help.CountWaiting(Team));
        Assert.Equal(0, Help.CountWaiting(OtherTeam));
        var entry = Assert.Single((await InboxAsync(Supervisor))!.Open);
        Assert.Equal("the pump is wrong", entry.Reason);
        Assert.Equal("staff", entry.Person);
        Assert.Single((await InboxAsync(Admin))!.Open);
        Assert.Empty((await InboxAsync(OtherSupervisor))!.Open);
        Assert.Null(await InboxAsync(Staff));
    }

    [Fact]
    public async Task Request_WhileOneIsOpen_IsTheSame()
    {
        var run = await StartRunAsync(Staff);
        await AskAsync(run.RunId);
        var first = Help.Find(run.RunId);

        Assert.True((await AskAsync(run.RunId)).Accepted);

        Assert.Equal(first, Help.Find(run.RunId));
        Assert.Single((await InboxAsync(Supervisor))!.Open);
    }

    [Fact]
    public async Task Request_OfACallThatIsRepeatedAfterItsEnd_MakesNoSecond()
    {
        var run = await StartRunAsync(Staff);
        await Help.RequestAsync(Staff, run.RunId, "angry", "call_1", CancellationToken.None);
        await Help.CloseAsync(Staff, Help.Find(run.RunId)!.Id, CancellationToken.None);

        Assert.True((await Help.RequestAsync(Staff, run.RunId, "angry", "call_1", CancellationToken.None)).Accepted);

        Assert.Null(Help.Find(run.RunId));
        Assert.True(Assert.Single((await InboxAsync(Supervisor))!.Closed).Request.IsByAgent);
    }

    [Theory]
    [InlineData("", HelpRequestsText.ReasonMissing)]
    [InlineData("  ", HelpRequestsText.ReasonMissing)]
    public async Task Request_WithoutAReason_IsRefused(string reason, string sentence)
    {
        var run = await StartRunAsync(Staff);

        var result = await Help.RequestAsync(Staff, run.RunId, reason, callId: null, CancellationToken.None);

        Assert.Equal(RefusalCode.Invalid, result.Code);
        Assert.Equal(sentence, result.Problem);
        Assert.Null(Help.Find(run.RunId));
    }

    [Fact]
    public async Task Erase_ConversationIsDeleted_NothingIsAskedAnyMoreAndNoReasonIsLeft()
    {
        var (run, other) = (await StartRunAsync(Staff), await StartRunAsync(Staff));
        await AskAsync(run.RunId);
        await AskAsync(other.RunId);
        var request = Help.Find(run.RunId)!;
        var changed = Help.Changed;

        // As the worker that deletes a conversation does, which may have to do it twice.
        for (var time = 0; time < 2; time++)
        {
            foreach (var eraser in _host.Services.GetServices<ISessionEraser>())
            {
                await eraser.EraseAsync(run.SessionId, CancellationToken.None);
            }
        }

        await changed.Soon("those who wait are told");
        Assert.Null(Help.Find(run.RunId));
        Assert.Empty(Help.OfSession(run.SessionId));
        Assert.Equal(1, Help.CountWaiting(Team));
        var inbox = (await InboxAsync(Supervisor))!;
        Assert.Equal(other.RunId, Assert.Single(inbox.Open).Request.RunId);
        var closed = Assert.Single(inbox.Closed);
        Assert.Equal("", closed.Reason);
        Assert.Equal(_clock.GetUtcNow(), closed.Request.ClosedAt);
        Assert.Equal(HelpRequestsText.Closed, (await Help.AcceptAsync(Supervisor, request.Id, CancellationToken.None)).Problem);
        using var restarted = NewHelp();
        await restarted.LoadAsync(CancellationToken.None);
        Assert.Equal(other.RunId, Assert.Single(restarted.Open).Key);
    }

    [Fact]
    public async Task Request_InSomebodyElsesRun_IsRefused()
    {
        var run = await StartRunAsync(Staff);

        Assert.Equal(RefusalCode.Denied, (await Help.RequestAsync(Supervisor, run.RunId, "why", callId: null, CancellationToken.None)).Code);
        Assert.Equal(RefusalCode.NotFound, (await Help.RequestAsync(Staff, "run_none", "why", callId: null, CancellationToken.None)).Code);
    }

    [Fact]
    public async Task Accept_ByTwoAtOnce_CountsForOneAndTellsTheOtherWho()
    {
        var run = await StartRunAsync(Staff);
        await AskAsync(run.RunId);
        var id = Help.Find(run.RunId)!.Id;
        _clock.Advance(TimeSpan.FromSeconds(80));

        var results = await Task.WhenAll(
            Task.Run(() => Help.AcceptAsync(Supervisor, id, CancellationToken.None)),
            Task.Run(() => Help.AcceptAsync(SecondSupervisor, id, CancellationToken.None)));

        var helped = Help.Find(run.RunId)!;
        var lost = Assert.Single(results, result => !result.Accepted);
        Assert.Equal(RefusalCode.Conflict, lost.Code);
        Assert.Equal(HelpRequestsText.AcceptedBy(helped.Helper!.Name), lost.Problem);
        Assert.Equal(TimeSpan.FromSeconds(80), helped.WaitUntil(_clock.GetUtcNow()));
        Assert.Equal(0, Help.CountWaiting(Team));

        // Who has it already may press again.
        Assert.True((await Help.AcceptAsync(helped.Helper.Id, id, CancellationToken.None)).Accepted);
    }

    [Fact]
    public async Task Accept_ByWhoMayNot_IsAnsweredAsIfThereWereNone()
    {
        var run = await StartRunAsync(Staff);
        await AskAsync(run.RunId);
        var id = Help.Find(run.RunId)!.Id;

        Assert.Equal(RefusalCode.NotFound, (await Help.AcceptAsync(Staff, id, CancellationToken.None)).Code);
        Assert.Equal(RefusalCode.NotFound, (await Help.AcceptAsync(OtherSupervisor, id, CancellationToken.None)).Code);
        Assert.Equal(RefusalCode.NotFound, (await Help.CloseAsync(OtherSupervisor, id, CancellationToken.None)).Code);
        Assert.Equal(RefusalCode.NotFound, (await Help.AcceptAsync(Supervisor, "help_none", CancellationToken.None)).Code);
        Assert.Null(Help.Find(run.RunId)!.Helper);
    }

    [Fact]
    public async Task Accept_OfTheirOwnRequest_NeedsAnother()
    {
        var run = await StartRunAsync(Supervisor);
        await Help.RequestAsync(Supervisor, run.RunId, "me too", callId: null, CancellationToken.None);

        Assert.Equal(RefusalCode.NeedsOther, (await Help.AcceptAsync(Supervisor, Help.Find(run.RunId)!.Id, CancellationToken.None)).Code);
        Assert.True((await Help.AcceptAsync(SecondSupervisor, Help.Find(run.RunId)!.Id, CancellationToken.None)).Accepted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Close_ByEither_EndsItAndKeepsTheWait(bool byOwner)
    {
        var run = await StartRunAsync(Staff);
        await AskAsync(run.RunId);
        var id = Help.Find(run.RunId)!.Id;
        _clock.Advance(TimeSpan.FromSeconds(30));
        await Help.AcceptAsync(Supervisor, id, CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(90));

        Assert.True((await Help.CloseAsync(byOwner ? Staff : SecondSupervisor, id, CancellationToken.None)).Accepted);

        Assert.Null(Help.Find(run.RunId));
        var closed = Assert.Single((await InboxAsync(Supervisor))!.Closed).Request;
        Assert.Equal(TimeSpan.FromSeconds(30), closed.WaitUntil(_clock.GetUtcNow()));
        Assert.Equal("sue", closed.Helper?.Name);
        Assert.True((await Help.CloseAsync(Supervisor, id, CancellationToken.None)).Accepted);
        Assert.Equal(RefusalCode.Conflict, (await Help.AcceptAsync(SecondSupervisor, id, CancellationToken.None)).Code);

        // A new one can be made.
        Assert.True((await AskAsync(run.RunId)).Accepted);
        Assert.NotEqual(id, Help.Find(run.RunId)?.Id);
    }

    [Fact]
    public async Task Load_AfterARestart_HasWhatIsOpen()
    {
        var run = await StartRunAsync(Staff);
        await AskAsync(run.RunId);
        await Help.AcceptAsync(Supervisor, Help.Find(run.RunId)!.Id, CancellationToken.None);

        using var restarted = NewHelp();
        await restarted.LoadAsync(CancellationToken.None);

        Assert.Equal(Help.Find(run.RunId), restarted.Find(run.RunId));
    }

    private Task<CommandResult> AskAsync(string runId) => Help.RequestAsync(Staff, runId, "the pump is wrong", callId: null, CancellationToken.None);

    private Task<HelpInbox?> InboxAsync(string userId) => Help.ReadInboxAsync(userId, closed: 10, CancellationToken.None);
}
