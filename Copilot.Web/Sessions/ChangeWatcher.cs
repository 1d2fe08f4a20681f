using Copilot.Domain.Concurrency;
namespace Copilot.Web.Sessions;

/// <summary>Keeps a view true: it looks whenever something has changed, and a look that breaks is tried again instead of being the last.</summary>
internal static partial class ChangeWatcher
{
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longestRetry = TimeSpan.FromSeconds(8);

    /// <summary>Looks at once and after every change. It ends when a look says that it was the last, or by cancellation, which it throws.</summary>
    /// <param name="changed">A task that completes at the next change. It is taken before each look, so a change meanwhile is not missed.</param>
    /// <param name="look">Reads and draws; false ends it.</param>
    /// <param name="time">The clock of the waits after a broken look: half a second, doubled up to eight.</param>
    /// <param name="logger">Where a broken look is noted.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task FollowAsync(
        Func<Task> changed, Func<CancellationToken, Task<bool>> look, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var backoff = Backoff.Exact(s_firstRetry, s_longestRetry);
        while (true)
        {
            var signal = changed();
            try
            {
                if (!await look(cancellationToken))
                {
                    return;
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                LogBroken(logger, exception);
                await Task.Delay(backoff.Next(), time, cancellationToken);
                continue;
            }

            backoff.Reset();
            await signal.WaitAsync(cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Refreshing a view failed; retrying")]
    private static partial void LogBroken(ILogger logger, Exception exception);
}
