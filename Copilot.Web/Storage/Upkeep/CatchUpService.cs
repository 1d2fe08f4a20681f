namespace Copilot.Web.Storage.Upkeep;

/// <summary>
/// Work in the background that may be as long as the past. It begins a moment after the server listens, so that a start and the first
/// requests have the machine for themselves, however much there is to catch up with.
/// </summary>
internal abstract class CatchUpService : BackgroundService, IHostedLifecycleService
{
    // Of the machine's clock, whatever clock the work itself goes by: it is about its processors.
    private static readonly TimeSpan s_firstRequests = TimeSpan.FromMilliseconds(500);

    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _started.TrySetResult();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _started.Task.WaitAsync(stoppingToken);
        await Task.Delay(s_firstRequests, TimeProvider.System, stoppingToken);
        await WorkAsync(stoppingToken);
    }

    /// <summary>Does the work until the host stops.</summary>
    protected abstract Task WorkAsync(CancellationToken stoppingToken);
}
