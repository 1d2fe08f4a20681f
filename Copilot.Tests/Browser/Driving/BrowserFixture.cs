using Microsoft.Playwright;

namespace Copilot.Tests.Browser.Driving;

/// <summary>One browser for the tests of a collection; each test opens its own contexts.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The running browser.</summary>
    public IBrowser Browser => _browser ?? throw new InvalidOperationException("The browser was not started.");

    public async ValueTask InitializeAsync()
    {
        // By itself an expectation gives up after five seconds, which two busy cores can take.
        Assertions.SetDefaultExpectTimeout(ChatDriver.Timeout);
        var path = await ChromiumPath.FindAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,
            Args = BrowserArguments.All,
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
    }
}

/// <summary>Browser tests share one browser and run one after another, beside those of <see cref="ConversationBrowserCollection"/>.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<BrowserFixture>, ICollectionFixture<QuickApp>
{
    public const string Name = "Browser";
}
