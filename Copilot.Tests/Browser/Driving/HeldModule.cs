using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Copilot.Tests.Browser.Driving;

/// <summary>Holds back the script of a component, as a slow network does.</summary>
internal sealed class HeldModule
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the page has asked for it.</summary>
    public Task Asked => _asked.Task.WaitAsync(TimeSpan.FromMilliseconds(ChatDriver.Timeout));

    /// <summary>Before the page is opened.</summary>
    /// <param name="page">The page.</param>
    /// <param name="component">The component's name.</param>
    public static async Task<HeldModule> RouteAsync(IPage page, string component)
    {
        var held = new HeldModule();
        await page.RouteAsync(new Regex($@"/{Regex.Escape(component)}\.[^/]*razor\.js$"), async route =>
        {
            held._asked.TrySetResult();
            await held._released.Task;
            await route.ContinueAsync();
        });
        return held;
    }

    /// <summary>It arrives.</summary>
    public void Release() => _released.TrySetResult();
}
