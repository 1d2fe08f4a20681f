using Copilot.Web.Runs;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Tools;
using Copilot.Web.Identity;
using Copilot.Web.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Sessions;

public sealed class DecideApprovalTests
{
    private static readonly ApprovalChoice s_approve = new("call_1", Approve: true, """{"quantity":1}""", null);
    private static readonly DateTimeOffset s_now = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Decide_Approve_IsHandedOverWithWhoDecides()
    {
        await using var page = await ChatFixture.CreateAsync();
        var decisions = Note(page, new CommandOutcome.Accepted());

        var result = await DecideAsync(page, s_approve);

        Assert.Equal(CommandResult.Done, result);
        Assert.Equal(new RunCommand.Approve(new EventActor("usr_1", "Staff"), "call_1", """{"quantity":1}"""), Assert.Single(decisions));
    }

    [Fact]
    public async Task Decide_DenyWithABlankReason_HasNone()
    {
        await using var page = await ChatFixture.CreateAsync();
        var decisions = Note(page, new CommandOutcome.Accepted());

        await DecideAsync(page, new ApprovalChoice("call_1", Approve: false, null, "  "));

        Assert.Equal(new RunCommand.Deny(new EventActor("usr_1", "Staff"), "call_1", null), Assert.Single(decisions));
    }

    [Fact]
    public async Task Decide_WithoutTheRight_IsRefusedAndAsksForControl()
    {
        await using var page = await ChatFixture.CreateAsync();
        var decisions = Note(page, new CommandOutcome.Accepted());
        page.Access.Allows = (_, _, action) => action is not RunAction.Control;

        var result = await DecideAsync(page, s_approve);

        Assert.Equal([RunCommandText.DecideDenied], result.Problems.Select(problem => problem.Message));
        Assert.Empty(decisions);
    }

    [Fact]
    public async Task Decide_BadArguments_ShowsEachErrorAndStaysOpen()
    {
        await using var page = await ChatFixture.CreateAsync();
        Note(page, new CommandOutcome.InvalidArguments([new ToolArgumentError(null, "One."), new ToolArgumentError(null, "Two.")]));

        var result = await DecideAsync(page, s_approve);

        Assert.False(result.IsSettled);
        Assert.Equal(["One.", "Two."], result.Problems.Select(problem => problem.Message));
    }

    [Theory]
    [InlineData("usr_1", ApprovalAnswer.Approved, null, RunCommandText.You)]
    [InlineData("usr_2", ApprovalAnswer.Approved, "{}", "Bo")]
    [InlineData("usr_gone", ApprovalAnswer.Denied, null, "a supervisor")]
    [InlineData(null, ApprovalAnswer.Expired, null, "")]
    public async Task Decide_TooLate_SaysWhoWasFirst(string? who, ApprovalAnswer answer, string? arguments, string name)
    {
        await using var page = await ChatFixture.CreateAsync();
        await using (var db = await page.Database.Contexts.CreateDbContextAsync())
        {
            db.Users.Add(new CopilotUser { Id = "usr_2", UserName = "bo", DisplayName = "Bo", TeamId = ChatFixture.Team });
            await db.SaveChangesAsync();
        }

        Note(page, new CommandOutcome.AlreadyDecided(
            new ApprovalDecision(answer, who is null ? null : new EventActor(who, "Supervisor"), s_now, arguments, null)));

        var result = await DecideAsync(page, s_approve);

        Assert.True(result.IsSettled);
        var expected = who is null
            ? RunCommandText.ApprovalExpired
            : RunCommandText.AlreadyDecided(name, RunCommandText.Answer(answer is ApprovalAnswer.Approved, arguments is not null));
        Assert.Equal([expected], result.Problems.Select(problem => problem.Message));
    }

    [Fact]
    public async Task Decide_DiskIsFull_StaysOpenAndSaysItIsSafeToDecideAgain()
    {
        await using var page = await ChatFixture.CreateAsync();
        var decisions = Note(page, new CommandOutcome.Accepted());
        var run = await page.CommitAsync("run_1", "ses_1", "usr_1", null, RunEventTypes.RunStarted);
        page.FillDisk();

        var result = await page.Commands.DecideAsync(page.User, run, s_approve, CancellationToken.None);

        Assert.False(result.IsSettled);
        Assert.Equal([RunCommandText.DecisionNotSaved], result.Problems.Select(problem => problem.Message));
        Assert.Empty(decisions);
        page.Database.FreeDisk();
        Assert.Equal(CommandResult.Done, await page.Commands.DecideAsync(page.User, run, s_approve, CancellationToken.None));
    }

    [Fact]
    public async Task Decide_StorageDoesNotAnswer_GivesUpAndStaysOpen()
    {
        await using var page = await ChatFixture.CreateAsync();
        var run = await page.CommitAsync("run_1", "ses_1", "usr_1", null, RunEventTypes.RunStarted);
        var asked = page.KeepSilent();

        var deciding = page.Commands.DecideAsync(page.User, run, s_approve, CancellationToken.None);
        await asked.WaitAsync(TimeSpan.FromSeconds(20));
        page.Clock.Advance(StorageTimeout.After);

        var result = await deciding.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.False(result.IsSettled);
        Assert.Equal([SessionText.DecisionSlow], result.Problems.Select(problem => problem.Message));
    }

    private static List<RunCommand.Decision> Note(ChatFixture page, CommandOutcome outcome)
    {
        var decisions = new List<RunCommand.Decision>();
        page.Runs.OnDecide = (_, decision) =>
        {
            decisions.Add(decision);
            return outcome;
        };
        return decisions;
    }

    private static async Task<CommandResult> DecideAsync(ChatFixture page, ApprovalChoice choice)
    {
        var run = await page.CommitAsync("run_1", "ses_1", "usr_1", null, RunEventTypes.RunStarted);
        return await page.Commands.DecideAsync(page.User, run, choice, CancellationToken.None);
    }
}
