using Copilot.Tests.Shared.Clock;
using Copilot.Web.Runs;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Web.Sessions;
using Copilot.Web.Storage.Erasure;
using static Copilot.Tests.Sessions.ChatFixture;

namespace Copilot.Tests.Sessions;

/// <summary>What a page sends: messages, and preparations of them.</summary>
public sealed class ChatCommandsTests
{
    [Fact]
    public async Task Send_FirstMessage_GivesItsIdToTheSession()
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.Chat.StartNewAsync(page.User);

        var result = await page.Commands.SendAsync(page.User, page.Chat, Message, "Hello", [], CancellationToken.None);

        Assert.True(result.Accepted, result.Problem);
        var request = Assert.Single(page.Runs.Requests);
        Assert.Equal("ses_" + Message, request.SessionId);
        Assert.Equal(Message, request.MessageId);
        Assert.Equal("Hello", request.Input);
        Assert.Equal(new RunOwner("usr_1", ChatFixture.Team), request.Owner);
        Assert.Equal("ses_" + Message, page.Chat.SessionId);
        Assert.Equal(ChatPhase.Open, page.Chat.State.Phase);
        Assert.Equal("run_1", page.Chat.State.Active?.RunId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Send_PageHasGoneMeanwhile_IsNotCalledBack(bool toNewAgain)
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.CommitAsync("run_a", "ses_1", "usr_1", null, RunEventTypes.RunStarted, RunEventTypes.RunCompleted);
        await page.Chat.StartNewAsync(page.User);
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        var start = page.Runs.OnStart;
        page.Runs.OnStart = async (request, token) =>
        {
            asked.SetResult();
            await answer.Task;
            return await start(request, token);
        };
        var sending = page.Commands.SendAsync(page.User, page.Chat, Message, "Hello", [], CancellationToken.None);
        await asked.Task.Soon("the run is asked for");

        await page.Chat.OpenAsync(page.User, "ses_1", CancellationToken.None);
        if (toNewAgain)
        {
            await page.Chat.StartNewAsync(page.User);
        }

        answer.SetResult();

        Assert.True((await sending.Soon("the message is sent")).Accepted);
        Assert.Equal(toNewAgain ? null : "ses_1", page.Chat.SessionId);
        Assert.Equal(toNewAgain ? ChatPhase.New : ChatPhase.Open, page.Chat.State.Phase);
    }

    [Fact]
    public async Task Send_SameMessageFromAReloadedPage_AsksForTheSameSession()
    {
        await using var page = await ChatFixture.CreateAsync();
        page.Runs.OnStart = (_, _) => Task.FromResult<StartOutcome>(new StartOutcome.TooMany("Later.", TimeSpan.FromSeconds(1)));
        await page.Chat.StartNewAsync(page.User);

        await page.Commands.SendAsync(page.User, page.Chat, Message, "Hello", [], CancellationToken.None);
        await page.Commands.SendAsync(page.User, page.Chat, Message, "Hello", [], CancellationToken.None);

        Assert.Single(page.Runs.Requests.Select(request => (request.SessionId, request.MessageId)).Distinct());
    }

    [Theory]
    [InlineData("usr_2", false)]
    [InlineData("usr_2", true)]
    [InlineData("usr_1", true)]
    public async Task Send_NewConversationUnderAnIdThatIsTaken_IsRefused(string owner, bool isDeleted)
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.CommitAsync("run_a", "ses_" + Message, owner, null, RunEventTypes.RunStarted);
        if (isDeleted)
        {
            await page.DeleteAsync("ses_" + Message);
        }

        await page.Chat.StartNewAsync(page.User);

        var result = await page.Commands.SendAsync(page.User, page.Chat, Message, "Hello", [], CancellationToken.None);
        await page.Commands.PrepareAsync(page.User, page.Chat, Message, CancellationToken.None);

        Assert.Equal(RunCommandText.ConversationGone, result.Problem);
        Assert.Empty(page.Runs.Requests);
        Assert.Empty(page.Runs.Preparations);
    }

    [Fact]
    public async Task Prepare_NewConversation_IsForTheSessionThatTheMessageWillMake()
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.Chat.StartNewAsync(page.User);

        await page.Commands.PrepareAsync(page.User, page.Chat, Message, CancellationToken.None);

        var request = Assert.Single(page.Runs.Preparations);
        Assert.Equal("ses_" + Message, request.SessionId);
        Assert.Equal(new RunOwner("usr_1", ChatFixture.Team), request.Owner);
        Assert.Empty(page.Runs.Requests);
    }

    [Fact]
    public async Task Prepare_MoreThanTheLimitInAMinute_LeavesTheRestOutAndOthersDoNotNotice()
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.Chat.StartNewAsync(page.User);
        var limit = new Copilot.Web.Options.LimitOptions().PreparationsPerPerson;

        // The minute goes on meanwhile, so a slow machine may get some more than the limit.
        var asked = 0;
        while (page.Runs.Preparations.Count == asked && asked < limit * 100)
        {
            asked++;
            await page.Commands.PrepareAsync(page.User, page.Chat, asked.ToString("x32", System.Globalization.CultureInfo.InvariantCulture), CancellationToken.None);
        }

        Assert.Equal(asked - 1, page.Runs.Preparations.Count);
        Assert.True(asked > limit, $"The {asked}th was left out.");
        await page.Commands.PrepareAsync(page.User with { Id = "usr_2" }, page.Chat, Message, CancellationToken.None);
        Assert.Equal(asked, page.Runs.Preparations.Count);
    }

    [Fact]
    public async Task Prepare_ConversationIsBeingDeleted_SendsNothingOfItAgain()
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.CommitAsync("run_1", "ses_1", "usr_1", parent: null, RunEventTypes.RunCompleted);
        await page.Chat.OpenAsync(page.User, "ses_1", CancellationToken.None);
        await using (var db = await page.Database.Contexts.CreateDbContextAsync())
        {
            db.ErasureRequests.Add(new ErasureRequestRow
            {
                Id = "fgt_1", SessionId = "ses_1", UserId = "usr_1", TeamId = ChatFixture.Team, Cause = "person", RequestedAt = 1, State = "requested", NextAt = 1,
            });
            await db.SaveChangesAsync();
        }

        await page.Commands.PrepareAsync(page.User, page.Chat, Message, CancellationToken.None);

        Assert.Empty(page.Runs.Preparations);
    }

    [Theory]
    [InlineData(Message, true)]
    [InlineData("../somebody-elses", false)]
    public async Task Prepare_NotAllowedOrNoId_AsksForNothing(string messageId, bool refused)
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.Chat.StartNewAsync(page.User);
        if (refused)
        {
            page.Access.Allows = (_, _, _) => false;
        }

        await page.Commands.PrepareAsync(page.User, page.Chat, messageId, CancellationToken.None);

        Assert.Empty(page.Runs.Preparations);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n ")]
    public async Task Send_NothingInIt_IsRefused(string text)
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.Chat.StartNewAsync(page.User);

        var result = await page.Commands.SendAsync(page.User, page.Chat, Message, text, [], CancellationToken.None);

        Assert.Equal(RunCommandText.NothingWritten, result.Problem);
        Assert.Empty(page.Runs.Requests);
    }

    [Fact]
    public async Task Send_OneCharacterTooLong_IsRefusedAndSaysTheLimit()
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.Chat.StartNewAsync(page.User);

        var result = await page.Commands.SendAsync(
            page.User, page.Chat, Message, new string('x', ChatCommands.MaxTextLength + 1), [], CancellationToken.None);

        Assert.Equal(RunCommandText.TooLong(100_001, ChatCommands.MaxTextLength), result.Problem);
        Assert.Empty(page.Runs.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../etc")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    public async Task Send_MessageIdIsNotOne_IsRefused(string messageId)
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.Chat.StartNewAsync(page.User);

        var result = await page.Commands.SendAsync(page.User, page.Chat, messageId, "Hello", [], CancellationToken.None);

        Assert.False(result.Accepted);
        Assert.Empty(page.Runs.Requests);
    }

    [Fact]
    public async Task Send_NotAllowed_IsRefused()
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.Chat.StartNewAsync(page.User);
        page.Access.Allows = (_, _, _) => false;

        var result = await page.Commands.SendAsync(page.User, page.Chat, Message, "Hello", [], CancellationToken.None);

        Assert.Equal(RunCommandText.WriteDenied, result.Problem);
        Assert.Empty(page.Runs.Requests);
    }

    [Fact]
    public async Task Send_TooManyRuns_SaysSo()
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.Chat.StartNewAsync(page.User);
        page.Runs.OnStart = (_, _) => Task.FromResult<StartOutcome>(new StartOutcome.TooMany("Five wait already.", TimeSpan.FromSeconds(1)));

        var result = await page.Commands.SendAsync(page.User, page.Chat, Message, "Hello", [], CancellationToken.None);

        Assert.Equal("Five wait already.", result.Problem);
        Assert.Equal(ChatPhase.New, page.Chat.State.Phase);
    }

    [Fact]
    public async Task Send_StorageDoesNotAnswer_GivesUpAndSaysItIsSafeToRepeat()
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.Chat.StartNewAsync(page.User);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        page.Runs.OnStart = async (_, cancellationToken) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            throw new InvalidOperationException("Never reached.");
        };

        var sending = page.Commands.SendAsync(page.User, page.Chat, Message, "Hello", [], CancellationToken.None);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(20));
        page.Clock.Advance(TimeSpan.FromSeconds(15));

        var result = await sending.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(SessionText.MessageSlow, result.Problem);
    }
}
