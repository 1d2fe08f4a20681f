using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Storage;

namespace Copilot.Web.Runs;

/// <summary>
/// Stops, resumes and retries runs, and hands them what the other use cases of this room ask for. <see cref="IRunAccess"/> is asked
/// at every call.
/// </summary>
internal sealed partial class RunControl(IRuns runs, IRunAccess access, ILogger<RunControl> logger)
{
    /// <summary>Ends a run as cancelled, or takes a queued one out of the queue.</summary>
    /// <param name="userId">Who asks.</param>
    /// <param name="run">The run.</param>
    /// <param name="reason">Why; only the run's owner may leave it out.</param>
    /// <param name="cancellationToken">Stops the waiting; a command that was handed over still counts.</param>
    public Task<CommandResult> StopAsync(string userId, RunSummary run, string? reason, CancellationToken cancellationToken) =>
        SendAsync(userId, run, actor => new RunCommand.Stop(actor, RunReason.Words(reason)), cancellationToken);

    /// <summary>Resumes an interrupted run.</summary>
    /// <param name="userId">Who asks.</param>
    /// <param name="run">The run.</param>
    /// <param name="repeatUnknownTools">True runs calls of unknown outcome again; false tells the model that it is unknown.</param>
    /// <param name="cancellationToken">Stops the waiting; a command that was handed over still counts.</param>
    public Task<CommandResult> ResumeAsync(string userId, RunSummary run, bool repeatUnknownTools, CancellationToken cancellationToken) =>
        SendAsync(userId, run, actor => new RunCommand.Resume(actor, repeatUnknownTools), cancellationToken);

    /// <summary>Ends the wait before the next attempt of one's own run. Who does it in another's asks for a retry, with a reason.</summary>
    public Task<CommandResult> RetryNowAsync(string userId, RunSummary run, CancellationToken cancellationToken) =>
        SendAsync(userId, run, actor => new RunCommand.RetryNow(actor), cancellationToken);

    /// <summary>Hands a run a command in a person's name.</summary>
    /// <exception cref="ArgumentException">The command cannot be used; the message says what to change.</exception>
    internal async Task<CommandResult> SendAsync(
        string userId, RunSummary run, Func<EventActor, RunCommand> command, CancellationToken cancellationToken)
    {
        try
        {
            var owner = new RunOwner(run.UserId, run.TeamId);
            if (await access.TryAcquireAsync(userId, owner, RunAction.Control, cancellationToken) is not { } lease)
            {
                return CommandResult.Refused(RefusalCode.Denied, RunCommandText.ControlDenied);
            }

            var asked = command(lease.Actor);
            if (RunReason.ProblemOf(asked, run) is { } problem)
            {
                return problem;
            }

            return await runs.AskAsync(run.RunId, asked, cancellationToken) switch
            {
                CommandOutcome.Accepted => CommandResult.Done,
                CommandOutcome.TooMany tooMany => CommandResult.TooMany(tooMany.Message, tooMany.RetryAfter, tooMany.Code),
                CommandOutcome.NotFound => CommandResult.Refused(RefusalCode.NotFound, RunCommandText.RunGone),
                _ => CommandResult.Refused(RefusalCode.Conflict, RunCommandText.RunMovedOn),
            };
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogRefused(exception, run.RunId);
            return CommandResult.Refused(RefusalCode.StorageUnavailable, RunCommandText.CommandNotSaved);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A command to run {RunId} was refused: storage is unavailable")]
    private partial void LogRefused(Exception exception, string runId);
}
