using Copilot.Domain.Concurrency;
using Copilot.Web.Sessions;
using Microsoft.AspNetCore.Components;

namespace Copilot.Web.Components.FaultInjection;

/// <summary>Draws what is broken on purpose, and draws again when that changes.</summary>
public abstract class FaultInjectionWatcher : ComponentBase, IAsyncDisposable
{
    private readonly StopSource _stop = new();
    private Task _loop = Task.CompletedTask;

    [Inject]
    private protected FaultInjectionService Faults { get; set; } = null!;

    /// <summary>What is broken now.</summary>
    private protected FaultInjectionState FaultInjectionState { get; private set; } = FaultInjectionState.None;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        if (Faults.IsOffered)
        {
            FaultInjectionState = Faults.Now;
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
                var next = await Faults.WhenChangedAsync(FaultInjectionState, _stop.Token);
                await InvokeAsync(() =>
                {
                    FaultInjectionState = next;
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
