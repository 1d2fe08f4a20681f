using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Identity;
using Copilot.Web.Storage;

namespace Copilot.Web.Runs;

/// <summary>Approves or denies a call that waits for a person. <see cref="IRunAccess"/> is asked at every call; the first decision stands.</summary>
internal sealed partial class DecideApproval(IRuns runs, IRunAccess access, PersonStore people, ILogger<DecideApproval> logger)
{
    /// <summary>Decides; needs the right to control the run.</summary>
    /// <param name="userId">Who decides.</param>
    /// <param name="run">The run.</param>
    /// <param name="choice">What they chose.</param>
    /// <param name="cancellationToken">Stops the waiting; a decision that was handed over still counts.</param>
    public async Task<CommandResult> DecideAsync(
        string userId, RunSummary run, ApprovalChoice choice, CancellationToken cancellationToken)
    {
        try
        {
            var owner = new RunOwner(run.UserId, run.TeamId);
            if (await access.TryAcquireAsync(userId, owner, RunAction.Control, cancellationToken) is not { } lease)
            {
                return CommandResult.Refused(RefusalCode.Denied, RunCommandText.DecideDenied);
            }

            var decision = DecisionOf(lease.Actor, choice);
            if (RunReason.ProblemOf(decision, run) is { } problem)
            {
                return problem;
            }

            return await runs.AskAsync(run.RunId, decision, cancellationToken) switch
            {
                CommandOutcome.Accepted => CommandResult.Done,
                CommandOutcome.InvalidArguments invalid => CommandResult.Invalid(
                    [.. invalid.Errors.Select(error => new FieldProblem(error.Argument, error.Message))]),
                CommandOutcome.AlreadyDecided already => CommandResult.AlreadyDecided(
                    await DescribeAsync(already.Decision, userId, cancellationToken), already.Decision),
                CommandOutcome.OtherMustApprove => CommandResult.Refused(RefusalCode.NeedsOther, RunCommandText.OtherMustApprove),
                CommandOutcome.NotFound => CommandResult.Refused(RefusalCode.NotFound, RunCommandText.ApprovalGone),
                _ => CommandResult.Refused(RefusalCode.Conflict, RunCommandText.ApprovalClosed),
            };
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotDecided(exception, run.RunId, choice.CallId);
            return CommandResult.Refused(RefusalCode.StorageUnavailable, RunCommandText.DecisionNotSaved);
        }
    }

    private static RunCommand.Decision DecisionOf(EventActor actor, ApprovalChoice choice) => choice.Approve
        ? new RunCommand.Approve(actor, choice.CallId, choice.EditedArguments) { Reason = RunReason.Words(choice.Reason) }
        : new RunCommand.Deny(actor, choice.CallId, RunReason.Words(choice.Reason));

    private async Task<string> DescribeAsync(ApprovalDecision decision, string userId, CancellationToken cancellationToken)
    {
        if (decision.Actor is not { } actor)
        {
            return decision.Answer is ApprovalAnswer.Expired ? RunCommandText.ApprovalExpired : RunCommandText.ApprovalRunStopped;
        }

        var who = actor.Id == userId ? RunCommandText.You
            : (await people.FindAsync(actor.Id, cancellationToken))?.DisplayName ?? RunCommandText.SomebodyWith(actor.Role);
        return RunCommandText.AlreadyDecided(
            who, RunCommandText.Answer(approved: decision.Answer is ApprovalAnswer.Approved, edited: decision.Arguments is not null));
    }

    [LoggerMessage(LogLevel.Warning, "A decision about call {CallId} of run {RunId} could not be saved: storage is unavailable")]
    private partial void LogNotDecided(Exception exception, string runId, string callId);
}
