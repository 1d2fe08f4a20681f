using Copilot.Web.Runs;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Web.Sessions;
using Microsoft.Data.Sqlite;
using static Copilot.Tests.Sessions.ChatFixture;

namespace Copilot.Tests.Sessions;

/// <summary>What a page says to a run that has begun.</summary>
public sealed class ChatRunCommandsTests
{
    [Fact]
    public async Task Tell_RunWorks_SaysItWithThePersonsName()
    {
        await using var page = await ChatFixture.CreateAsync();
        var run = await page.CommitAsync("run_a", "ses_1", "usr_1", null, RunEventTypes.RunStarted);

        var result = await page.Commands.SteerAsync(page.User, run, Message, "Only in Leeds.", CancellationToken.None);

        Assert.True(result.Accepted, result.Problem);
        var (runId, command) = Assert.Single(page.Runs.Commands);
        var steer = Assert.IsType<RunCommand.Steer>(command);
        Assert.Equal("run_a", runId);
        Assert.Equal(Message, steer.SteerId);
        Assert.Equal("Only in Leeds.", steer.Text);
        Assert.Equal("usr_1", steer.Actor.Id);
    }

    [Theory]
    [InlineData(Message, " ", RunCommandText.NothingWritten)]
    [InlineData("../../etc", "Hello", SessionText.PageOutOfDate)]
    public async Task Tell_CannotBeUsed_IsRefused(string steerId, string text, string expected)
    {
        await using var page = await ChatFixture.CreateAsync();
        var run = await page.CommitAsync("run_a", "ses_1", "usr_1", null, RunEventTypes.RunStarted);

        Assert.Equal(expected, (await page.Commands.SteerAsync(page.User, run, steerId, text, CancellationToken.None)).Problem);
        Assert.Empty(page.Runs.Commands);
    }

    [Fact]
    public async Task Tell_MayNotControl_IsRefused()
    {
        await using var page = await ChatFixture.CreateAsync();
        var run = await page.CommitAsync("run_a", "ses_1", "usr_1", null, RunEventTypes.RunStarted);
        page.Access.Allows = (_, _, action) => action is not RunAction.Control;

        var result = await page.Commands.SteerAsync(page.User, run, Message, "Hello", CancellationToken.None);

        Assert.Equal(RunCommandText.SteerDenied, result.Problem);
        Assert.Empty(page.Runs.Commands);
    }

    [Fact]
    public async Task SomebodyElsesRun_WithoutAReason_NothingIsDoneAboutIt()
    {
        await using var page = await ChatFixture.CreateAsync();
        var run = await page.CommitAsync("run_a", "ses_1", "usr_2", null, RunEventTypes.RunStarted);
        page.Access.Allows = (_, _, _) => true;

        Assert.Equal(RunCommandText.ReasonMissing, (await page.Commands.SteerAsync(page.User, run, Message, "Hello", CancellationToken.None)).Problem);
        Assert.Equal(RunCommandText.ReasonMissing, (await page.Commands.ResumeAsync(page.User, run, false, CancellationToken.None)).Problem);
        Assert.Equal(RunCommandText.ReasonMissing, (await page.Commands.StopAsync(page.User, run, CancellationToken.None)).Problem);
        Assert.Equal(RunCommandText.ReasonMissing, (await page.Commands.RetryNowAsync(page.User, run, CancellationToken.None)).Problem);
        Assert.Equal(RunCommandText.ReasonMissing, (await page.Commands.RaiseBudgetAsync(page.User, run, 500_000, " ", CancellationToken.None)).Problem);
        foreach (var approve in new[] { true, false })
        {
            var decided = await page.Commands.DecideAsync(page.User, run, new ApprovalChoice("call_1", approve, null, " "), CancellationToken.None);
            Assert.Equal(RunCommandText.ReasonMissing, decided.Problem);
        }

        Assert.Empty(page.Runs.Commands);
    }

    [Fact]
    public async Task Retry_PressedTwice_IsOneMessageBesideTheFirst()
    {
        await using var page = await ChatFixture.CreateAsync();
        var run = await page.CommitAsync("run_a", "ses_1", "usr_1", null, RunEventTypes.RunStarted, RunEventTypes.RunCompleted);
        await page.Chat.OpenAsync(page.User, "ses_1", CancellationToken.None);
        page.Runs.OnStart = (_, _) => Task.FromResult<StartOutcome>(new StartOutcome.Started(run, Existing: true));
        var shown = page.Chat.State.Runs[0];

        await page.Commands.RetryAsync(page.User, page.Chat, shown, CancellationToken.None);
        await page.Commands.RetryAsync(page.User, page.Chat, shown, CancellationToken.None);

        Assert.Equal(2, page.Runs.Requests.Count);
        Assert.Single(page.Runs.Requests.Select(request => request.MessageId).Distinct());
        Assert.All(page.Runs.Requests, request => Assert.Equal(new RunParent.SameAs("run_a"), request.Parent));
        Assert.All(page.Runs.Requests, request => Assert.Equal("Question of run_a", request.Input));
    }

    [Fact]
    public async Task Stop_MayControl_IsHandedOver()
    {
        await using var page = await ChatFixture.CreateAsync();
        var run = await page.CommitAsync("run_a", "ses_1", "usr_1", null, RunEventTypes.RunStarted);

        Assert.True((await page.Commands.StopAsync(page.User, run, CancellationToken.None)).Accepted);

        var (stopped, command) = Assert.Single(page.Runs.Commands);
        Assert.Equal("run_a", stopped);
        Assert.Equal(new RunCommand.Stop(new EventActor("usr_1", "Staff"), null), command);
    }

    [Fact]
    public async Task RetryNow_RunHasGoneOnByItself_IsNoProblem()
    {
        await using var page = await ChatFixture.CreateAsync();
        var run = await page.CommitAsync("run_a", "ses_1", "usr_1", null, RunEventTypes.RunStarted);
        page.Runs.OnCommand = (_, _) => new CommandOutcome.NotPossible();

        Assert.True((await page.Commands.RetryNowAsync(page.User, run, CancellationToken.None)).Accepted);
        Assert.False((await page.Commands.StopAsync(page.User, run, CancellationToken.None)).Accepted);
    }

    [Fact]
    public async Task Resume_MayNotControl_IsRefused()
    {
        await using var page = await ChatFixture.CreateAsync();
        var run = await page.CommitAsync("run_a", "ses_1", "usr_2", null, RunEventTypes.RunStarted);

        Assert.Equal(RunCommandText.ControlDenied, (await page.Commands.ResumeAsync(page.User, run, true, CancellationToken.None)).Problem);

        Assert.Empty(page.Runs.Commands);
    }

    [Fact]
    public async Task RaiseBudget_DiskIsFull_SaysItIsSafeToTryAgain()
    {
        await using var page = await ChatFixture.CreateAsync();
        var run = await page.CommitAsync("run_a", "ses_1", "usr_1", null, RunEventTypes.RunStarted);
        page.FillDisk();

        var problem = await page.Commands.RaiseBudgetAsync(page.User, run, 500_000, reason: null, CancellationToken.None);

        Assert.Equal(RunCommandText.CommandNotSaved, problem.Problem);
        page.Database.FreeDisk();
        Assert.True((await page.Commands.RaiseBudgetAsync(page.User, run, 500_000, reason: null, CancellationToken.None)).Accepted);
    }

    [Fact]
    public async Task RaiseBudget_StorageCannotBeRead_SaysItIsSafeToTryAgain()
    {
        await using var page = await ChatFixture.CreateAsync();
        var run = await page.CommitAsync("run_a", "ses_1", "usr_1", null, RunEventTypes.RunStarted);
        page.Access.Allows = (_, _, _) => throw new SqliteException("disk I/O error", 10);

        var problem = await page.Commands.RaiseBudgetAsync(page.User, run, 500_000, reason: null, CancellationToken.None);

        Assert.Equal(RunCommandText.CommandNotSaved, problem.Problem);
        Assert.Empty(page.Runs.Commands);
    }

    [Fact]
    public async Task Stop_StorageDoesNotAnswer_GivesUpAndSaysItIsSafeToTryAgain()
    {
        await using var page = await ChatFixture.CreateAsync();
        var run = await page.CommitAsync("run_a", "ses_1", "usr_1", null, RunEventTypes.RunStarted);
        var asked = page.KeepSilent();

        var stopping = page.Commands.StopAsync(page.User, run, CancellationToken.None);
        await asked.WaitAsync(TimeSpan.FromSeconds(20));
        page.Clock.Advance(StorageTimeout.After);

        Assert.Equal(
            SessionText.CommandSlow,
            (await stopping.WaitAsync(TimeSpan.FromSeconds(20))).Problem);
    }
}
