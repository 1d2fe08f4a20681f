using Copilot.Tests.Browser.Driving;
using System.Text.RegularExpressions;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Components.Chat;
using Copilot.Web.Components.Layout;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Sessions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser;

/// <summary>The small things a person notices: long messages, scrolling while it writes, the keyboard, signing out.</summary>
[Collection(ConversationBrowserCollection.Name)]
public sealed class ChatUseTests(BrowserFixture fixture, ChatUseTests.Server server) : BrowserScene(fixture, 1000, 480), IClassFixture<ChatUseTests.Server>
{
    private readonly AppProcess _app = server.App;

    [Fact]
    public async Task Message_AsLongAsAllowedAndCostlyToWrite_SurvivesTheCircuit()
    {
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(_app.Address, "staff");
        await chat.MarkAsync();
        // Each of these is six bytes of JSON.
        var text = new string('\u20ac', ChatCommands.MaxTextLength);

        await chat.AskAsync(text);
        await chat.SeeStatusAsync("completed");

        Assert.Equal(text, await chat.Page.Locator(".bubble").TextContentAsync());
        Assert.False(await chat.WasReloadedAsync());
        Assert.Equal(0, await chat.ReconnectsAsync());
        Assert.Empty(chat.Complaints);
    }

    [Fact]
    public async Task Message_TypedByHand_FindsItsConnectionOpen()
    {
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(_app.Address, "staff");
        await chat.Message.PressSequentiallyAsync("Which pumps", new() { Delay = 60 });
        await chat.Send.ClickAsync();
        await chat.SeeStatusAsync("completed");
        await chat.UnfoldAsync();

        await chat.SeeAsync($"{TimelineText.Connected} {TimelineText.BeforeMessage}");
        Assert.Empty(chat.Complaints);
    }

    [Fact]
    public async Task Reader_ScrollsUpALittleWhileWordsStream_IsLeftAloneUntilTheyJump()
    {
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(_app.Address, "staff");
        await chat.AskAsync("Show me Markdown");
        await chat.SeeAsync("In stock");
        var jump = chat.Page.GetByRole(AriaRole.Button, new() { Name = ChatText.JumpToLatest });
        await chat.Page.WaitForFunctionAsync("() => document.querySelector('.scroller').scrollTop > 60");

        await chat.Page.Mouse.MoveAsync(600, 200);
        await chat.Page.Mouse.WheelAsync(0, -12);
        await Expect(jump).ToBeVisibleAsync();
        var left = await ScrollTopAsync(chat);
        await chat.SeeStatusAsync("completed");
        Assert.Equal(left, await ScrollTopAsync(chat));

        await jump.ClickAsync();
        await Expect(jump).ToBeHiddenAsync();
        Assert.Equal(480, await chat.Page.EvaluateAsync<int>("document.documentElement.scrollHeight"));
        Assert.Empty(chat.Complaints);
    }

    [Fact]
    public async Task Reader_UnfoldsATimeline_KeepsTheLineUnderThePointer()
    {
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(_app.Address, "staff");
        await chat.AskAsync("Show me Markdown");
        await chat.SeeStatusAsync("completed");
        await chat.AskAsync("Contoso's cooling pump is broken. Book a technician and reserve the spare part.");
        await chat.SeeStatusAsync("completed");
        var fold = chat.Timeline.Last.Locator(".fold");
        await fold.EvaluateAsync("one => one.scrollIntoView({ block: 'center' })");
        await NextFramesAsync(chat);
        var before = await TopAsync(fold);

        await fold.ClickAsync();
        await Expect(chat.Timeline.Last.Locator("ol > li:visible").Nth(6)).ToBeAttachedAsync();
        await NextFramesAsync(chat);

        Assert.Equal(before, await TopAsync(fold));
        Assert.Empty(chat.Complaints);
    }

    [Fact]
    public async Task TechnicalDetails_SwitchedOn_StayOnAfterAReload()
    {
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(_app.Address, "staff");
        await chat.AskAsync("Show me Markdown");
        await chat.SeeStatusAsync("completed");
        await chat.UnfoldAsync();
        var request = chat.Timeline.Last.Locator("li.technical").First;
        await Expect(request).ToBeHiddenAsync();

        await chat.Page.GetByRole(AriaRole.Button, new() { Name = TimelineText.ShowTechnical }).ClickAsync();
        await Expect(request).ToBeVisibleAsync();
        await chat.Page.ReloadAsync();
        await chat.SeeStatusAsync("completed");
        await chat.UnfoldAsync();

        await Expect(request).ToBeVisibleAsync();
        Assert.Empty(chat.Complaints);
    }

    [Fact]
    public async Task Conversation_RenamedByKeyboardAlone_KeepsTheFocusWhereThePersonIs()
    {
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(_app.Address, "staff");
        await chat.AskAsync("Show me Markdown");
        await chat.SeeStatusAsync("completed");
        var list = chat.Page.GetByRole(AriaRole.List, new() { Name = ShellText.Conversations });
        var current = list.Locator(".conversation.current");

        await current.GetByRole(AriaRole.Link, new() { Name = "Show me Markdown" }).FocusAsync();
        await chat.Page.Keyboard.PressAsync("Tab");
        await chat.Page.Keyboard.PressAsync("Enter");
        await Expect(chat.Page.GetByRole(AriaRole.Menuitem, new() { Name = ShellText.Rename })).ToBeFocusedAsync();
        await chat.Page.Keyboard.PressAsync("Enter");
        await Expect(chat.Page.GetByRole(AriaRole.Textbox, new() { Name = ShellText.TitleField })).ToBeFocusedAsync();
        await chat.Page.Keyboard.PressAsync("ControlOrMeta+a");
        await chat.Page.Keyboard.TypeAsync("A tour");
        await chat.Page.Keyboard.PressAsync("Enter");

        await Expect(list).ToContainTextAsync("A tour");
        await Expect(current.GetByRole(AriaRole.Button, new() { Name = "Options for" })).ToBeFocusedAsync();
        Assert.Empty(chat.Complaints);
    }

    [Fact]
    public async Task Send_ThenToAnotherConversationAtOnce_StaysThere()
    {
        var chat = await ChatDriver.OpenAsync(Context);
        var line = await SlowLine.RouteAsync(chat.Page);
        await chat.SignInAsync(_app.Address, "staff");
        await chat.AskAsync("Show me Markdown, I stay with it");
        await chat.SeeStatusAsync("completed");
        var chosen = chat.Page.Url;
        var list = chat.Page.GetByRole(AriaRole.List, new() { Name = ShellText.Conversations, Exact = true }).First;
        await chat.Page.GetByRole(AriaRole.Link, new() { Name = ChatText.NewChat }).First.ClickAsync();
        await Expect(chat.Page.Locator(".column-empty")).ToBeVisibleAsync();

        // The new conversation's address is on its way to the page when the person clicks.
        var begun = line.HoldUntil("JS.BeginInvokeJS", "/chat/ses_");
        await chat.Message.FillAsync("Which pumps are in stock?");
        await chat.Send.ClickAsync();
        await begun.Soon("the new conversation has begun");
        await list.GetByRole(AriaRole.Link, new() { Name = "Show me Markdown, I stay with it" }).ClickAsync();
        await Expect(chat.Page).ToHaveURLAsync(chosen);
        line.Release();

        await Expect(list).ToContainTextAsync("Which pumps are in stock?");
        await Expect(list.Locator(".conversation.current")).ToContainTextAsync("Show me Markdown, I stay with it");
        await Expect(chat.Page.Locator("h1.session-title")).ToHaveTextAsync("Show me Markdown, I stay with it");
        await Expect(chat.Page.Locator(".bubble")).ToHaveTextAsync("Show me Markdown, I stay with it");
        Assert.Equal(chosen, chat.Page.Url);
        Assert.Empty(chat.Complaints);
    }

    [Fact]
    public async Task SignOut_InOneTab_EndsTheOtherAndNoOtherBrowser()
    {
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(_app.Address, "staff");
        var second = await ChatDriver.OpenAsync(Context);
        await second.Page.GotoAsync(_app.Address.ToString());
        await Expect(second.Message).ToBeVisibleAsync();
        await using var elsewhere = await Browser.NewContextAsync();
        var other = await ChatDriver.OpenAsync(elsewhere);
        await other.SignInAsync(_app.Address, "staff");

        await chat.Page.GetByRole(AriaRole.Button, new() { Name = ShellText.Account("") }).ClickAsync();
        await chat.Page.GetByRole(AriaRole.Menuitem, new() { Name = ShellText.SignOut }).ClickAsync();
        await Expect(second.Page).ToHaveURLAsync(new Regex("/signin"));

        await other.AskAsync("Show me Markdown");
        await other.SeeAsync("In stock");
        Assert.Empty(second.Complaints);
    }

    private static Task<int> TopAsync(ILocator element) => element.EvaluateAsync<int>("one => Math.round(one.getBoundingClientRect().top)");

    // What the last rendering changed is laid out and observed.
    private static async Task NextFramesAsync(ChatDriver chat) =>
        await chat.Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))");

    private static Task<int> ScrollTopAsync(ChatDriver chat) =>
        chat.Page.EvaluateAsync<int>("Math.round(document.querySelector('.scroller').scrollTop)");

    /// <summary>Words stream, and soon end.</summary>
    public sealed class Server() : SharedApp("Demo:TokensPerSecond=30", "DemoTools:Latency=00:00:00");
}
