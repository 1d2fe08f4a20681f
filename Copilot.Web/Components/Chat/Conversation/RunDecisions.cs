using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Components.Chat.Approvals;
using Copilot.Web.Runs;
using Copilot.Web.Runs.Grants;
using Copilot.Web.Sessions;

namespace Copilot.Web.Components.Chat.Conversation;

/// <summary>What a person decides where a run waits for them.</summary>
internal sealed class RunDecisions(
    ChatCommands commands, RememberApproval remember, ChangingPerson changing, Toasts toasts, TimeProvider time)
{
    /// <summary>Decides about a call, and remembers the decision where that was chosen.</summary>
    public Task<CommandResult> DecideAsync(UserInfo user, RunSummary run, ApprovalChoice choice) => choice.Remember is not null
        ? RememberAsync(run, choice)
        : commands.DecideAsync(user, run, choice, CancellationToken.None);

    private async Task<CommandResult> RememberAsync(RunSummary run, ApprovalChoice choice)
    {
        if (await changing.FindAsync(CancellationToken.None) is not { } by)
        {
            return CommandResult.Refused(RefusalCode.Denied, RunCommandText.DecideDenied);
        }

        var result = await StorageTimeout.RunAsync(
            time, SessionText.DecisionSlow, token => remember.DecideAsync(by, run, choice, token), CancellationToken.None);
        if (result.Problem is { } problem)
        {
            // The call may have been decided all the same, and then the card is gone.
            toasts.Warn(problem);
        }
        else if (result.Accepted)
        {
            // The conversation only shows what became of this one call.
            toasts.Say(choice.Approve ? CardText.AllowedFromNowOn : CardText.RuledOutFromNowOn);
        }

        return result;
    }
}
