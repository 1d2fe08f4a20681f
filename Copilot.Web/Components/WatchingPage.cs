using Copilot.Domain.Concurrency;
using Copilot.Web.Sessions;
using Microsoft.AspNetCore.Components;

namespace Copilot.Web.Components;

/// <summary>A page that reads at once and again after every change, until it is left or a look says that it was the last.</summary>
/// <param name="time">The clock of the waits after a look that failed.</param>
/// <param name="logger">Where such a look is noted.</param>
public abstract class WatchingPage(TimeProvider time, ILogger logger) : ComponentBase, IAsyncDisposable
{
    private readonly StopSource _stop = new();
    private Task _loop = Task.CompletedTask;

    /// <summary>The page's clock.</summary>
    protected TimeProvider Time => time;

    /// <summary>The page's log.</summary>
    protected ILogger Logger => logger;

    /// <summary>True once the page was left.</summary>
    protected bool IsLeft => _stop.IsCancellationRequested;

    /// <summary>Cancelled when the page is left.</summary>
    protected CancellationToken Left => _stop.Token;

    /// <summary>True when the newest look failed: what is shown is old. The next look is on its way.</summary>
    protected bool HasFailed { get; private set; }

    /// <summary>Completes at the next change. It is taken before each look, so that a change meanwhile is not missed.</summary>
    protected abstract Task NextChangeAsync();

    /// <summary>Reads what the page shows; false when it may not be shown, and there is nothing to look at again.</summary>
    protected abstract Task<bool> ReadAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected override void OnInitialized() =>
        _loop = ChangeWatcher.FollowAsync(NextChangeAsync, FollowAsync, time, logger, _stop.Token);

    /// <summary>Reads now and draws.</summary>
    protected async Task<bool> RefreshAsync()
    {
        var looksAgain = await ReadAsync(Left);
        HasFailed = false;
        StateHasChanged();
        return looksAgain;
    }

    /// <summary>Stops looking.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _stop.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task<bool> FollowAsync(CancellationToken cancellationToken)
    {
        try
        {
            var looksAgain = false;
            await InvokeAsync(async () => looksAgain = await RefreshAsync());
            return looksAgain;
        }
        catch when (!cancellationToken.IsCancellationRequested)
        {
            await InvokeAsync(() =>
            {
                HasFailed = true;
                StateHasChanged();
            });
            throw;
        }
    }
}
