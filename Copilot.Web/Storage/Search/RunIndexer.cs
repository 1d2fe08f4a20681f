using Copilot.Web.Storage.Upkeep;

namespace Copilot.Web.Storage.Search;

/// <summary>
/// Indexes what runs say as soon as it is saved, in the background: neither runs nor a start wait for it. A database from before there was
/// the index is worked through from the newest run to the oldest, while new runs are taken first.
/// </summary>
internal sealed partial class RunIndexer(IRunIndex index, TimeProvider time, ILogger<RunIndexer> logger) : CatchUpService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMilliseconds(200);

    private volatile int _pending;

    /// <summary>How many runs the search does not know wholly yet.</summary>
    public int Pending => _pending;

    /// <summary>Indexes all that waits now.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        _pending = await index.CountPendingAsync(cancellationToken);
        string? oldest = null;
        while (true)
        {
            var started = time.GetTimestamp();
            if (oldest is not null)
            {
                // What came meanwhile does not wait for the past.
                await index.IndexAsync(null, cancellationToken);
            }

            oldest = await index.IndexAsync(oldest, cancellationToken);
            _pending = await index.CountPendingAsync(cancellationToken);
            if (oldest is null)
            {
                return;
            }

            if (_pending > 0)
            {
                // As long as it worked: others write too.
                var worked = time.GetElapsedTime(started);
                await Task.Delay(worked < s_longestPause ? worked : s_longestPause, time, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task WorkAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var pause = s_pause;
            try
            {
                await CatchUpAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // No failure here may stop the host: the index is made from the log, whenever.
                LogRetry(exception);
                pause = s_retry;
            }

            await Task.Delay(pause, time, stoppingToken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "What runs say could not be indexed; trying again")]
    private partial void LogRetry(Exception exception);
}
