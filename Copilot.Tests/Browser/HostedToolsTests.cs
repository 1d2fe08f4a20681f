using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.Timeline.Shared;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser;

/// <summary>What the upstream does itself, as people see it: in the conversation and in the timeline, on a desk and on a phone.</summary>
[Collection(BrowserCollection.Name)]
public sealed class HostedToolsTests(BrowserFixture fixture)
{
    private static readonly (string Ask, string See)[] s_tasks =
    [
        ("Search the web for seal kits", "3 sources"),
        ("Search the manuals for priming the cooling pump", "Cooling pump CP-40 manual.pdf"),
        ("Plot 3, 8 and 5 with Python", "The mean of 3 values"),
        ("Draw a sunrise over the hills", "Here is a picture"),
        ("Is CP40-1234 under warranty?", "under warranty until"),
        ("How many technicians per area? Use SQL", "The query found this"),
        ("Please refuse this", TimelineText.ModelDeclined),
    ];

    [Fact]
    public async Task HostedTools_InTheChat_ShowSourcesPicturesAndEveryStep()
    {
        await using var app = await AppProcess.StartAsync("Demo:TokensPerSecond=0", "DemoTools:Latency=00:00:00");
        await using var context = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 }, ReducedMotion = ReducedMotion.Reduce });
        var chat = await ChatDriver.OpenAsync(context);
        await chat.SignInAsync(app.Address, "staff");
        foreach (var (ask, see) in s_tasks)
        {
            await chat.AskAsync(ask);
            await chat.SeeAsync(see);
            await chat.SeeStatusAsync("completed");
        }

        // What the code has made is fetched through the server.
        var download = await chat.Page.RunAndWaitForDownloadAsync(() => chat.Page.GetByRole(AriaRole.Link, new() { Name = "chart.png", Exact = true }).ClickAsync());
        Assert.Equal("chart.png", download.SuggestedFilename);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await File.ReadAllBytesAsync((await download.PathAsync())!))[..4]);

        var session = chat.Page.Url;
        foreach (var (width, height, scheme) in ((int, int, ColorScheme)[])[(1440, 900, ColorScheme.Light), (1440, 900, ColorScheme.Dark), (390, 844, ColorScheme.Light), (390, 844, ColorScheme.Dark)])
        {
            await chat.Page.SetViewportSizeAsync(width, height);
            await chat.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await chat.Page.GotoAsync(session);
            await chat.SeeStatusAsync("completed");
            for (var turn = 0; turn < s_tasks.Length; turn++)
            {
                var timeline = chat.Timeline.Nth(turn);
                await timeline.GetByRole(AriaRole.Button, new() { Expanded = false }).First.ClickAsync();
                await Expect(timeline.Locator("ol.steps")).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
                if (await chat.Page.EvaluateAsync<bool>("!document.documentElement.hasAttribute('data-technical')"))
                {
                    await timeline.GetByRole(AriaRole.Button, new() { Name = TimelineText.ShowTechnical }).ClickAsync();
                }

                foreach (var head in await timeline.Locator("article > button.head").AllAsync())
                {
                    await head.ClickAsync();
                }

                await Expect(timeline.Locator("article > button.head[aria-expanded=false]")).ToHaveCountAsync(0, new() { Timeout = ChatDriver.Timeout });
            }

            // Every picture of every kind is really there, and nothing is wider than the screen.
            foreach (var picture in await chat.Page.Locator("img[src*='/image']").AllAsync())
            {
                await picture.ScrollIntoViewIfNeededAsync();
                await chat.Page.WaitForFunctionAsync("image => image.complete && image.naturalWidth > 0", await picture.ElementHandleAsync());
            }

            await chat.Page.CheckWidthAsync("hosted tools");
            Assert.True(await chat.Page.Locator("img[src*='/image']").CountAsync() >= 6);
            await ShootAsync(chat, $"hosted-{width}-{scheme.ToString().ToLowerInvariant()}");
        }

        Assert.Empty(chat.Complaints);
    }

    private static async Task ShootAsync(ChatDriver chat, string name)
    {
        if (Environment.GetEnvironmentVariable("COPILOT_SCREENSHOTS") is not { } folder)
        {
            return;
        }

        // The conversation scrolls by itself: a window that is tall enough shows all of it.
        var size = chat.Page.ViewportSize!;
        await chat.Page.SetViewportSizeAsync(size.Width, 9000);
        await chat.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), Animations = ScreenshotAnimations.Disabled });
        await chat.Page.SetViewportSizeAsync(size.Width, size.Height);
    }
}
