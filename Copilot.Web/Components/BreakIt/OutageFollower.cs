using Copilot.Web.Sessions;
using Microsoft.AspNetCore.Components;

namespace Copilot.Web.Components.BreakIt;

/// <summary>Draws what is broken on purpose, and draws again when that changes.</summary>
public abstract class OutageFollower : ComponentBase, IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    [Inject]
    private protected OutageDrill Drill { get; set; } = null!;

    /// <summary>What is broken now.</summary>
    private protected Outage Outage { get; private set; } = Outage.None;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        if (Drill.IsOffered)
        {
            Outage = Drill.Now;
            _loop = FollowAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task FollowAsync()
    {
        try
        {
            while (true)
            {
                var next = await Drill.WhenChangedAsync(Outage, _stop.Token);
                await InvokeAsync(() =>
                {
                    Outage = next;
                    StateHasChanged();
                });
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The page is gone.
        }
    }
}
