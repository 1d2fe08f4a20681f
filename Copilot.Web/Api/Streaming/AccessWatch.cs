namespace Copilot.Web.Api.Streaming;

/// <summary>A look, repeated for as long as a request lasts. See <see cref="AccessWatches"/>.</summary>
internal sealed class AccessWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _watching;

    /// <param name="whenEnded">Completes when access has ended; cancelled when the watch is disposed.</param>
    public AccessWatch(Func<CancellationToken, Task> whenEnded) => _watching = WatchAsync(whenEnded);

    /// <summary>Cancelled when access has ended.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Stops looking.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _ended.Dispose();
    }

    private async Task WatchAsync(Func<CancellationToken, Task> whenEnded)
    {
        try
        {
            await whenEnded(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
        catch
        {
            // Who cannot be checked is not let on.
            await _ended.CancelAsync();
            throw;
        }

        await _ended.CancelAsync();
    }
}
