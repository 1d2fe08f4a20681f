using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Registry;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Hosting;

/// <summary>Takes up what a crash left behind, before the server listens and after, and brings runs to rest when it stops.</summary>
internal sealed class RunsHost(RunRegistry runs, IOptions<RunOptions> options) : IHostedLifecycleService
{
    private IReadOnlyList<string> _safe = [];

    public async Task StartingAsync(CancellationToken cancellationToken) =>
        _safe = await runs.RecoverAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Only now: the demo upstream is this very server.
    public Task StartedAsync(CancellationToken cancellationToken) =>
        options.Value.ResumeAtStart ? runs.ResumeAsync(_safe, cancellationToken) : Task.CompletedTask;

    // Before the server stops listening: the demo upstream is this very server, and a run must rest before its upstream goes.
    // The registry takes no new runs from here on.
    public async Task StoppingAsync(CancellationToken cancellationToken) => await runs.DisposeAsync();

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
