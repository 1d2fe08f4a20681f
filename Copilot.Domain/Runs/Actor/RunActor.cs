using System.Diagnostics;
using System.Threading.Channels;
using Copilot.Domain.Costs;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Actor.Calls;
using Copilot.Domain.Runs.Actor.Sending;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Rules;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Runs.Summaries.Supervision;
using Copilot.Domain.Runs.Telemetry;
using Copilot.Domain.Telemetry;
using Copilot.Domain.Tools;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Runs.Actor;

/// <summary>
/// One run: its mailbox and its loop. It has one mailbox and one reader: this loop alone, and the part it waits for, owns the
/// connection, the sequence counter and the status, so it needs no locks. It lives in a scope of its own, never in a page's.
/// </summary>
internal sealed partial class RunActor(
    RunUpstream upstream,
    RunTools tools,
    RunAssembler assembler,
    RunEventWriter writer,
    SessionHistory history,
    IRunRules rules,
    TimeProvider time,
    PriceTable prices,
    IOptions<UpstreamOptions> upstreamOptions,
    IOptions<RunOptions> runOptions,
    CopilotMetrics metrics,
    TelemetryOptions telemetry,
    ILogger<RunActor> logger) : IRunMailbox, IAsyncDisposable
{
    private readonly Channel<RunMessage> _mailbox = Channel.CreateUnbounded<RunMessage>(new() { SingleReader = true });
    private RunParts? _parts;
    private RunCreation? _creation;
    private RunTrace? _trace;
    private RunMessage? _current;
    private Task _loop = Task.CompletedTask;
    private volatile bool _isEnding;
    private RunCommand.Stop? _stop;

    /// <summary>The run as its events say; readable from any thread once it was created or restored.</summary>
    public RunSummary Summary => Recorder.Summary;

    /// <summary>Completes when the run has settled and its connection is closed. Never faults.</summary>
    public Task Completion => _loop;

    private IReadOnlyList<string>? UnknownCalls => Recorder.Input.UnknownCalls is { Count: > 0 } unknown ? unknown : null;

    private RunParts Parts => _parts ?? throw new InvalidOperationException("The run was neither created nor restored.");

    private RunRecorder Recorder => Parts.Recorder;

    /// <summary>Commits the first events. The caller is answered only after this.</summary>
    public async Task CreateAsync(string runId, RunCreation creation, RunRequest request)
    {
        creation = creation with { Agent = BudgetGuard.Limit(creation.Agent, request.BudgetMicros, runOptions.Value, prices) };
        creation = tools.Hosted.Offer(creation);
        _trace = RunTrace.Begin(SubjectOf(runId, creation), request.Trace, resumed: false, RunTime.Now(time));
        _creation = creation = creation with { TraceParent = _trace.Run.Id };
        var recorder = NewRecorder(runId, creation.Owner.UserId);
        recorder.Trace = _trace;
        _parts = assembler.Assemble(recorder, creation, this);
        recorder.RecordFirst(() =>
        {
            recorder.RecordBy(request.Actor, creation.ToEvent());
            if (request.Forked is { } forked)
            {
                recorder.RecordBy(request.Actor, forked with { MessageId = request.MessageId });
            }

            if (request.HasMessage)
            {
                recorder.RecordBy(request.Actor, UserMessage.Of(request.Input, request.MessageId, request.Files));
            }
        });
        await recorder.CommitAsync().ConfigureAwait(false);
        using (AmbientActivity.Enter(_trace.Run))
        {
            LogCreated(runId, creation.SessionId);
        }
    }

    /// <summary>Takes up a run from its log.</summary>
    public async Task RestoreAsync(string runId, CancellationToken cancellationToken)
    {
        var recorder = NewRecorder(runId, ownerId: null);
        await foreach (var runEvent in history.ReadEventsAsync(runId, cancellationToken).ConfigureAwait(false))
        {
            _creation ??= RunCreation.Read(runEvent);
            recorder.Restore(runEvent);
        }

        var creation = _creation ?? throw new InvalidOperationException($"The run {runId} has no events.");
        recorder.Trace = _trace = RunTrace.Begin(
            SubjectOf(runId, creation), TraceParent.Read(creation.TraceParent), resumed: true, RunTime.Now(time));
        _parts = assembler.Assemble(recorder, creation, this);
    }

    /// <summary>Starts the loop. The run waits for <see cref="RunMessage.Begin"/> or a command.</summary>
    public void Start() => _loop = Task.Run(LiveAsync);

    /// <inheritdoc/>
    public void Post(RunMessage message)
    {
        if (!_mailbox.Writer.TryWrite(message))
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
                        $"The run was stopped after {_creation!.Agent.MaxDuration.TotalMinutes:0} minutes, its limit.",
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
        _current = _mailbox.Reader.TryRead(out var message) ? message : null;
        return _current;
    }

    public async ValueTask DisposeAsync()
    {
        Post(new RunMessage.Interrupt("The server is shutting down."));
        await _loop.ConfigureAwait(false);

        // A run that could not be recovered has no loop that reads its mailbox.
        CloseMailbox();
        _trace?.Close(RunTime.Now(time));
    }

    /// <summary>The next message. Before the run pauses it hands over what it has recorded.</summary>
    private ValueTask<RunMessage> NextAsync()
    {
        if (_mailbox.Reader.TryRead(out var message))
        {
            return new ValueTask<RunMessage>(message);
        }

        Recorder.HandOver();
        return _mailbox.Reader.ReadAsync();
    }

    private TraceSubject SubjectOf(string runId, RunCreation creation) => new(
        runId, creation, creation.Agent.Model ?? upstreamOptions.Value.Model, upstreamOptions.Value.BaseUrl, metrics, telemetry.CapturesContent);

    private RunRecorder NewRecorder(string runId, string? ownerId) =>
        new(runId, ownerId, writer, time, upstreamOptions.Value.Store, upstream.UnwrittenBytes)
        {
            OnFailed = exception => Post(new RunMessage.CommitFailed(exception)),
            RulesInForce = rules,
        };

    private async Task LiveAsync()
    {
        // Every log line of this run, and every request that it makes, is in its trace.
        Activity.Current = _trace!.Run;
        using var scope = logger.BeginScope(new Dictionary<string, object> { ["RunId"] = Summary.RunId });
        RunEnd end;
        try
        {
            await WaitForTurnAsync().ConfigureAwait(false);
            using var limit = Parts.Limit;
            using var hold = Parts.Hold;
            limit.Go();
            hold.WatchSilence();
            end = await Parts.Work.WorkAsync().ConfigureAwait(false);
        }
        catch (RunEndingException ending)
        {
            end = ending.End;
        }
        catch (StorageUnavailableException exception)
        {
            // It was waited for. What is saved is safe, so the run can be resumed.
            LogFaulted(exception, Summary.RunId);
            end = new RunEnd.Interrupted(exception.Message);
        }
        catch (Exception exception)
        {
            LogFaulted(exception, Summary.RunId);
            end = new RunEnd.Failed(RunErrors.Internal);
        }

        _isEnding = true;
        try
        {
            await Parts.End.EndAsync(end).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogFaulted(exception, Summary.RunId);
        }

        CloseMailbox();
        _trace.Close(RunTime.Now(time));
    }

    private async Task WaitForTurnAsync()
    {
        while (true)
        {
            switch (await ReceiveAsync().ConfigureAwait(false))
            {
                case RunMessage.Begin:
                    Recorder.Record(new RunStarted());
                    return;
                case RunMessage.AutoResume goOn:
                    Recorder.RecordBySystem(new RunResumed(goOn.Reason, UnknownCalls));
                    return;
                case RunMessage.Resume { Command: var resume }:
                    Parts.Tools.RepeatsUnknown = resume.RepeatUnknownTools;
                    Recorder.RecordBy(resume.Actor, new RunResumed(resume.Reason ?? "A person resumed it.", resume.RepeatUnknownTools ? null : UnknownCalls));
                    return;
            }
        }
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
            : new Intervention(RunEventTypes.RunCancelled, first.Actor, RunTime.Now(time), Summary.HeadSeq, first.Reason);
    }

    private void CloseMailbox()
    {
        _mailbox.Writer.TryComplete();
        while (TryTake() is not null)
        {
        }
    }

    /// <summary>What a state took out of the mailbox and did not answer is refused here, and nowhere else.</summary>
    private void RefuseCurrent() => Refuse(_current);

    private static void Refuse(RunMessage? message) => (message as RunMessage.Asked)?.Reply(new CommandOutcome.NotPossible());

    [LoggerMessage(LogLevel.Information, "Run {RunId} created in session {SessionId}")]
    private partial void LogCreated(string runId, string sessionId);

    [LoggerMessage(LogLevel.Error, "Unhandled exception in run {RunId}")]
    private partial void LogFaulted(Exception exception, string runId);
}
