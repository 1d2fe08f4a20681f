using Copilot.Domain.Concurrency;
using Copilot.Domain.Runs.Actor;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Runs.Summaries.Supervision;

namespace Copilot.Domain.Runs.Registry;

/// <summary>Asks runs for something: one that works answers itself, of any other its log knows what can be said.</summary>
internal sealed class RunCommands(
    OwnedRuns owned,
    RunAdmission admission,
    LostRuns lost,
    KeyedLock sessionLock,
    IRunEventStore store,
    SessionHistory history,
    IStorageHealth storage,
    RunOptions options)
{
    /// <inheritdoc cref="IRuns.AskAsync"/>
    public async Task<CommandOutcome> AskAsync(string runId, RunCommand command, CancellationToken cancellationToken)
    {
        if (command is RunCommand.Steer { Text: var words })
        {
            Validate(words, nameof(command));
        }
        else if (command is RunCommand.Write { Text: var message })
        {
            Validate(message, nameof(command));
        }

        CommandOutcome? outcome = null;
        while (outcome is null)
        {
            outcome = owned.Find(runId) is { IsLaunched: true } live
                ? await live.Actor.AskAsync(command).WaitAsync(cancellationToken).ConfigureAwait(false)
                : await AskSettledAsync(runId, command, cancellationToken).ConfigureAwait(false);
        }

        return outcome is CommandOutcome.NotPossible ? await ReadLogAsync(runId, command, cancellationToken).ConfigureAwait(false) : outcome;
    }

    /// <summary>An interrupted run can be stopped or resumed: it is taken up for that. Nothing else can be done with a run that does not work.</summary>
    /// <returns>Null where somebody has taken it up in the same moment: it answers itself.</returns>
    private async Task<CommandOutcome?> AskSettledAsync(string runId, RunCommand command, CancellationToken cancellationToken)
    {
        var run = await store.FindAsync(runId, cancellationToken).ConfigureAwait(false);
        if (run is null)
        {
            return new CommandOutcome.NotFound();
        }

        RunMessage? first = command switch
        {
            RunCommand.Stop => new RunMessage.Asked(command),
            RunCommand.Resume resume => new RunMessage.Resume(resume),
            _ => null,
        };
        if (first is null && owned.Find(runId) is null)
        {
            return new CommandOutcome.NotPossible();
        }

        using var turn = await sessionLock.EnterAsync(run.SessionId, cancellationToken).ConfigureAwait(false);
        if (owned.Find(runId) is { IsLaunched: true })
        {
            return null;
        }

        if (first is null)
        {
            return new CommandOutcome.NotPossible();
        }

        if (storage.Problem is { } problem)
        {
            throw new StorageUnavailableException(problem);
        }

        var session = await store.ReadSessionHeadsAsync(run.SessionId, cancellationToken).ConfigureAwait(false);
        if (await lost.InterruptAsync(session, cancellationToken).ConfigureAwait(false))
        {
            session = await store.ReadSessionHeadsAsync(run.SessionId, cancellationToken).ConfigureAwait(false);
        }

        run = await store.FindAsync(runId, cancellationToken).ConfigureAwait(false);
        if (run is not { Status: RunStatus.Interrupted } || owned.IsStopping || owned.Find(runId) is not null)
        {
            return new CommandOutcome.NotPossible();
        }

        RunPlace? place = null;
        if (command is RunCommand.Resume asked)
        {
            // One that was told to begin has not said so in its log yet.
            if (owned.IsBusy(run.SessionId) || session.Any(other => !other.Status.IsSettled()))
            {
                return new CommandOutcome.NotPossible();
            }

            if (admission.TryEnter(RunClaim.Of(run, asked), out place) is { } full)
            {
                return new CommandOutcome.TooMany(full.Message, full.RetryAfter, full.Code);
            }
        }

        try
        {
            owned.Begin(await owned.RestoreAsync(run, first, place, cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            place?.Dispose();
            throw;
        }

        return new CommandOutcome.Accepted();
    }

    /// <summary>
    /// What the log knows of something that a run does not take now: who decided or stopped it, and that a command has acted whose answer
    /// was lost on its way before the run ended.
    /// </summary>
    private async Task<CommandOutcome> ReadLogAsync(string runId, RunCommand command, CancellationToken cancellationToken)
    {
        if (command is RunCommand.Answer answer)
        {
            return await WasAskedAsync(runId, answer.CallId, cancellationToken).ConfigureAwait(false)
                ? new CommandOutcome.NotPossible()
                : new CommandOutcome.NotFound();
        }

        if (command is not (RunCommand.Steer or RunCommand.Decision or RunCommand.Stop or RunCommand.Intervene))
        {
            return new CommandOutcome.NotPossible();
        }

        var commandId = (command as RunCommand.Steer)?.SteerId ?? command.CommandId;
        RunEvent? stopped = null;
        var approvals = new RunApprovals();
        var callId = (command as RunCommand.Decision)?.CallId;
        var requested = false;
        await foreach (var runEvent in history.ReadWithoutPiecesAsync(runId, cancellationToken).ConfigureAwait(false))
        {
            if (commandId is not null && RunInterventions.CommandOf(runEvent) == commandId)
            {
                return new CommandOutcome.Accepted();
            }

            approvals.Apply(runEvent);
            stopped = runEvent.Payload is RunCancelled ? runEvent : stopped;
            requested |= runEvent.Payload is ApprovalRequested && runEvent.CallId == callId;
        }

        if (stopped is { Actor: { } person, Payload: RunCancelled { Reason: var reason } } && callId is null)
        {
            if (command is RunCommand.Stop stop && stop.Actor.Id == person.Id)
            {
                return new CommandOutcome.Accepted(); // pressed twice
            }

            return new CommandOutcome.Superseded(new Intervention(stopped.Type, person, stopped.At, stopped.Seq, reason));
        }

        return callId is null || (requested && approvals.DecisionOf(callId) is null) ? new CommandOutcome.NotPossible()
            : approvals.DecisionOf(callId) is { } decision ? new CommandOutcome.AlreadyDecided(decision)
            : new CommandOutcome.NotFound();
    }

    private async Task<bool> WasAskedAsync(string runId, string callId, CancellationToken cancellationToken)
    {
        await foreach (var runEvent in history.ReadWithoutPiecesAsync(runId, cancellationToken).ConfigureAwait(false))
        {
            if (runEvent.Payload is QuestionAsked && runEvent.CallId == callId)
            {
                return true;
            }
        }

        return false;
    }

    private void Validate(string text, string parameter)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new ArgumentException("The words are empty. Write what is to be said.", parameter);
        }

        if (text.Length > options.MaxInputLength)
        {
            throw new ArgumentException($"The message has {text.Length} characters; {options.MaxInputLength} is the limit. Shorten it.", parameter);
        }
    }
}
