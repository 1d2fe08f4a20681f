using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Registry;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Hosting;

/// <summary>Recovers unfinished runs, before the server listens and after, and stops runs on shutdown.</summary>
internal sealed class RunsHost(RunRegistry runs, IOptions<RunOptions> options) : IHostedLifecycleService
{
    private IReadOnlyList<string> _safe = [];

    public async Task StartingAsync(CancellationToken cancellationToken) =>
        _safe = await runs.RecoverAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Only now: the demo upstream is this server.
    public Task StartedAsync(CancellationToken cancellationToken) =>
        options.Value.ResumeAtStart ? runs.ResumeAsync(_safe, cancellationToken) : Task.CompletedTask;

    // Before the server stops listening: the demo upstream is this server, and runs must settle before it is gone. The registry accepts
    // no new runs from here on.
    public async Task StoppingAsync(CancellationToken cancellationToken) => await runs.DisposeAsync();

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
