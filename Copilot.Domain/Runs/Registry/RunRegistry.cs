using Copilot.Domain.Concurrency;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Actor;
using Copilot.Domain.Runs.Events;
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

    private readonly Dictionary<string, OwnedRun> _runs = [];
    private readonly Lock _lock = new();
    private readonly KeyedLock _sessionLock = new();
    private readonly IServiceScopeFactory _scopes;
    private readonly IRunEventStore _store;
    private readonly RunEventWriter _writer;
    private readonly RunLogs _logs;
    private readonly TimeProvider _time;
    private readonly RunOptions _options;
    private readonly UpstreamOptions _upstreamOptions;
    private readonly PreparedRuns _prepared;
    private readonly ILogger<RunRegistry> _logger;
    private bool _stopping;

    internal RunRegistry(
        IServiceScopeFactory scopes,
        IRunEventStore store,
        RunEventWriter writer,
        RunLogs logs,
        TimeProvider time,
        IOptions<RunOptions> options,
        IOptions<UpstreamOptions> upstreamOptions,
        ILogger<RunRegistry> logger)
    {
        _scopes = scopes;
        _store = store;
        _writer = writer;
        _logs = logs;
        _time = time;
        _options = options.Value;
        _upstreamOptions = upstreamOptions.Value;
        _prepared = new PreparedRuns(time);
        _logger = logger;
    }

    /// <summary>How many runs this process owns, queued ones included; leak tests read it.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _runs.Count;
            }
        }
    }

    /// <summary>Completes when every run owned now has been let go.</summary>
    public Task WhenIdleAsync()
    {
        lock (_lock)
        {
            return Task.WhenAll(_runs.Values.Select(owned => owned.Released).ToArray());
        }
    }

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
        var ahead = session.LastOrDefault(run => !run.Status.IsSettled() || Find(run.RunId) is not null);
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
        var owned = Own(runId, request.SessionId, request.Owner.UserId, new RunMessage.Begin(), ScopeFor(request.SessionId));
        try
        {
            // From here on the caller's patience does not matter: what is being committed happens.
            await owned.Actor.CreateAsync(runId, creation, request).ConfigureAwait(false);
        }
        catch
        {
            await ReleaseAsync(owned).ConfigureAwait(false);
            throw;
        }

        Launch(owned);
        BeginNext(request.SessionId);
        return new StartOutcome.Started(owned.Actor.Summary, Existing: false);
    }

    /// <inheritdoc/>
    public async Task<CommandOutcome> SendAsync(string runId, RunCommand command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (command is RunCommand.Steer steer)
        {
            return await SteerAsync(runId, steer, cancellationToken).ConfigureAwait(false);
        }

        if (command is RunCommand.Decision decision)
        {
            return await DecideAsync(runId, decision, cancellationToken).ConfigureAwait(false) switch
            {
                DecisionOutcome.Accepted => CommandOutcome.Accepted,
                DecisionOutcome.NotFound => CommandOutcome.NotFound,
                _ => CommandOutcome.NotPossible,
            };
        }

        if (Find(runId) is { } live)
        {
            if (command is RunCommand.Resume || (command is RunCommand.RaiseBudget && !MayRaise(live.Actor.Summary)))
            {
                return CommandOutcome.NotPossible;
            }

            live.Actor.Post(new RunMessage.Commanded(command));
            return CommandOutcome.Accepted;
        }

        var run = await _store.FindAsync(runId, cancellationToken).ConfigureAwait(false);
        if (run is null)
        {
            return CommandOutcome.NotFound;
        }

        using var turn = await _sessionLock.EnterAsync(run.SessionId, cancellationToken).ConfigureAwait(false);
        run = await _store.FindAsync(runId, cancellationToken).ConfigureAwait(false);
        if (run is not { Status: RunStatus.Interrupted } || command is RunCommand.RetryNow or RunCommand.RaiseBudget || _stopping || Find(runId) is not null)
        {
            return CommandOutcome.NotPossible;
        }

        var session = await _store.ReadSessionAsync(run.SessionId, cancellationToken).ConfigureAwait(false);
        if (command is RunCommand.Resume && session.Any(other => !other.Status.IsSettled()))
        {
            return CommandOutcome.NotPossible;
        }

        var owned = await TakeUpAsync(run, new RunMessage.Commanded(command), cancellationToken).ConfigureAwait(false);
        Begin(owned);
        return CommandOutcome.Accepted;
    }

    /// <summary>Interrupts every run and waits until they rest, but no longer than <see cref="RunOptions.ShutdownTimeout"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        OwnedRun[] all;
        lock (_lock)
        {
            _stopping = true;
            all = [.. _runs.Values];
        }

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

    private static bool MayRaise(RunSummary run) => run.Budget is not null && !run.Status.IsSettled();

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
        lock (_lock)
        {
            if (_stopping)
            {
                return new StartOutcome.TooMany("The server is shutting down.", s_retryAfter);
            }

            if (!queued && _runs.Values.Count(run => !run.Waits) >= _options.MaxActive)
            {
                return new StartOutcome.TooMany($"{_options.MaxActive} runs are active, the limit. Try again in a moment.", s_retryAfter);
            }

            if (queued && _runs.Values.Count(run => run.Waits && run.UserId == request.Owner.UserId) >= _options.MaxQueuedPerUser)
            {
                return new StartOutcome.TooMany(
                    $"{_options.MaxQueuedPerUser} messages are waiting already. Wait for an answer, or remove one.", s_retryAfter);
            }

            return null;
        }
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
