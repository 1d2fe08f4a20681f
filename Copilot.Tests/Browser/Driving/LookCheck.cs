using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Copilot.Tests.Browser.Driving;

/// <summary>What every state of every page must be: by the rules of axe-core, and no wider than the screen.</summary>
/// <remarks>COPILOT_STATES names a folder that a picture of each state goes to.</remarks>
internal static class LookCheck
{
    private const int MostElements = 3;
    private const int LongestHtml = 300;
    private const string Fits = "() => document.documentElement.scrollWidth <= window.innerWidth";

    // What is as it should be need not be told element by element: that takes longer than the check.
    private static readonly AxeRunOptions s_violations = new() { ResultTypes = [ResultType.Violations] };

    private static readonly string? s_pictures = Environment.GetEnvironmentVariable("COPILOT_STATES");

    /// <summary>A desk and a phone, in both themes: width, height, theme.</summary>
    public static TheoryData<int, int, ColorScheme> Screens => new()
    {
        { 1440, 900, ColorScheme.Light },
        { 1440, 900, ColorScheme.Dark },
        { 390, 844, ColorScheme.Light },
        { 390, 844, ColorScheme.Dark },
    };

    /// <summary>Whether pictures are taken.</summary>
    public static bool TakesPictures => s_pictures is not null;

    /// <summary>A context that looks like this, and in which nothing moves by itself.</summary>
    public static Task<IBrowserContext> NewContextAsync(this IBrowser browser, int width, int height, ColorScheme scheme) => browser.NewContextAsync(new()
    {
        ViewportSize = new() { Width = width, Height = height },
        ColorScheme = scheme,
        ReducedMotion = ReducedMotion.Reduce,
    });

    /// <summary>Checks what is shown now.</summary>
    /// <param name="page">The page.</param>
    /// <param name="state">What a failure and the picture call it.</param>
    public static async Task CheckLookAsync(this IPage page, string state)
    {
        await page.TakePictureAsync(state);
        Assert.Empty(await page.ViolationsAsync(state));
        await page.CheckWidthAsync(state);
    }

    /// <summary>The same in the dark and in the light theme, which stays.</summary>
    public static async Task CheckLookInBothThemesAsync(this IPage page, string state)
    {
        foreach (var scheme in (ColorScheme[])[ColorScheme.Dark, ColorScheme.Light])
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.TakePictureAsync(state);
            Assert.Empty(await page.ViolationsAsync($"{state} {scheme}"));
        }

        await page.CheckWidthAsync(state);
    }

    /// <summary>Waits until the page is no wider than the screen.</summary>
    public static async Task CheckWidthAsync(this IPage page, string state)
    {
        try
        {
            await page.WaitForFunctionAsync(Fits);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{state}: the page is {await page.EvaluateAsync<int>("document.documentElement.scrollWidth")} pixels wide on a screen of {await page.EvaluateAsync<int>("window.innerWidth")}.");
        }
    }

    /// <summary>The rules of axe-core that are broken now, with the first elements that break them.</summary>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(this IPage page, string state, string? except = null) =>
        [.. (await page.RunAxe(s_violations)).Violations.Where(rule => rule.Id != except).Select(rule =>
            $"{state}: {rule.Id}: {string.Join("; ", rule.Nodes.Take(MostElements).Select(node => node.Html[..Math.Min(LongestHtml, node.Html.Length)]))}")];

    /// <summary>Takes a picture, named by its state, its width and its theme, where pictures are taken.</summary>
    public static async Task TakePictureAsync(this IPage page, string state)
    {
        if (s_pictures is null)
        {
            return;
        }

        var theme = await page.EvaluateAsync<string>("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'");
        var file = $"{state.Replace(' ', '-')}-{page.ViewportSize!.Width}-{theme}.png";
        await page.ScreenshotAsync(new() { Path = Path.Combine(s_pictures, file), Animations = ScreenshotAnimations.Disabled });
    }
}
