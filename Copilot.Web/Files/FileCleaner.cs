namespace Copilot.Web.Files;

/// <summary>Removes unused uploads and what a crash left behind: at start-up, then once an hour.</summary>
internal sealed partial class FileCleaner(FileStore files, TimeProvider time, ILogger<FileCleaner> logger) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_pause, time);
        do
        {
            try
            {
                await files.RemoveUnusedAsync(stoppingToken);
                await files.RemoveOrphansAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // No failure here may stop the host.
                LogRetry(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(LogLevel.Warning, "Unused files could not be removed; retrying in an hour")]
    private partial void LogRetry(Exception exception);
}
