using Copilot.Tests.Browser.Driving;
using Microsoft.Playwright;

namespace Copilot.Bench.Product;

/// <summary>A headless Chromium.</summary>
internal sealed class BenchBrowser : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private BenchBrowser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <exception cref="InvalidOperationException">There is no browser; the message says what to install.</exception>
    public static async Task<BenchBrowser> StartAsync()
    {
        var path = await ChromiumPath.FindAsync();
        var playwright = await Playwright.CreateAsync();
        return new BenchBrowser(playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,
            Args = BrowserArguments.All,
        }));
    }

    /// <summary>A context with cookies of its own.</summary>
    public Task<IBrowserContext> NewContextAsync() => _browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1440, Height = 900 } });

    /// <summary>A session of the browser's debugging protocol.</summary>
    public Task<ICDPSession> NewSessionAsync() => _browser.NewBrowserCDPSessionAsync();

    public async ValueTask DisposeAsync()
    {
        await _browser.CloseAsync();
        _playwright.Dispose();
    }
}
