using System.Threading.Channels;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries.Supervision;

namespace Copilot.Domain.Runs.Actor;

/// <summary>
/// All that is asked of a run and all that happens to it, in one order. Deals with what concerns a run in every state, and hands the rest
/// to the one who reads.
/// </summary>
internal sealed class RunMailbox(TimeProvider time) : IRunMailbox
{
    private readonly Channel<RunMessage> _messages = Channel.CreateUnbounded<RunMessage>(new() { SingleReader = true });
    private RunParts? _parts;
    private RunMessage? _current;
    private RunCommand.Stop? _stop;
    private volatile bool _isEnding;

    private RunParts Parts => _parts ?? throw new InvalidOperationException("The run was neither created nor restored.");

    /// <summary>Connects the parts that its messages are for. Once, before anything is read or asked.</summary>
    public void Connect(RunParts parts) => _parts = parts;

    /// <summary>From here on the run is ending: what still comes is refused.</summary>
    public void BeginEnding() => _isEnding = true;

    /// <summary>Takes nothing more, and refuses what was not answered.</summary>
    public void Close()
    {
        _messages.Writer.TryComplete();
        while (TryTake() is not null)
        {
        }
    }

    /// <inheritdoc/>
    public void Post(RunMessage message)
    {
        if (!_messages.Writer.TryWrite(message))
        {
            Refuse(message);
        }
    }

    /// <summary>Asks the run for something, from any thread. Each command is answered once, at the latest when the run has ended.</summary>
    public Task<CommandOutcome> AskAsync(RunCommand command)
    {
        var asked = new RunMessage.Asked(command);
        if (command is RunCommand.Stop stop && SupersededBy(stop) is { } first)
        {
            return Task.FromResult<CommandOutcome>(new CommandOutcome.Superseded(first));
        }

        Post(asked);
        if (command is RunCommand.Stop && !_isEnding)
        {
            // A run can be stopped in every state, and the answer does not wait for a storage that is away.
            asked.Reply(new CommandOutcome.Accepted());
        }

        return asked.Answer;
    }

    /// <inheritdoc/>
    public async Task<RunMessage> ReceiveAsync()
    {
        while (true)
        {
            RefuseCurrent();
            _current = await NextAsync().ConfigureAwait(false);
            switch (_current)
            {
                case RunMessage.Asked { Command: RunCommand.Stop stop } asked:
                    // Whoever asked may not have got that far: from here on the run is ending, for this very reason.
                    asked.Reply(new CommandOutcome.Accepted());
                    throw new RunEndingException(RunEnd.Cancelled.By(stop));
                case RunMessage.Interrupt interrupt:
                    throw new RunEndingException(new RunEnd.Interrupted(interrupt.Reason));
                case RunMessage.Drain drain:
                    Parts.Hold.Drain(drain.Reason);
                    if (!Parts.Hold.IsResponding && !Parts.Tools.IsUnderWay)
                    {
                        Parts.Hold.EndIfDraining();
                    }

                    return drain;
                case RunMessage.CommitFailed:
                    throw new RunEndingException(new RunEnd.Abandoned());
                case RunMessage.TimeUp:
                    throw new RunEndingException(new RunEnd.Failed(new RunError(
                        "run_timeout",
                        $"The run was stopped after {Parts.Creation.Agent.MaxDuration.TotalMinutes:0} minutes, its limit.",
                        "Ask for less at once, or raise the agent's limit.")));
                case RunMessage.Connecting connecting:
                    Parts.Connection.RecordNotice(connecting.Notice);
                    break;
                case RunMessage.Asked asked when await Parts.Interventions.AnswerKnownAsync(asked).ConfigureAwait(false):
                    break;
                case RunMessage.Asked { Command: RunCommand.Intervene command } asked:
                    if (await Parts.Interventions.TakeAsync(asked, command).ConfigureAwait(false))
                    {
                        return asked;
                    }

                    break;
                case RunMessage.SilenceOver over:
                    if (await Parts.Interventions.EndSilenceAsync(over).ConfigureAwait(false))
                    {
                        return over;
                    }

                    break;
                case RunMessage.Asked { Command: RunCommand.RaiseBudget raise } asked:
                    if (Parts.Budget.TryRaise(raise))
                    {
                        asked.Reply(new CommandOutcome.Accepted());
                        return asked;
                    }

                    break;
                case RunMessage.Asked { Command: RunCommand.Steer steer } asked:
                    await Parts.Steering.TakeAsync(asked, steer).ConfigureAwait(false);
                    break;
                case RunMessage.SteerSent sent:
                    Parts.Steering.OnSent(sent);
                    break;
                default:
                    return _current;
            }
        }
    }

    /// <inheritdoc/>
    public RunMessage? TryTake()
    {
        RefuseCurrent();
        _current = _messages.Reader.TryRead(out var message) ? message : null;
        return _current;
    }

    /// <summary>The next message. Before the run pauses it hands over what it has recorded.</summary>
    private ValueTask<RunMessage> NextAsync()
    {
        if (_messages.Reader.TryRead(out var message))
        {
            return new ValueTask<RunMessage>(message);
        }

        Parts.Recorder.HandOver();
        return _messages.Reader.ReadAsync();
    }

    /// <summary>What somebody did before that a stop comes too late for: it is what they saw last, or another person's stop. Null where it counts.</summary>
    private Intervention? SupersededBy(RunCommand.Stop stop)
    {
        if (Parts.Interventions.OutdatedBy(stop) is { } latest)
        {
            return latest;
        }

        var first = Interlocked.CompareExchange(ref _stop, stop, null) ?? stop;
        return first.Actor.Id == stop.Actor.Id
            ? null
            : new Intervention(RunEventTypes.RunCancelled, first.Actor, RunTime.Now(time), Parts.Recorder.Summary.HeadSeq, first.Reason);
    }

    /// <summary>What a state took out of the mailbox and did not answer is refused here, and nowhere else.</summary>
    private void RefuseCurrent() => Refuse(_current);

    private static void Refuse(RunMessage? message) => (message as RunMessage.Asked)?.Reply(new CommandOutcome.NotPossible());
}
