using Copilot.Domain.Runs;

namespace Copilot.Web.Hosting;

/// <summary>Takes up what a crash left behind before the server listens, and brings runs to rest when it stops.</summary>
internal sealed class RunsHost(RunRegistry runs) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => runs.TakeUpUnfinishedAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // After the server has stopped listening, so that no page starts a run into the shutdown.
    public async Task StopAsync(CancellationToken cancellationToken) => await runs.DisposeAsync();

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
