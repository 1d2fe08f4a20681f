using Copilot.Domain.Timeline.Items;
using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.Chat;
using Copilot.Web.Components.Chat.Approvals;
using Copilot.Web.Components.Layout;
using Copilot.Web.Components.Timeline.Shared;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser;

/// <summary>A person is asked before money is spent, from the question to the order in the list.</summary>
[Collection(ConversationBrowserCollection.Name)]
public sealed class ApprovalUseTests(BrowserFixture fixture, QuickApp server) : BrowserScene(fixture, 1200, 800)
{
    private readonly AppProcess _app = server.App;

    [Fact]
    public async Task Order_EditedAndApprovedByKeyboard_IsPlacedAsEdited()
    {
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(_app.Address, "staff");
        await chat.AskAsync("Order two cooling pumps");
        var card = chat.Page.GetByRole(AriaRole.Group, new() { NameRegex = new($"^{CardText.ApprovalNeeded} Order 2 × Cooling pump 25-60 for 378.00 GBP$") });
        await Expect(card).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await chat.SeeStatusAsync("waiting");
        await Expect(card).ToContainTextAsync("Cooling pump 25-60");
        await Expect(card).ToContainTextAsync(TimelineText.Left, new() { Timeout = ChatDriver.Timeout });
        await Expect(chat.Page.GetByRole(AriaRole.Navigation, new() { Name = ShellText.History })).ToContainTextAsync(ChatText.NeedsDecision);
        await Expect(chat.Page).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex("^Needs a decision"));

        // Its title follows what is typed.
        card = chat.Page.Locator(".approval");

        // The same card stands at its call when the timeline is unfolded, and what was begun goes on there.
        await card.GetByRole(AriaRole.Button, new() { Name = CardText.EditAndApprove }).FocusAsync();
        await chat.Page.Keyboard.PressAsync("Enter");
        await Expect(card.GetByLabel("Quantity")).ToBeFocusedAsync();
        await chat.Page.Keyboard.PressAsync("Escape");
        await Expect(card.GetByRole(AriaRole.Button, new() { Name = CardText.EditAndApprove })).ToBeFocusedAsync();
        await chat.Page.Keyboard.PressAsync("Escape");
        await chat.SeeStatusAsync("waiting");
        await chat.Page.Keyboard.PressAsync("Enter");
        await Expect(card.GetByLabel("Quantity")).ToBeFocusedAsync();
        await card.GetByLabel("Quantity").FillAsync("many");
        await chat.Page.Keyboard.PressAsync("Enter");
        await Expect(card.Locator(".field-problem")).ToContainTextAsync("Must be a whole number");
        await Expect(card.GetByLabel("Quantity")).ToBeFocusedAsync();
        await chat.UnfoldAsync();
        await Expect(card).ToHaveCountAsync(1);
        await Expect(card.GetByLabel("Quantity")).ToHaveValueAsync("many");
        await card.GetByLabel("Quantity").FillAsync("1");
        await chat.Page.Keyboard.PressAsync("Enter");

        await chat.SeeStatusAsync("completed");
        await chat.SeeAsync("with the arguments that a person changed");
        await Expect(card).ToHaveCountAsync(0);
        await Expect(chat.Page.Locator(".answered").Last).ToBeFocusedAsync();
        await chat.Page.GetByRole(AriaRole.Article, new() { Name = ToolCallText.ToolLabel("Order spare parts", ToolCallText.State(ToolCallState.Completed)) }).GetByRole(AriaRole.Button).First.ClickAsync();
        await chat.SeeAsync($"Order spare parts: {ToolCallText.ApprovedWithChanges} by Staff 1, quantity 2 → 1");
        await chat.AskAsync("Which orders have we placed?");
        await chat.SeeAsync("These are the orders");
        Assert.Empty(chat.Complaints);
    }

    [Fact]
    public async Task Order_DeniedInAnotherTab_IsSeenInBoth()
    {
        var first = await ChatDriver.OpenAsync(Context);
        await first.SignInAsync(_app.Address, "staff");
        await first.AskAsync("Order two cooling pumps");
        await first.SeeStatusAsync("waiting");
        var second = await ChatDriver.OpenAsync(Context);
        await second.Page.GotoAsync(first.Page.Url);
        var card = second.Page.GetByRole(AriaRole.Group, new() { NameRegex = new($"^{CardText.ApprovalNeeded} Order 2 × Cooling pump 25-60 for 378.00 GBP$") });

        await card.GetByRole(AriaRole.Button, new() { Name = CardText.DenyWithReason }).ClickAsync();
        await card.GetByRole(AriaRole.Textbox).FillAsync("we have enough");
        await card.GetByRole(AriaRole.Button, new() { Name = CardText.Deny, Exact = true }).ClickAsync();

        await first.SeeStatusAsync("completed");
        await first.SeeAsync("we have enough");
        await second.SeeAsync("we have enough");
        await Expect(first.Page.Locator(".approval")).ToHaveCountAsync(0);
        Assert.Empty(first.Complaints.Concat(second.Complaints));
    }
}
