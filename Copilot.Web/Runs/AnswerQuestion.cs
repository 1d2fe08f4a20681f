using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Storage;

namespace Copilot.Web.Runs;

/// <summary>Answers a question of the agent. <see cref="IRunAccess"/> is asked at every call; the first answer stands.</summary>
internal sealed partial class AnswerQuestion(IRuns runs, IRunAccess access, ILogger<AnswerQuestion> logger)
{
    /// <summary>Answers; needs the right to control the run.</summary>
    /// <param name="userId">Who answers.</param>
    /// <param name="run">The run.</param>
    /// <param name="callId">The call that asks.</param>
    /// <param name="text">The answer.</param>
    /// <param name="reason">Why; only the run's owner may leave it out.</param>
    /// <param name="cancellationToken">Stops the waiting; an answer that was handed over still counts.</param>
    public async Task<CommandResult> AnswerAsync(
        string userId, RunSummary run, string callId, string text, string? reason, CancellationToken cancellationToken)
    {
        try
        {
            if (await access.TryAcquireAsync(userId, new RunOwner(run.UserId, run.TeamId), RunAction.Control, cancellationToken) is not { } lease)
            {
                return CommandResult.Refused(RefusalCode.Denied, RunCommandText.AnswerDenied);
            }

            var answer = new RunCommand.Answer(lease.Actor, callId, text) { Reason = RunReason.Words(reason) };
            if (RunReason.ProblemOf(answer, run) is { } problem)
            {
                return problem;
            }

            return await runs.AskAsync(run.RunId, answer, cancellationToken) switch
            {
                CommandOutcome.Accepted => CommandResult.Done,
                CommandOutcome.InvalidArguments invalid => CommandResult.Invalid(
                    [.. invalid.Errors.Select(error => new FieldProblem(error.Argument, error.Message))]),
                CommandOutcome.NotFound => CommandResult.Refused(RefusalCode.NotFound, RunCommandText.QuestionGone),
                _ => CommandResult.Refused(RefusalCode.Conflict, RunCommandText.QuestionClosed),
            };
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotAnswered(exception, run.RunId, callId);
            return CommandResult.Refused(RefusalCode.StorageUnavailable, RunCommandText.AnswerNotSaved);
        }
    }

    [LoggerMessage(LogLevel.Warning, "An answer to call {CallId} of run {RunId} could not be saved: storage is unavailable")]
    private partial void LogNotAnswered(Exception exception, string runId, string callId);
}
