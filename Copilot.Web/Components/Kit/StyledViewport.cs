using MudBlazor;
using MudBlazor.Services;

namespace Copilot.Web.Components.Kit;

/// <summary>
/// In place of the component kit's service for the window's size. Our pages fit a window by their style sheets, and the drawer, which
/// asks for the size without needing it, would have every open page report each change of it and hold 25 KB for that.
/// </summary>
internal sealed class StyledViewport : IBrowserViewportService
{
    /// <inheritdoc/>
    public ResizeOptions ResizeOptions { get; } = new();

    /// <inheritdoc/>
    public Task SubscribeAsync(IBrowserViewportObserver observer, bool fireImmediately) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task SubscribeAsync(Guid observerId, Action<BrowserViewportEventArgs> lambda, ResizeOptions? options, bool fireImmediately) => throw Unused();

    /// <inheritdoc/>
    public Task SubscribeAsync(Guid observerId, Func<BrowserViewportEventArgs, Task> lambda, ResizeOptions? options, bool fireImmediately) => throw Unused();

    /// <inheritdoc/>
    public Task UnsubscribeAsync(IBrowserViewportObserver observer) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task UnsubscribeAsync(Guid observerId) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<bool> IsMediaQueryMatchAsync(string mediaQuery) => throw Unused();

    /// <inheritdoc/>
    public Task<bool> IsBreakpointWithinWindowSizeAsync(Breakpoint breakpoint) => throw Unused();

    /// <inheritdoc/>
    public Task<bool> IsBreakpointWithinReferenceSizeAsync(Breakpoint breakpoint, Breakpoint reference) => throw Unused();

    /// <inheritdoc/>
    public Task<Breakpoint> GetCurrentBreakpointAsync() => throw Unused();

    /// <inheritdoc/>
    public Task<BrowserWindowSize> GetCurrentBrowserWindowSizeAsync() => throw Unused();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static NotSupportedException Unused() => new("Pages fit the window by their style sheets. A component that asks for its size needs the kit's own service.");
}
