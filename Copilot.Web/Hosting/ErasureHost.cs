using Copilot.Domain.Erasure;

namespace Copilot.Web.Hosting;

/// <summary>Runs the erasure worker while the server listens: the demo upstream is this server.</summary>
internal sealed class ErasureHost(ErasureWorker worker) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _work = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _work = Task.Run(() => worker.RunAsync(_stopping.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    // Unfinished work continues at the next start.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();
}
