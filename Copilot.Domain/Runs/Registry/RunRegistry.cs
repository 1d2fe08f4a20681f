using Copilot.Domain.Concurrency;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Actor;
using Copilot.Domain.Runs.Actor.Sending;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Telemetry;
using Copilot.Domain.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Runs.Registry;

/// <summary>
/// Owns the runs of this process: per run a service scope with its actor, session and connection. A page that closes or a
/// circuit that is lost only stops looking; a run ends by itself or by a command.
/// </summary>
public sealed partial class RunRegistry : IRuns, IRunPreparations, IAsyncDisposable
{
    private const string ShutDown = "The server was shut down.";

    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(5);

    private readonly OwnedRuns _owned;
    private readonly RunAdmission _admission;
    private readonly IStorageHealth _storage;
    private readonly RunCommands _commands;
    private readonly LostRuns _lost;
    private readonly RunRecovery _recovery;
    private readonly KeyedLock _sessionLock = new();
    private readonly IServiceScopeFactory _scopes;
    private readonly IRunEventStore _store;
    private readonly TimeProvider _time;
    private readonly RunOptions _options;
    private readonly UpstreamOptions _upstreamOptions;
    private readonly PreparedRuns _prepared;
    private readonly ILogger<RunRegistry> _logger;

    internal RunRegistry(
        IServiceScopeFactory scopes,
        IRunEventStore store,
        SessionHistory history,
        RunEventWriter writer,
        IStorageHealth storage,
        RunLogs logs,
        RunDirectory directory,
        ToolRegistry tools,
        TimeProvider time,
        IOptions<RunOptions> options,
        IOptions<UpstreamOptions> upstreamOptions,
        CopilotMetrics metrics,
        ILogger<RunRegistry> logger)
    {
        _scopes = scopes;
        _store = store;
        _time = time;
        _options = options.Value;
        _upstreamOptions = upstreamOptions.Value;
        _prepared = new PreparedRuns(time);
        _logger = logger;
        _storage = storage;
        _owned = new OwnedRuns(scopes, logs, logger);
        _admission = new RunAdmission(_options);
        metrics.ObserveRuns(() => _admission.Count(isActive: true), () => _admission.Count(isActive: false));
        _lost = new LostRuns(_owned, store, history, writer, _upstreamOptions.Store, time, logger);
        _recovery = new RunRecovery(_owned, _lost, _admission, _sessionLock, store, directory, tools, time, logger);
        _commands = new RunCommands(_owned, _admission, _lost, _sessionLock, store, history, storage, _options);
    }

    /// <summary>How many runs this process owns, queued ones included; leak tests read it.</summary>
    public int Count => _owned.Count;

    /// <summary>How many preparations wait for their message; leak tests read it.</summary>
    public int Prepared => _prepared.Count;

    /// <summary>True while the runs that the last process left behind are being looked through.</summary>
    public bool IsRecovering => _recovery.IsUnderWay;

    /// <summary>Completes when every run owned now has been let go.</summary>
    public Task WhenIdleAsync() => _owned.WhenIdleAsync();

    /// <inheritdoc/>
    public async Task<StartOutcome> StartAsync(RunRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Validate(request);
        ThrowIfStorageIsAway();
        var turn = await _sessionLock.EnterAsync(request.SessionId, cancellationToken).ConfigureAwait(false);
        Task<StartOutcome>? creation = null;
        try
        {
            var session = await ReadSessionAsync(request.SessionId, cancellationToken).ConfigureAwait(false);
            if (session.Any(run => run.UserId != request.Owner.UserId))
            {
                // Its messages would become part of what the model is sent, and the run would be shown to the session's owner.
                return new StartOutcome.SessionTaken();
            }

            if (request.MessageId is { } messageId && session.FirstOrDefault(run => run.MessageId == messageId) is { } same)
            {
                return new StartOutcome.Started(
                    await _store.FindAsync(same.RunId, cancellationToken).ConfigureAwait(false)
                        ?? throw new InvalidOperationException($"Run {same.RunId} is not in the store."),
                    Existing: true);
            }

            // A run that waits to be resumed is ahead, too, although its log says that it was interrupted.
            var last = _owned.LastOf(request.SessionId)?.RunId;
            var ahead = session.LastOrDefault(run => run.RunId == last) ?? session.LastOrDefault(run => !run.Status.IsSettled());
            request = await WithForkAsync(request, cancellationToken).ConfigureAwait(false);
            var (parentRunId, parentSeq) = Lineage.ParentOf(request.Parent, session, ahead);
            var run = new RunCreation
            {
                SessionId = request.SessionId,
                Owner = request.Owner,
                ApiKeyId = request.ApiKeyId,
                Agent = request.Agent,
                ParentRunId = parentRunId,
                ParentSeq = parentSeq,
                Metadata = request.Metadata,
                TextFormat = await TextFormatAsync(request, cancellationToken).ConfigureAwait(false),
            };
            if (TakePlace(request, queued: ahead is not null, out var place) is { } refusal)
            {
                return refusal;
            }

            // From here on it does not matter whether the caller still waits: what is being committed happens, and who asks again with
            // the same message id waits for it here.
            creation = CreateAsync(run, request, ahead is not null, place!, turn);
            return await creation.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (creation is null)
            {
                turn.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public Task<CommandOutcome> AskAsync(string runId, RunCommand command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        return _commands.AskAsync(runId, command, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task PrepareAsync(RunPreparationRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!_upstreamOptions.IsWarmUpEnabled
            || _prepared.TryExtend(request.SessionId, request.Owner.UserId, _upstreamOptions.WarmSocketLifetime))
        {
            return;
        }

        using var turn = await _sessionLock.EnterAsync(request.SessionId, cancellationToken).ConfigureAwait(false);
        var session = await _store.ReadSessionHeadsAsync(request.SessionId, cancellationToken).ConfigureAwait(false);
        if (session.Any(run => run.UserId != request.Owner.UserId || !run.Status.IsSettled() || _owned.Find(run.RunId) is not null)
            || _owned.IsStopping || !_admission.HasRoom || !_prepared.HasRoom(request.Owner.UserId))
        {
            return;
        }

        var scope = _scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<RunPreparer>().Prepare(request, session.Count > 0 ? session[^1] : null);
        if (!_prepared.TryAdd(new PreparedRun(request.SessionId, request.Owner.UserId, scope), _upstreamOptions.WarmSocketLifetime))
        {
            await scope.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc cref="RunRecovery.RecoverAsync"/>
    public Task<IReadOnlyList<string>> RecoverAsync(CancellationToken cancellationToken) => _recovery.RecoverAsync(cancellationToken);

    /// <inheritdoc cref="RunRecovery.ResumeAsync"/>
    public Task ResumeAsync(IReadOnlyList<string> runIds, CancellationToken cancellationToken) => _recovery.ResumeAsync(runIds, cancellationToken);

    /// <inheritdoc cref="RunRecovery.InterruptLostAsync"/>
    public Task InterruptLostAsync(CancellationToken cancellationToken) => _recovery.InterruptLostAsync(cancellationToken);

    /// <summary>
    /// Recovers what the last process left behind while this one serves already, and watches over the runs from then on. Ends with its
    /// token and never throws.
    /// </summary>
    public Task RunRecoveryAsync(CancellationToken cancellationToken) => _recovery.RunAsync(_options.ResumeAtStart, cancellationToken);

    /// <summary>
    /// Lets every run finish the step that it is in, for <see cref="RunOptions.DrainTimeout"/>, interrupts those that are left, and waits
    /// until they have settled, but no longer than <see cref="RunOptions.ShutdownTimeout"/>.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        var all = _owned.Stop();
        if (_options.DrainTimeout > TimeSpan.Zero)
        {
            foreach (var owned in all)
            {
                owned.Actor.Post(new RunMessage.Drain(ShutDown));
            }

            await Task.WhenAll(all.Select(owned => owned.Released)).WaitAsync(_options.DrainTimeout, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        foreach (var owned in all)
        {
            owned.Actor.Post(new RunMessage.Interrupt(ShutDown));
        }

        await _prepared.DisposeAsync().ConfigureAwait(false);

        try
        {
            await Task.WhenAll(all.Select(owned => owned.Released)).WaitAsync(_options.ShutdownTimeout, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            LogShutdownTimeout(Count);
        }
    }

    /// <summary>The scope of a new run: the one that was prepared for it, where there is one.</summary>
    private async Task<AsyncServiceScope> ScopeForAsync(RunRequest request)
    {
        if (_prepared.Take(request.SessionId) is not { } prepared)
        {
            return _scopes.CreateAsyncScope();
        }

        if (prepared.UserId == request.Owner.UserId)
        {
            return prepared.Scope;
        }

        // Somebody else guessed the id of this session before it began.
        await prepared.Scope.DisposeAsync().ConfigureAwait(false);
        return _scopes.CreateAsyncScope();
    }

    /// <summary>A run that has to wait its turn holds no socket.</summary>
    private async Task DropPreparedAsync(string sessionId)
    {
        if (_prepared.Take(sessionId) is { } prepared)
        {
            await prepared.Scope.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>A fork says what it was forked from, and so does what repeats one. A repeated fork that said nothing new says nothing again.</summary>
    private async Task<RunRequest> WithForkAsync(RunRequest request, CancellationToken cancellationToken)
    {
        if (request.Parent is RunParent.Fork fork)
        {
            return request with { Forked = fork.Of.Event };
        }

        if (request.Parent is not RunParent.SameAs same
            || await _store.FindAsync(same.RunId, cancellationToken).ConfigureAwait(false) is not { ForkedFrom: { } from } repeated
            || await _store.ReadAsync(same.RunId, 1, 1, cancellationToken).ConfigureAwait(false) is not [{ IsErased: false, Payload: RunForked forked }])
        {
            return request;
        }

        return request with { Forked = forked, Input = !from.HasMessage && request.Input == repeated.Input ? "" : request.Input };
    }

    /// <summary>A retry or an edit asks for the format of the run it repeats, unless it names one.</summary>
    private async Task<ReadOnlyMemory<byte>> TextFormatAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var repeated = (request.Parent as RunParent.SameAs)?.RunId ?? (request.Parent as RunParent.Step)?.RunId;
        if (!request.TextFormat.IsEmpty || repeated is null)
        {
            return request.TextFormat;
        }

        return await _store.ReadAsync(repeated, 0, 1, cancellationToken).ConfigureAwait(false)
            is [{ Type: RunEventTypes.RunCreated, IsErased: false } created]
                ? RunCreation.Read(created).TextFormat
                : default;
    }

    /// <summary>Commits a new run and sets it going. It has the session's turn until then.</summary>
    private async Task<StartOutcome> CreateAsync(RunCreation run, RunRequest request, bool queued, RunPlace place, IDisposable turn)
    {
        using (turn)
        {
            OwnedRun? owned = null;
            try
            {
                if (queued)
                {
                    await DropPreparedAsync(request.SessionId).ConfigureAwait(false);
                }

                var runId = RunIds.NewRun(_time);
                owned = _owned.Add(runId, request.SessionId, new RunMessage.Begin(), place, await ScopeForAsync(request).ConfigureAwait(false));
                await owned.Actor.CreateAsync(runId, run, request).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                place.Dispose();
                if (owned is not null)
                {
                    await _owned.ReleaseAsync(owned).ConfigureAwait(false);
                }

                if (exception is SessionTakenException)
                {
                    return new StartOutcome.SessionTaken();
                }

                throw;
            }

            _owned.Launch(owned);
            _owned.BeginNext(request.SessionId);
            return new StartOutcome.Started(owned.Actor.Summary, Existing: false);
        }
    }

    /// <summary>The session's runs, none of which its log calls unfinished although nobody owns it.</summary>
    private async Task<IReadOnlyList<RunHead>> ReadSessionAsync(string sessionId, CancellationToken cancellationToken)
    {
        var session = await _store.ReadSessionHeadsAsync(sessionId, cancellationToken).ConfigureAwait(false);
        return await _lost.InterruptAsync(session, cancellationToken).ConfigureAwait(false)
            ? await _store.ReadSessionHeadsAsync(sessionId, cancellationToken).ConfigureAwait(false)
            : session;
    }

    private StartOutcome.TooMany? TakePlace(RunRequest request, bool queued, out RunPlace? place)
    {
        place = null;
        return _owned.IsStopping ? new StartOutcome.TooMany("The server is shutting down.", s_retryAfter) { Code = "shutting_down" }
            : queued ? _admission.TryEnterQueue(RunClaim.Of(request), out place)
            : _admission.TryEnter(RunClaim.Of(request), out place);
    }

    private void ThrowIfStorageIsAway()
    {
        if (_storage.Problem is { } problem)
        {
            throw new StorageUnavailableException(problem);
        }
    }

    private void Validate(RunRequest request)
    {
        if (!request.HasMessage && request.Parent is not RunParent.Fork)
        {
            throw new ArgumentException("The message is empty. Write what the agent should do, or attach a file.", nameof(request));
        }

        if (request.Input.Length > _options.MaxInputLength)
        {
            throw new ArgumentException(
                $"The message has {request.Input.Length} characters; {_options.MaxInputLength} is the limit. Shorten it.", nameof(request));
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Count} runs did not settle in time; they will be interrupted at the next start")]
    private partial void LogShutdownTimeout(int count);
}
