namespace Copilot.Web.Security.Webhooks;

/// <summary>The loop of a worker that delivers what is due, and sleeps until the next is.</summary>
internal static class DueDeliveries
{
    private static readonly TimeSpan s_longestSleep = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_afterFailure = TimeSpan.FromSeconds(5);

    /// <summary>Runs until it is cancelled.</summary>
    /// <param name="changed">Completes when something new may be due. Taken before each delivery.</param>
    /// <param name="deliver">Delivers all that is due. Returns when the next is, or null when nothing is left.</param>
    /// <param name="onFailure">Called with whatever goes wrong, which must not stop the host; it is tried again after some seconds.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stoppingToken">Ends the loop.</param>
    public static async Task RunAsync(
        Func<Task> changed,
        Func<CancellationToken, Task<DateTimeOffset?>> deliver,
        Action<Exception> onFailure,
        TimeProvider time,
        CancellationToken stoppingToken)
    {
        while (true)
        {
            var next = changed();
            var sleep = s_afterFailure;
            try
            {
                var wait = await deliver(stoppingToken) is { } due ? due - time.GetUtcNow() : s_longestSleep;
                sleep = wait < TimeSpan.Zero ? TimeSpan.Zero : wait < s_longestSleep ? wait : s_longestSleep;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                onFailure(exception);
            }

            using var delay = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(next, Task.Delay(sleep, time, delay.Token));
            await delay.CancelAsync();
            stoppingToken.ThrowIfCancellationRequested();
        }
    }
}
