using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Runs.Summaries.Supervision;

namespace Copilot.Domain.Runs.Actor;

/// <summary>
/// What people do about a run while it works. Who may and who was first is decided here, in the run's own loop, one command after the
/// other; what counts is committed before anything follows from it and before it is answered.
/// </summary>
internal sealed class Interventions(RunRecorder recorder, RunHold hold)
{
    private const string AdminRole = "Admin";
    private const string StaffRole = "Staff";

    /// <summary>Answers a command that has acted already, or that others have made pointless.</summary>
    /// <returns>True when it is answered.</returns>
    public async Task<bool> AnswerKnownAsync(RunMessage.Asked asked)
    {
        if (asked.Command.CommandId is { } id && recorder.Interventions.Knows(id))
        {
            await CommitAsync(asked).ConfigureAwait(false);
            asked.Reply(new CommandOutcome.Accepted());
            return true;
        }

        if (OutdatedBy(asked.Command) is { } first)
        {
            asked.Reply(new CommandOutcome.Superseded(first));
            return true;
        }

        return false;
    }

    /// <summary>What somebody did that the person who commands had not seen, or null.</summary>
    public Intervention? OutdatedBy(RunCommand command) =>
        command.ExpectedSeq is { } seen && recorder.Summary.LatestIntervention is { } latest && seen < latest.Seq ? latest : null;

    /// <summary>Takes a command: commits it and answers, or refuses it.</summary>
    /// <returns>True when it counts.</returns>
    public async Task<bool> TakeAsync(RunMessage.Asked asked, RunCommand.Intervene command)
    {
        if (RefusalOf(command) is { } refusal)
        {
            asked.Reply(refusal);
            return false;
        }

        Record(command);
        await CommitAsync(asked).ConfigureAwait(false);
        asked.Reply(new CommandOutcome.Accepted());
        hold.WatchSilence();
        return true;
    }

    /// <summary>Whoever had taken over was silent for too long: the agent continues.</summary>
    /// <returns>True when that is so.</returns>
    public async Task<bool> EndSilenceAsync(RunMessage.SilenceOver over)
    {
        if (recorder.Summary.TakeOver is null || !hold.IsOver(over))
        {
            return false;
        }

        HandBack(() => recorder.RecordBySystem(new SupervisorHandedBack(Reason: null, CommandId: null)));
        await recorder.CommitAsync().ConfigureAwait(false);
        hold.WatchSilence();
        return true;
    }

    private CommandOutcome? RefusalOf(RunCommand.Intervene command)
    {
        var run = recorder.Summary;
        if (run.Status is not (RunStatus.Running or RunStatus.Waiting))
        {
            return new CommandOutcome.NotPossible();
        }

        return command switch
        {
            RunCommand.Pause when run.Pause is { } paused => new CommandOutcome.Superseded(paused),
            RunCommand.Continue when run.Pause is null => After(RunEventTypes.SupervisorResumed),
            RunCommand.Continue when run.Pause is { } paused && command.Actor.Role == StaffRole && paused.Actor?.Id != command.Actor.Id =>
                new CommandOutcome.NotTheirs(paused),
            RunCommand.TakeOver when run.TakeOver is { } taken => new CommandOutcome.Superseded(taken),
            RunCommand.Write or RunCommand.HandBack when run.TakeOver is null => After(RunEventTypes.SupervisorHandedBack),
            RunCommand.Write or RunCommand.HandBack when run.TakeOver is { } taken && !IsOf(command.Actor, taken) =>
                new CommandOutcome.NotTheirs(taken),
            RunCommand.CancelCall cancel => RefusalOf(cancel),
            RunCommand.RetryStep when !hold.IsResponding => After(RunEventTypes.SupervisorRetried),
            _ => null,
        };
    }

    private CommandOutcome? RefusalOf(RunCommand.CancelCall cancel) =>
        recorder.Interventions.IsCancelled(cancel.CallId) ? After(RunEventTypes.SupervisorCancelledCall)
        : recorder.IsOpenCall(cancel.CallId) ? null
        : new CommandOutcome.NotPossible();

    /// <summary>It is so already: because of the newest that somebody did, or because it never was otherwise.</summary>
    private CommandOutcome After(string type) => recorder.Summary.LatestIntervention is { } latest && latest.Type == type
        ? new CommandOutcome.Superseded(latest)
        : new CommandOutcome.NotPossible();

    private static bool IsOf(EventActor actor, Intervention taken) => actor.Role == AdminRole || actor.Id == taken.Actor?.Id;

    private void Record(RunCommand.Intervene command)
    {
        var (reason, id) = (command.Reason, command.CommandId);
        switch (command)
        {
            case RunCommand.CancelCall cancel:
                recorder.RecordBy(command.Actor, new SupervisorCancelledCall(reason, id), cancel.CallId);
                break;
            case RunCommand.HandBack:
                HandBack(() => recorder.RecordBy(command.Actor, new SupervisorHandedBack(reason, id)));
                break;
            default:
                recorder.RecordBy(command.Actor, command switch
                {
                    RunCommand.Pause => new SupervisorPaused(reason, id),
                    RunCommand.Continue => new SupervisorResumed(reason, id),
                    RunCommand.TakeOver => new SupervisorTookOver(reason, id),
                    RunCommand.Write write => new SupervisorWrote(reason, id, write.Text),
                    RunCommand.RetryStep => new SupervisorRetried(reason, id),
                    _ => throw new ArgumentException($"{command.GetType().Name} is not recorded here.", nameof(command)),
                });
                break;
        }
    }

    /// <summary>What the owner said meanwhile reaches the model with the hand-back: after a crash both are there, or neither.</summary>
    private void HandBack(Action record)
    {
        var said = recorder.Input.SaidMeanwhile;
        recorder.RecordTogether(() =>
        {
            record();
            foreach (var steerId in said)
            {
                recorder.Record(new SteerDelivered(steerId, SteerRoute.NextRequest));
            }
        });
    }

    private async Task CommitAsync(RunMessage.Asked asked)
    {
        try
        {
            await recorder.CommitAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            asked.Fail(exception);
            throw;
        }
    }
}
