using Copilot.Domain.Runs.Registry;

namespace Copilot.Web.Hosting;

/// <summary>
/// Recovers unfinished runs once the server listens, whatever the last process left behind, watches over the runs, and stops them on
/// shutdown.
/// </summary>
internal sealed class RunsHost(RunRegistry runs) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _recovery = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Only now: the demo upstream is this server. Nobody waits for it, so a start depends neither on the past nor on the disk.
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _recovery = runs.RunRecoveryAsync(_stopping.Token);
        return Task.CompletedTask;
    }

    // Before the server stops listening: the demo upstream is this server, and runs must settle before it is gone. The registry accepts
    // no new runs from here on.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _recovery.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await runs.DisposeAsync();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();
}
