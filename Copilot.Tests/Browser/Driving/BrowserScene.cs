using Microsoft.Playwright;

namespace Copilot.Tests.Browser.Driving;

/// <summary>Each test has a browser context of its own, and what it starts ends with it.</summary>
/// <param name="fixture">The browser.</param>
/// <param name="width">Width of the window, in pixels.</param>
/// <param name="height">Its height.</param>
public abstract class BrowserScene(BrowserFixture fixture, int width = 1280, int height = 720) : IAsyncLifetime
{
    private readonly Stack<IAsyncDisposable> _owned = [];

    /// <summary>The browser, for further contexts.</summary>
    protected IBrowser Browser => fixture.Browser;

    /// <summary>The test's own context.</summary>
    protected IBrowserContext Context { get; private set; } = null!;

    /// <inheritdoc/>
    public virtual async ValueTask InitializeAsync() => Context = await OpenAsync(width, height);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Context.CloseAsync();
        while (_owned.TryPop(out var owned))
        {
            await owned.DisposeAsync();
        }
    }

    /// <summary>Another context, with a window of this size.</summary>
    protected async Task<IBrowserContext> OpenAsync(int windowWidth, int windowHeight) =>
        await Browser.NewContextAsync(new() { ViewportSize = new() { Width = windowWidth, Height = windowHeight } });

    /// <summary>Ends with the test, the last that was started first.</summary>
    protected T Own<T>(T part)
        where T : IAsyncDisposable
    {
        _owned.Push(part);
        return part;
    }
}
