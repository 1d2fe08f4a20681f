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

    private readonly OwnedRuns _owned;
    private readonly RunAdmission _admission;
    private readonly RunStarts _starts;
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
        _owned = new OwnedRuns(scopes, logs, logger);
        _admission = new RunAdmission(_options);
        metrics.ObserveRuns(() => _admission.Count(isActive: true), () => _admission.Count(isActive: false));
        var lost = new LostRuns(_owned, store, history, writer, _upstreamOptions.Store, time, logger);
        _starts = new RunStarts(_owned, _admission, lost, _prepared, _sessionLock, scopes, store, storage, time, _options);
        _recovery = new RunRecovery(_owned, lost, _admission, _sessionLock, store, directory, tools, time, logger);
        _commands = new RunCommands(_owned, _admission, lost, _sessionLock, store, history, storage, _options);
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
    public Task<StartOutcome> StartAsync(RunRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _starts.StartAsync(request, cancellationToken);
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

    [LoggerMessage(LogLevel.Warning, "{Count} runs did not settle in time; they will be interrupted at the next start")]
    private partial void LogShutdownTimeout(int count);
}
