using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Storage;

namespace Copilot.Web.Sessions;

/// <summary>What people say to a run while it works.</summary>
internal sealed partial class ChatCommands
{
    /// <summary>
    /// Tells the agent something while it works: its owner, and who may control the run. The same words with the same id are said once.
    /// </summary>
    /// <param name="user">Who says it.</param>
    /// <param name="run">The run.</param>
    /// <param name="steerId">Made in the browser.</param>
    /// <param name="text">The words.</param>
    /// <param name="cancellationToken">Stops the waiting; words that were already handed over are still kept.</param>
    public async Task<SendResult> SteerAsync(UserInfo user, RunSummary run, string steerId, string text, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return SendResult.Refused(SessionText.NothingWritten);
        }

        if (text.Length > MaxTextLength)
        {
            return SendResult.Refused(SessionText.TooLong(text.Length, MaxTextLength));
        }

        if (!IsMessageId(steerId))
        {
            return SendResult.Refused(SessionText.PageOutOfDate);
        }

        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var owner = new RunOwner(run.UserId, run.TeamId);
            if (await access.TryAcquireAsync(user.Id, owner, RunAction.Control, either.Token) is not { } lease)
            {
                return SendResult.Refused(SessionText.SteerDenied);
            }

            return await runs.SendAsync(run.RunId, new RunCommand.Steer(lease.Actor, steerId, text), either.Token) switch
            {
                CommandOutcome.Accepted => SendResult.Ok,
                CommandOutcome.NotFound => SendResult.Refused(SessionText.RunGone),
                _ => SendResult.Refused(SessionText.RunEndedFirst),
            };
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return SendResult.Refused(SessionText.MessageSlow);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogRefused(exception, run.SessionId);
            return SendResult.Refused(SessionText.MessageNotSaved);
        }
        catch (ArgumentException exception)
        {
            // The domain's own sentence about the words; it says what to change.
            LogRefused(exception, run.SessionId);
            return SendResult.Refused(SessionText.MessageUnusable);
        }
    }
}
