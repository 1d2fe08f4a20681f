namespace Copilot.Web.Supervision.Alerts;

/// <summary>Reads the open alerts before anything is raised or cleared.</summary>
internal sealed class AlertStart(AlertDesk desk) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => desk.LoadAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
