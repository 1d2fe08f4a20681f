using Copilot.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Copilot.Bench.Product;

/// <summary>The whole product in this process, with the demo's people, in a folder of its own.</summary>
internal sealed class ProductHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ProductHost(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>What it is made of.</summary>
    public IServiceProvider Services => _app.Services;

    /// <param name="folder">An empty folder for its data.</param>
    /// <param name="settings">As on the command line: <c>--Upstream:BaseUrl=…</c>.</param>
    public static async Task<ProductHost> StartAsync(string folder, params string[] settings)
    {
        var app = await CopilotApplication.BuildAsync(
        [
            $"--contentRoot={folder}", "--applicationName=Copilot.Web", "--environment=Development", "--urls=http://127.0.0.1:0",
            "--Serilog:MinimumLevel:Default=Error", "--Serilog:MinimumLevel:Override:Microsoft=Error", "--Serilog:MinimumLevel:Override:Microsoft.Hosting.Lifetime=Error",
            "--Serilog:MinimumLevel:Override:System=Error", .. settings,
        ]);
        await app.StartAsync();
        return new ProductHost(app);
    }

    /// <summary>Opens a page as the demo's staff member and waits for the message box.</summary>
    public async Task<IPage> OpenAsync(IBrowserContext context)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync(Address.ToString());
        var staff = page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Continue as staff", System.Text.RegularExpressions.RegexOptions.IgnoreCase) }).First;
        var box = MessageBox(page);
        await staff.Or(box).First.WaitForAsync();
        if (await staff.IsVisibleAsync())
        {
            await staff.ClickAsync();
        }

        await ReadyAsync(page);
        return page;
    }

    /// <summary>Waits until a message can be sent: the box is there, and its script.</summary>
    public static async Task ReadyAsync(IPage page)
    {
        await MessageBox(page).WaitForAsync();
        await page.Locator("[data-file-pick]:enabled").WaitForAsync(new() { State = WaitForSelectorState.Attached });
    }

    /// <summary>Where a message is written.</summary>
    public static ILocator MessageBox(IPage page) => page.GetByRole(AriaRole.Textbox, new() { Name = "Message", Exact = true });

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
    }
}
