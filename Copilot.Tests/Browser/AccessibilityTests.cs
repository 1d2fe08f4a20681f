using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.Chat;
using Copilot.Web.Components.Chat.Approvals;
using Copilot.Web.Components.Layout;
using Copilot.Web.Components.Timeline.Shared;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser;

/// <summary>Every state of the chat against the rules of axe-core, in both themes, at the width of a desk and of a phone.</summary>
[Collection(BrowserCollection.Name)]
public sealed class AccessibilityTests(BrowserFixture fixture, QuickApp server) : IClassFixture<QuickApp>
{
    private readonly List<string> _broken = [];
    private readonly AppProcess _app = server.App;

    [Theory]
    [MemberData(nameof(LookCheck.Screens), MemberType = typeof(LookCheck))]
    public async Task States_AllOfThem_BreakNoRule(int width, int height, ColorScheme scheme)
    {
        await using var context = await fixture.Browser.NewContextAsync(width, height, scheme);
        var chat = await ChatDriver.OpenAsync(context);
        await chat.Page.GotoAsync(new Uri(_app.Address, "/signin").ToString());
        await CheckAsync(chat, "signin");
        await chat.SignInAsync(_app.Address, "staff");
        await CheckAsync(chat, "empty");

        await chat.AskAsync("Show me what Markdown you can write");
        await chat.SeeStatusAsync("completed");
        await CheckAsync(chat, "answer");
        await chat.AskAsync("Contoso's cooling pump is broken. Book a technician and reserve the spare part.");
        await chat.SeeStatusAsync("completed");
        await chat.UnfoldAsync();
        await chat.Page.GetByRole(AriaRole.Button, new() { Name = TimelineText.ShowTechnical }).ClickAsync();
        await chat.Timeline.Last.Locator(".tool .head").First.ClickAsync();
        await Expect(chat.Timeline.Last.Locator(".tool .body")).ToBeVisibleAsync();
        await CheckAsync(chat, "timeline");

        await chat.Message.PressAsync("ArrowUp");
        await Expect(chat.Page.Locator(".message-editor")).ToBeVisibleAsync();
        await CheckAsync(chat, "editor");
        await chat.Page.Keyboard.PressAsync("Escape");

        await chat.AskAsync("Order two cooling pumps");
        await chat.SeeStatusAsync("waiting");
        var card = chat.Page.Locator(".approval");
        await CheckAsync(chat, "approval");
        await card.GetByRole(AriaRole.Button, new() { Name = CardText.EditAndApprove }).ClickAsync();
        await card.GetByLabel("Quantity").FillAsync("many");
        await card.GetByLabel("Quantity").PressAsync("Enter");
        await Expect(card.Locator(".field-problem")).ToContainTextAsync("Must be");
        await CheckAsync(chat, "approval edited");
        await card.GetByRole(AriaRole.Button, new() { Name = ChatText.Cancel }).ClickAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = CardText.DenyWithReason }).ClickAsync();
        await CheckAsync(chat, "approval denied");

        await chat.Page.Keyboard.PressAsync("Control+k");
        await Expect(chat.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await CheckAsync(chat, "palette");
        Assert.True(_broken.Count == 0, string.Join('\n', _broken));
    }

    [Fact]
    public async Task SkipLink_FirstOnThePage_LeadsToTheMessageBox()
    {
        await using var context = await fixture.Browser.NewContextAsync();
        var chat = await ChatDriver.OpenAsync(context);
        await chat.SignInAsync(_app.Address, "staff");
        var skip = chat.Page.GetByRole(AriaRole.Button, new() { Name = ShellText.SkipToContent });
        Assert.True(await chat.Page.EvaluateAsync<bool>("document.querySelector('a[href], button, input, textarea').matches('[data-skip]')"));

        await skip.FocusAsync();
        await Expect(skip).ToBeInViewportAsync();
        await chat.Page.Keyboard.PressAsync("Enter");

        await Expect(chat.Message).ToBeFocusedAsync();
    }

    private async Task CheckAsync(ChatDriver chat, string state)
    {
        await chat.Page.TakePictureAsync(state);
        // The model chooses the levels of its own headings.
        _broken.AddRange(await chat.Page.ViolationsAsync(state, except: "heading-order"));
    }
}
