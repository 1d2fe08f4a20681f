namespace Copilot.Web.Supervision.Alerts;

/// <summary>Reads the open alerts before anything is raised or cleared.</summary>
internal sealed class AlertStart(RunAlerts alerts) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => alerts.LoadAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
