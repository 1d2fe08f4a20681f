using System.Text.RegularExpressions;
using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.RunScreen.Player;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser;

/// <summary>
/// Takes the pictures of the README and of docs/screenshots. <c>COPILOT_SCREENSHOTS</c> names the folder they go to; without
/// it they are taken all the same and thrown away, so that the script cannot rot.
/// </summary>
[Collection(BrowserCollection.Name)]
public sealed class ScreenshotTests(BrowserFixture fixture)
{
    private const int Moment = 150;
    private const string Booking = "Contoso's cooling pump is broken. Book a technician and reserve the spare part.";

    private static readonly (int Width, int Height)[] s_screens = [(1440, 900), (390, 844)];

    [Fact]
    public async Task Screenshots_OfChatAndReplay_AreTaken()
    {
        await using var app = await AppProcess.StartAsync("Demo:TokensPerSecond=0", "DemoTools:Latency=00:00:00.2");
        var chosen = Environment.GetEnvironmentVariable("COPILOT_SCREENSHOTS");
        var folder = chosen ?? Path.Combine(app.Folder, "screenshots");
        string? session = null;
        string? run = null;
        foreach (var (width, height) in s_screens)
        {
            foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            {
                await using var context = await fixture.Browser.NewContextAsync(new()
                {
                    ViewportSize = new() { Width = width, Height = height },
                    ColorScheme = scheme,
                    ReducedMotion = ReducedMotion.Reduce,
                });
                var chat = await ChatDriver.OpenAsync(context);
                await chat.SignInAsync(app.Address, "staff");
                if (session is null)
                {
                    await chat.AskAsync("Which customers in Leeds have a boiler?");
                    await chat.SeeStatusAsync("completed");
                    await chat.Page.GotoAsync(app.Address.ToString());
                    await chat.AskAsync("How many cooling pumps are in stock?");
                    await chat.SeeStatusAsync("completed");
                    await chat.Page.GotoAsync(app.Address.ToString());
                    await chat.AskAsync(Booking);
                    await chat.SeeStatusAsync("completed");
                    session = chat.Page.Url;
                    run = await chat.Page.Locator("article.turn").Last.GetAttributeAsync("data-run");
                }

                await chat.Page.GotoAsync(session);
                await chat.SeeStatusAsync("completed");
                await ShootAsync(chat, folder, $"chat-{width}-{scheme.ToString().ToLowerInvariant()}.png");
                await chat.UnfoldAsync();
                await ShootAsync(chat, folder, $"timeline-{width}-{scheme.ToString().ToLowerInvariant()}.png");
            }
        }

        await ShootReplayAsync(new Uri(app.Address, $"/runs/{run}?seq={Moment}..{Moment + 80}"), folder);
        Assert.Equal(12, Directory.GetFiles(folder, "*.png").Length);
    }

    // As a supervisor sees it, at a moment in its middle.
    private async Task ShootReplayAsync(Uri address, string folder)
    {
        await using var context = await fixture.Browser.NewContextAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        var supervisor = await ChatDriver.OpenAsync(context);
        var page = supervisor.Page;
        await supervisor.SignInAsync(address, "supervisor");
        foreach (var (width, height) in s_screens)
        {
            await page.SetViewportSizeAsync(width, height);
            await page.GotoAsync(address.ToString());
            await Expect(page.Locator(".live-place")).ToHaveTextAsync(new Regex($"^{Moment} / "), new() { Timeout = ChatDriver.Timeout });
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = PlayerText.Play, Exact = true })).ToBeEnabledAsync();
            if (width > 1000)
            {
                await Expect(page.Locator("tr.raw-here")).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
                // A canvas that nobody has drawn on is 300 pixels wide.
                await page.WaitForFunctionAsync("() => document.querySelector('[data-lanes-strip] canvas').width !== 300");
            }

            foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            {
                await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                await ShootAsync(supervisor, folder, $"replay-{width}-{scheme.ToString().ToLowerInvariant()}.png");
            }

            // Near its end the figures are the longest.
            await page.Keyboard.PressAsync("9");
            await Expect(page.Locator(".live-place")).Not.ToHaveTextAsync(new Regex($"^{Moment} / "));
            await page.CheckWidthAsync($"the end of a replay at {width}");
        }
    }

    private static async Task ShootAsync(ChatDriver chat, string folder, string file)
    {
        await chat.Page.EvaluateAsync("document.fonts.ready");
        await chat.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, file), Animations = ScreenshotAnimations.Disabled });
    }
}
