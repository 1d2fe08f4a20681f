using Copilot.Domain.Concurrency;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Actor;
using Copilot.Domain.Runs.Actor.Sending;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
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
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(5);

    private readonly OwnedRuns _owned;
    private readonly RunCommands _commands;
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
        RunLogs logs,
        TimeProvider time,
        IOptions<RunOptions> options,
        IOptions<UpstreamOptions> upstreamOptions,
        ILogger<RunRegistry> logger)
    {
        _scopes = scopes;
        _store = store;
        _time = time;
        _options = options.Value;
        _upstreamOptions = upstreamOptions.Value;
        _prepared = new PreparedRuns(time);
        _logger = logger;
        _owned = new OwnedRuns(scopes, logs);
        _commands = new RunCommands(_owned, _sessionLock, store, _options);
        _recovery = new RunRecovery(_owned, _sessionLock, store, scopes, logger);
    }

    /// <summary>How many runs this process owns, queued ones included; leak tests read it.</summary>
    public int Count => _owned.Count;

    /// <summary>How many preparations wait for their message; leak tests read it.</summary>
    public int Prepared => _prepared.Count;

    /// <summary>Completes when every run owned now has been let go.</summary>
    public Task WhenIdleAsync() => _owned.WhenIdleAsync();

    /// <inheritdoc/>
    public async Task<StartOutcome> StartAsync(RunRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Validate(request);
        using var turn = await _sessionLock.EnterAsync(request.SessionId, cancellationToken).ConfigureAwait(false);
        var session = await _store.ReadSessionAsync(request.SessionId, cancellationToken).ConfigureAwait(false);
        if (request.MessageId is { } messageId && session.FirstOrDefault(run => run.MessageId == messageId) is { } same)
        {
            return new StartOutcome.Started(same, Existing: true);
        }

        // A run that waits to be resumed is ahead, too, although its log says that it rests.
        var ahead = session.LastOrDefault(run => !run.Status.IsSettled() || _owned.Find(run.RunId) is not null);
        if (Refusal(request, queued: ahead is not null) is { } refusal)
        {
            return refusal;
        }

        var (parentRunId, parentSeq) = ParentOf(request.Parent, session, ahead);
        var creation = new RunCreation
        {
            SessionId = request.SessionId,
            Owner = request.Owner,
            Agent = request.Agent,
            ParentRunId = parentRunId,
            ParentSeq = parentSeq,
            Metadata = request.Metadata,
            TextFormat = await TextFormatAsync(request, cancellationToken).ConfigureAwait(false),
        };

        if (ahead is not null)
        {
            await DropPreparedAsync(request.SessionId).ConfigureAwait(false);
        }

        var runId = RunIds.NewRun(_time);
        var owned = _owned.Add(runId, request.SessionId, request.Owner.UserId, new RunMessage.Begin(), ScopeFor(request.SessionId));
        try
        {
            // From here on it does not matter whether the caller still waits: what is being committed happens.
            await owned.Actor.CreateAsync(runId, creation, request).ConfigureAwait(false);
        }
        catch
        {
            await _owned.ReleaseAsync(owned).ConfigureAwait(false);
            throw;
        }

        _owned.Launch(owned);
        _owned.BeginNext(request.SessionId);
        return new StartOutcome.Started(owned.Actor.Summary, Existing: false);
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
        if (!_upstreamOptions.IsWarmUpEnabled || _prepared.TryExtend(request.SessionId, _upstreamOptions.WarmSocketLifetime))
        {
            return;
        }

        using var turn = await _sessionLock.EnterAsync(request.SessionId, cancellationToken).ConfigureAwait(false);
        var session = await _store.ReadSessionAsync(request.SessionId, cancellationToken).ConfigureAwait(false);
        if (session.Any(run => !run.Status.IsSettled() || _owned.Find(run.RunId) is not null) || IsFull || !_prepared.HasRoom(request.Owner.UserId))
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

    /// <summary>
    /// Marks the runs that a crash left without an owner as interrupted. Call once, before anybody can start runs.
    /// </summary>
    /// <returns>
    /// The ids of the interrupted runs, by a crash or a shutdown, that may go on by themselves: no call of theirs could have an
    /// effect twice, and their conversation has not gone on without them. Oldest first.
    /// </returns>
    public Task<IReadOnlyList<string>> RecoverAsync(CancellationToken cancellationToken) => _recovery.RecoverAsync(cancellationToken);

    /// <summary>Lets interrupted runs go on, each session's in the order given: one works, the others wait their turn.</summary>
    public Task ResumeAsync(IReadOnlyList<string> runIds, CancellationToken cancellationToken) => _recovery.ResumeAsync(runIds, cancellationToken);

    /// <summary>Interrupts every run and waits until they rest, but no longer than <see cref="RunOptions.ShutdownTimeout"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        var all = _owned.Stop();
        foreach (var owned in all)
        {
            owned.Actor.Post(new RunMessage.Interrupt("The server was shut down."));
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
    private AsyncServiceScope ScopeFor(string sessionId) => _prepared.Take(sessionId)?.Scope ?? _scopes.CreateAsyncScope();

    /// <summary>A run that has to wait its turn holds no socket.</summary>
    private async Task DropPreparedAsync(string sessionId)
    {
        if (_prepared.Take(sessionId) is { } prepared)
        {
            await prepared.Scope.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>A retry or an edit asks for the format of the run it repeats, unless it names one.</summary>
    private async Task<ReadOnlyMemory<byte>> TextFormatAsync(RunRequest request, CancellationToken cancellationToken)
    {
        if (!request.TextFormat.IsEmpty || request.Parent is not RunParent.SameAs same)
        {
            return request.TextFormat;
        }

        return await _store.ReadAsync(same.RunId, 0, 1, cancellationToken).ConfigureAwait(false)
            is [{ Type: RunEventTypes.RunCreated, IsErased: false } created]
                ? RunCreation.Read(created).TextFormat
                : default;
    }

    private bool IsFull => _owned.IsStopping || _owned.Active >= _options.MaxActive;

    private void Validate(RunRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.Input) && request.Files.Count == 0)
        {
            throw new ArgumentException("The message is empty. Write what the agent should do, or attach a file.", nameof(request));
        }

        if (request.Input.Length > _options.MaxInputLength)
        {
            throw new ArgumentException(
                $"The message has {request.Input.Length} characters; {_options.MaxInputLength} is the limit. Shorten it.", nameof(request));
        }
    }

    private StartOutcome.TooMany? Refusal(RunRequest request, bool queued)
    {
        if (_owned.IsStopping)
        {
            return new StartOutcome.TooMany("The server is shutting down.", s_retryAfter);
        }

        if (!queued && _owned.Active >= _options.MaxActive)
        {
            return new StartOutcome.TooMany($"{_options.MaxActive} runs are active, the limit. Try again in a moment.", s_retryAfter);
        }

        return queued && _owned.WaitingOf(request.Owner.UserId) >= _options.MaxQueuedPerUser
            ? new StartOutcome.TooMany(
                $"{_options.MaxQueuedPerUser} messages are waiting already. Wait for an answer, or remove one.", s_retryAfter)
            : null;
    }

    private static (string? RunId, long? Seq) ParentOf(RunParent parent, IReadOnlyList<RunSummary> session, RunSummary? ahead)
    {
        if (parent is RunParent.SameAs same)
        {
            var sibling = session.FirstOrDefault(run => run.RunId == same.RunId)
                ?? throw new ArgumentException("The message to repeat is not in this session.", nameof(parent));
            return (sibling.ParentRunId, sibling.ParentSeq);
        }

        var previous = ahead ?? parent switch
        {
            RunParent.After after => session.FirstOrDefault(run => run.RunId == after.RunId)
                ?? throw new ArgumentException("The message to continue from is not in this session.", nameof(parent)),
            _ => session.Count > 0 ? session[^1] : null,
        };

        // A run that still works counts as a whole once it rests; one that rests counts up to where it is now.
        return previous is null ? (null, null) : (previous.RunId, previous.Status.IsSettled() ? previous.HeadSeq : null);
    }

    [LoggerMessage(LogLevel.Warning, "{Count} runs did not settle in time; they will be interrupted at the next start")]
    private partial void LogShutdownTimeout(int count);
}
