using System.Diagnostics;
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
using Copilot.Domain.Runs.Telemetry;
using Copilot.Domain.Telemetry;
using Copilot.Domain.Tools;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Runs.Actor;

/// <summary>
/// One run: how it begins, its loop and how it ends. Its mailbox has one reader: this loop alone, and the part it waits for, owns the
/// connection, the sequence counter and the status, so it needs no locks. It lives in a scope of its own, never in a page's.
/// </summary>
internal sealed partial class RunActor(
    RunUpstream upstream,
    RunTools tools,
    RunAssembler assembler,
    RunMailbox mailbox,
    RunEventWriter writer,
    SessionHistory history,
    IRunRules rules,
    TimeProvider time,
    PriceTable prices,
    IOptions<UpstreamOptions> upstreamOptions,
    IOptions<RunOptions> runOptions,
    CopilotMetrics metrics,
    TelemetryOptions telemetry,
    ILogger<RunActor> logger) : IAsyncDisposable
{
    private RunParts? _parts;
    private RunTrace? _trace;
    private Task _loop = Task.CompletedTask;

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
        creation = creation with { TraceParent = _trace.Run.Id };
        var recorder = NewRecorder(runId, creation.Owner.UserId);
        recorder.Trace = _trace;
        Assemble(recorder, creation);
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

    /// <summary>Restores a run from its log.</summary>
    public async Task RestoreAsync(string runId, CancellationToken cancellationToken)
    {
        var recorder = NewRecorder(runId, ownerId: null);
        RunCreation? begun = null;
        await foreach (var runEvent in history.ReadEventsAsync(runId, cancellationToken).ConfigureAwait(false))
        {
            begun ??= RunCreation.Read(runEvent);
            recorder.Restore(runEvent);
        }

        var creation = begun ?? throw new InvalidOperationException($"The run {runId} has no events.");
        recorder.Trace = _trace = RunTrace.Begin(
            SubjectOf(runId, creation), TraceParent.Read(creation.TraceParent), resumed: true, RunTime.Now(time));
        Assemble(recorder, creation);
    }

    /// <summary>Starts the loop. The run waits for <see cref="RunMessage.Begin"/> or a command.</summary>
    public void Start() => _loop = Task.Run(LiveAsync);

    /// <summary>Puts a message into the run's mailbox, from any thread. Ignored once the run has ended.</summary>
    public void Post(RunMessage message) => mailbox.Post(message);

    /// <inheritdoc cref="RunMailbox.AskAsync"/>
    public Task<CommandOutcome> AskAsync(RunCommand command) => mailbox.AskAsync(command);

    public async ValueTask DisposeAsync()
    {
        Post(new RunMessage.Interrupt("The server is shutting down."));
        await _loop.ConfigureAwait(false);

        // A run that could not be recovered has no loop that reads its mailbox.
        mailbox.Close();
        _trace?.Close(RunTime.Now(time));
    }

    private void Assemble(RunRecorder recorder, RunCreation creation)
    {
        _parts = assembler.Assemble(recorder, creation, mailbox);
        mailbox.Connect(_parts);
    }

    private TraceSubject SubjectOf(string runId, RunCreation creation) => new(
        runId, creation, creation.Agent.Model ?? upstreamOptions.Value.Model, upstreamOptions.Value.BaseUrl, metrics, telemetry.CapturesContent)
    {
        IsTool = name => tools.DefinitionOf(name) is not null,
    };

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
            LogStorageAway(exception, Summary.RunId);
            end = new RunEnd.Interrupted(exception.Message);
        }
        catch (Exception exception)
        {
            LogFaulted(exception, Summary.RunId);
            end = new RunEnd.Failed(RunErrors.Internal);
        }

        mailbox.BeginEnding();
        try
        {
            await Parts.End.EndAsync(end).ConfigureAwait(false);
        }
        catch (StorageUnavailableException exception)
        {
            // The next start finds it without an end, and resumes it or says so.
            LogStorageAway(exception, Summary.RunId);
        }
        catch (Exception exception)
        {
            LogFaulted(exception, Summary.RunId);
        }

        mailbox.Close();
        _trace.Close(RunTime.Now(time));
    }

    private async Task WaitForTurnAsync()
    {
        while (true)
        {
            switch (await mailbox.ReceiveAsync().ConfigureAwait(false))
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

    [LoggerMessage(LogLevel.Information, "Run {RunId} created in session {SessionId}")]
    private partial void LogCreated(string runId, string sessionId);

    [LoggerMessage(LogLevel.Warning, "Run {RunId} stops here: storage is unavailable. What is saved is safe")]
    private partial void LogStorageAway(Exception exception, string runId);

    [LoggerMessage(LogLevel.Error, "Unhandled exception in run {RunId}")]
    private partial void LogFaulted(Exception exception, string runId);
}
