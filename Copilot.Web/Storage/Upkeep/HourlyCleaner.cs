namespace Copilot.Web.Storage.Upkeep;

/// <summary>Runs every <see cref="IHourlyCleanup"/> after a start, then once an hour.</summary>
internal sealed partial class HourlyCleaner(IEnumerable<IHourlyCleanup> cleanups, TimeProvider time, ILogger<HourlyCleaner> logger)
    : CatchUpService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task WorkAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_pause, time);
        do
        {
            foreach (var cleanup in cleanups)
            {
                try
                {
                    await cleanup.CleanAsync(stoppingToken);
                }
                catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
                {
                    // No failure here may stop the host, or the others.
                    LogRetry(exception, cleanup.GetType().Name);
                }
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(LogLevel.Warning, "{Cleanup} could not remove what is no longer used; retrying in an hour")]
    private partial void LogRetry(Exception exception, string cleanup);
}
