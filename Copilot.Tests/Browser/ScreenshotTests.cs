using Copilot.Tests.Browser.Driving;
using Microsoft.Playwright;

namespace Copilot.Tests.Browser;

/// <summary>
/// Takes the pictures of the README and of docs/screenshots. <c>COPILOT_SCREENSHOTS</c> names the folder they go to; without
/// it they are taken all the same and thrown away, so that the script cannot rot.
/// </summary>
[Collection(BrowserCollection.Name)]
public sealed class ScreenshotTests(BrowserFixture fixture)
{
    private const string Booking = "Contoso's cooling pump is broken. Book a technician and reserve the spare part.";

    [Fact]
    public async Task Screenshots_OfTheChat_AreTaken()
    {
        await using var app = await AppProcess.StartAsync("Demo:TokensPerSecond=0", "DemoTools:Latency=00:00:00.2");
        var chosen = Environment.GetEnvironmentVariable("COPILOT_SCREENSHOTS");
        var folder = chosen ?? Path.Combine(app.Folder, "screenshots");
        string? session = null;
        foreach (var (width, height) in ((int, int)[])[(1440, 900), (390, 844)])
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
                }

                await chat.Page.GotoAsync(session);
                await chat.SeeStatusAsync("completed");
                await ShootAsync(chat, folder, $"chat-{width}-{scheme.ToString().ToLowerInvariant()}.png");
                await chat.UnfoldAsync();
                await ShootAsync(chat, folder, $"timeline-{width}-{scheme.ToString().ToLowerInvariant()}.png");
            }
        }

        Assert.Equal(8, Directory.GetFiles(folder, "*.png").Length);
    }

    private static async Task ShootAsync(ChatDriver chat, string folder, string file)
    {
        await chat.Page.EvaluateAsync("document.fonts.ready");
        await chat.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, file), Animations = ScreenshotAnimations.Disabled });
    }
}
