using Copilot.Domain.Concurrency;

namespace Copilot.Domain.Runs.Log;

/// <summary>
/// What a run reads of the database: a store that is away for a moment is waited for, as at writing, so that a run does not end because
/// of it. Not for those who wait at a page: they are told at once.
/// </summary>
internal sealed class StorageReads(TimeProvider time)
{
    /// <summary>About a minute; then the run is interrupted and can be resumed.</summary>
    private const int MaxTries = 16;
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_maxDelay = TimeSpan.FromSeconds(5);

    /// <summary>Reads, as often as it takes.</summary>
    /// <param name="read">One try.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StorageUnavailableException">The store has not come back in time, or trying does not help.</exception>
    public async Task<T> ReadAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var backoff = Backoff.Exact(s_firstDelay, s_maxDelay);
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await read(cancellationToken).ConfigureAwait(false);
            }
            catch (StorageUnavailableException exception) when (!exception.MayBeLasting && tries < MaxTries)
            {
                await Task.Delay(backoff.Next(), time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
