using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Copilot.Web.Components.Chat;
using Copilot.Web.Components.Chat.Composer;
using Copilot.Web.Components.Timeline;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Identity;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser.Driving;

/// <summary>Uses the chat as a person does, and notes what the browser complains about.</summary>
internal sealed class ChatDriver(IPage page)
{
    public const float Timeout = 90_000;

    private readonly ConcurrentQueue<string> _complaints = new();

    public IPage Page => page;

    /// <summary>Console errors, uncaught exceptions and CSP reports.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    public ILocator Message => page.GetByRole(AriaRole.Textbox, new() { Name = ComposerText.Message, Exact = true });

    public ILocator Send => page.GetByRole(AriaRole.Button, new() { Name = ComposerText.Send, Exact = true });

    public ILocator Stop => page.GetByRole(AriaRole.Button, new() { Name = ComposerText.Stop, Exact = true });

    public ILocator Timeline => page.GetByRole(AriaRole.Group, new() { Name = TimelineText.Label });

    public ILocator Main => page.Locator("main");

    // A turn is there before its timeline: until then the last timeline is that of the turn before.
    private ILocator Latest => page.Locator("article.turn").Last.GetByRole(AriaRole.Group, new() { Name = TimelineText.Label });

    public static async Task<ChatDriver> OpenAsync(IBrowserContext context)
    {
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(Timeout);
        var driver = new ChatDriver(page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                driver._complaints.Enqueue($"{message.Type}: {message.Text} {message.Location}".TrimEnd());
            }
        };
        page.PageError += (_, error) => driver._complaints.Enqueue("uncaught: " + error);
        return driver;
    }

    public async Task SignInAsync(Uri address, string role)
    {
        await page.GotoAsync(new Uri(address, "/").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = AccountText.ContinueAs(role) }).ClickAsync();
        await Expect(Message).ToBeVisibleAsync(new() { Timeout = Timeout });

        // The box's script is there.
        await Expect(page.Locator("[data-file-pick]")).ToBeEnabledAsync(new() { Timeout = Timeout });
    }

    public async Task AskAsync(string text)
    {
        var asked = await page.Locator("article.turn").CountAsync();
        var waits = await page.Locator("article.turn[data-status=running], article.turn[data-status=waiting], article.turn[data-status=interrupted]").CountAsync() > 0;
        await Message.FillAsync(text);
        await Send.ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/chat/ses_"), new() { Timeout = Timeout });
        if (asked > 0)
        {
            // Else the run before would be taken for this one.
            await Expect(page.Locator(waits ? "article.turn, .queue li" : "article.turn").Nth(asked)).ToBeAttachedAsync(new() { Timeout = Timeout });
        }
    }

    /// <summary>Waits for a word inside the conversation.</summary>
    public Task SeeAsync(string text) => Expect(Main).ToContainTextAsync(text, new() { Timeout = Timeout });

    /// <summary>Waits until the newest run has this status.</summary>
    public Task SeeStatusAsync(string status) =>
        Expect(Latest).ToHaveAttributeAsync("data-status", status, new() { Timeout = Timeout });

    /// <summary>Unfolds the newest run's timeline.</summary>
    public async Task UnfoldAsync()
    {
        var fold = Latest.GetByRole(AriaRole.Button, new() { Expanded = false }).First;
        await fold.ClickAsync();
        await Expect(Latest.Locator("ol")).ToBeVisibleAsync(new() { Timeout = Timeout });
    }

    /// <summary>The conversation's text as a person reads it.</summary>
    public Task<string> ReadAsync() => page.Locator("article.turn").Last.InnerTextAsync();

    /// <summary>A mark that a reload wipes out.</summary>
    public Task MarkAsync() => page.EvaluateAsync("window.copilotTestMark = true");

    public Task<bool> WasReloadedAsync() => page.EvaluateAsync<bool>("window.copilotTestMark !== true");

    public Task<int> ReconnectsAsync() => page.EvaluateAsync<int>("Number(document.documentElement.dataset.reconnects ?? 0)");

    /// <summary>Waits until the page is connected again, by whatever way.</summary>
    public Task SeeReconnectedAsync(string counter) => page.WaitForFunctionAsync(
        "name => Number(sessionStorage.getItem(name) ?? 0) >= 1", counter, new() { Timeout = Timeout });
}
