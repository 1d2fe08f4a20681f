using Copilot.Web.Identity;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser.Driving;

/// <summary>A conversation of one long run, and all that it has to show at its end.</summary>
internal static class BookedConversation
{
    public const string Question = "Contoso's cooling pump is broken. Book a technician and reserve the spare part.";

    private static readonly string[] s_tools =
        ["Find a customer", "Search the stock", "Find a free slot", "Reserve a part", "Book a visit", "Add a note to a customer"];

    /// <summary>What this page shows is what a page shows that was never cut off: all of it, in order, once.</summary>
    public static async Task AssertBookedAsync(this ChatDriver chat, Uri address)
    {
        await chat.SeeAsync("Is there anything to change?");
        var fresh = await ChatDriver.OpenAsync(chat.Page.Context);
        await fresh.Page.GotoAsync(new Uri(address, new Uri(chat.Page.Url).AbsolutePath).ToString());
        if (await fresh.Page.GetByRole(AriaRole.Button, new() { Name = AccountText.ContinueAs(Roles.Staff) }).IsVisibleAsync())
        {
            await fresh.Page.GetByRole(AriaRole.Button, new() { Name = AccountText.ContinueAs(Roles.Staff) }).ClickAsync();
        }

        await fresh.SeeStatusAsync("completed");
        await FoldAllAsync(chat);
        await FoldAllAsync(fresh);
        Assert.Equal(await fresh.ReadAsync(), await chat.ReadAsync());
        foreach (var page in (ChatDriver[])[chat, fresh])
        {
            await page.UnfoldAsync();
            var text = await page.Timeline.InnerTextAsync();
            foreach (var tool in s_tools)
            {
                Assert.Equal(1, await page.Timeline.GetByRole(AriaRole.Article, new() { Name = $"Tool {tool}" }).CountAsync());
            }

            Assert.True(
                text.IndexOf("Reserve a part", StringComparison.Ordinal) < text.IndexOf("Book a visit", StringComparison.Ordinal));
        }

        await fresh.Page.CloseAsync();
    }

    /// <summary>Nothing of it was worth a warning to the server.</summary>
    public static void AssertCleanLog(this AppProcess app) =>
        Assert.DoesNotContain(app.Log, line => line.Contains(" WRN ", StringComparison.Ordinal) || line.Contains(" ERR ", StringComparison.Ordinal));

    private static async Task FoldAllAsync(ChatDriver chat)
    {
        var open = chat.Timeline.Last.Locator("button.fold[aria-expanded=true]");
        if (await open.CountAsync() > 0)
        {
            await open.ClickAsync();
        }

        await Expect(chat.Timeline.Last.Locator("button.fold")).ToHaveAttributeAsync("aria-expanded", "false");
    }
}
