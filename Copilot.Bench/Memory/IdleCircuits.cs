using Copilot.Bench.Product;
using Microsoft.Playwright;

namespace Copilot.Bench.Memory;

/// <summary>What an open page that does nothing costs the server: pages in a real browser, the product's and a bare one.</summary>
internal static class IdleCircuits
{
    // The first ones fill what all share: compiled code, caches, pools of buffers.
    private const int Shared = 8;
    private const int Pages = 8;

    /// <summary>Bytes of the server per open page of the product, at the empty chat.</summary>
    public static async Task<double> OfTheProductAsync(BenchRun run, BenchBrowser browser)
    {
        await using var product = await ProductHost.StartAsync(run.NewFolder());
        await using var context = await browser.NewContextAsync();
        return await PerPageAsync(() => product.OpenAsync(context));
    }

    /// <summary>Bytes of the server per open page that is bare.</summary>
    public static async Task<double> OfABarePageAsync(BenchBrowser browser)
    {
        var (app, address) = await BarePage.StartAsync();
        await using (app)
        {
            await using var context = await browser.NewContextAsync();
            var perPage = await PerPageAsync(async () =>
            {
                var page = await context.NewPageAsync();
                await page.GotoAsync(new Uri(address, "/bare").ToString());
                await page.GetByText(BarePage.Connected).WaitForAsync();
                return page;
            });
            await app.StopAsync();
            return perPage;
        }
    }

    private static async Task<double> PerPageAsync(Func<Task<IPage>> open)
    {
        for (var i = 0; i < Shared; i++)
        {
            await open();
        }

        var before = await LiveMemory.SettleAsync();
        for (var i = 0; i < Pages; i++)
        {
            await open();
        }

        return (await LiveMemory.SettleAsync() - before) / (double)Pages;
    }
}
