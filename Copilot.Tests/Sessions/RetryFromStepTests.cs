using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Web.Identity;
using Copilot.Web.Runs.Supervising;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Sessions;

/// <summary>A run that has ended is continued by a new one.</summary>
public sealed class RetryFromStepTests
{
    [Theory]
    [InlineData(RunEventTypes.RunFailed)]
    [InlineData(RunEventTypes.RunCancelled)]
    public async Task Retry_OfARunThatHasEnded_StartsOneAfterItsLastStep(string end)
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.CommitAsync("run_0", "ses_1", "usr_2", parent: null, RunEventTypes.RunStarted, end);
        page.Access.Allows = (_, _, action) => action is RunAction.View or RunAction.Control;

        var result = await Use(page).DoAsync(
            "usr_1", "run_0", new InterventionRequest { Verb = RunVerb.Retry, Id = "cmd_1", Reason = "the line was cut" }, CancellationToken.None);

        Assert.True(result.Accepted);
        var asked = Assert.Single(page.Runs.Requests);
        Assert.Equal("ses_1", asked.SessionId);
        Assert.Equal(new RunParent.Step("run_0"), asked.Parent);
        Assert.Equal("usr_2", asked.Owner.UserId);
        Assert.Equal("usr_1", asked.Actor.Id);
        Assert.Equal("cmd_1", asked.MessageId);
        Assert.Equal(InterveneText.ContinueFromStep("the line was cut"), asked.Input);
    }

    [Fact]
    public async Task Retry_OfARunThatNobodyMaySee_IsNotFound()
    {
        await using var page = await ChatFixture.CreateAsync();
        await page.CommitAsync("run_0", "ses_1", "usr_2", parent: null, RunEventTypes.RunStarted, RunEventTypes.RunFailed);
        page.Access.Allows = (_, _, _) => false;

        var result = await Use(page).DoAsync(
            "usr_1", "run_0", new InterventionRequest { Verb = RunVerb.Retry, Id = "cmd_1", Reason = "x" }, CancellationToken.None);

        Assert.Equal(Copilot.Web.Runs.RefusalCode.NotFound, result.Code);
    }

    private static Intervene Use(ChatFixture page) => new(
        page.Runs, page.Start, page.Database.Events, page.Access, new PersonStore(page.Database.Contexts), NullLogger<Intervene>.Instance);
}
