namespace Copilot.Demo.Tools.Data;

/// <summary>Creates the sample database before the server answers.</summary>
internal sealed class DemoDatabaseStart(DemoDatabase database) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        return database.PrepareAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        return Task.CompletedTask;
    }
}
