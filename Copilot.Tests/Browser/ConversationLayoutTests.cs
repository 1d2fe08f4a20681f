using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.Chat;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser;

/// <summary>Where the conversation is on paper, in a low window and under a finger.</summary>
[Collection(ConversationBrowserCollection.Name)]
public sealed class ConversationLayoutTests(BrowserFixture fixture, QuickApp server)
{
    private readonly AppProcess _app = server.App;

    [Fact]
    public async Task Conversation_OnPaperAndInALowWindow_HasRoom()
    {
        await using var context = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1200, Height = 400 } });
        var chat = await AnsweredAsync(context);

        await chat.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await Expect(chat.Page.Locator("#sidebar")).ToBeHiddenAsync();
        await Expect(chat.Page.Locator(".dock")).ToBeHiddenAsync();
        Assert.True(await chat.Page.EvaluateAsync<bool>(
            "document.documentElement.scrollHeight >= document.querySelector('.column').scrollHeight && document.querySelector('.column').scrollHeight > innerHeight"));
        await chat.Page.EmulateMediaAsync(new() { Media = Media.Screen });

        // A window of 1280 by 1024 at 400 %.
        await chat.Page.SetViewportSizeAsync(320, 256);
        Assert.True(await chat.Page.EvaluateAsync<bool>("document.querySelector('.scroller').clientHeight > innerHeight * 0.4"));
        await Expect(chat.Send).ToBeInViewportAsync();
        Assert.Empty(chat.Complaints);
    }

    [Fact]
    public async Task Question_UnderAFinger_HasItsActionsWhenItIsTouched()
    {
        await using var context = await fixture.Browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = 390, Height = 844 },
            HasTouch = true,
            IsMobile = true,
        });
        var chat = await AnsweredAsync(context);
        var actions = chat.Page.Locator(".asked-actions");
        Assert.Equal(0, (await actions.BoundingBoxAsync())!.Height);

        await chat.Page.Locator(".bubble").TapAsync();

        await Expect(actions).ToHaveCSSAsync("opacity", "1");
        await actions.GetByRole(AriaRole.Button, new() { Name = ChatText.EditQuestion }).TapAsync();
        await Expect(chat.Page.GetByRole(AriaRole.Textbox, new() { Name = ChatText.EditYourQuestion })).ToBeVisibleAsync();
        Assert.Empty(chat.Complaints);
    }

    private async Task<ChatDriver> AnsweredAsync(IBrowserContext context)
    {
        var chat = await ChatDriver.OpenAsync(context);
        await chat.SignInAsync(_app.Address, "staff");
        await chat.AskAsync("Show me Markdown");
        await chat.SeeStatusAsync("completed");
        return chat;
    }
}
