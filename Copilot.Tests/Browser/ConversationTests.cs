using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.Chat;
using Copilot.Web.Components.Layout;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser;

/// <summary>What a user would lose is a bug: the conversation through reloads and second tabs, without storage and without sockets.</summary>
[Collection(ConversationBrowserCollection.Name)]
public sealed class ConversationTests(BrowserFixture fixture, QuickApp server) : BrowserScene(fixture)
{

    [Fact]
    public async Task Booking_ReloadedAndOpenedTwiceInTheMiddle_IsCompleteInOrderOnce()
    {
        var app = Own(await AppProcess.StartAsync("Demo:TokensPerSecond=30"));
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(app.Address, "staff");
        var idle = await ChatDriver.OpenAsync(Context);
        await idle.Page.GotoAsync(app.Address.ToString());
        await Expect(idle.Message).ToBeVisibleAsync();

        await chat.AskAsync(BookedConversation.Question);
        await chat.SeeStatusAsync("running");
        await Expect(idle.Page.GetByRole(AriaRole.List, new() { Name = ShellText.Conversations })).ToContainTextAsync("Contoso");
        await chat.UnfoldAsync();
        await Expect(chat.Timeline).ToContainTextAsync("Find a customer");
        Assert.Equal("running", await chat.Timeline.GetAttributeAsync("data-status"));

        await chat.Page.ReloadAsync();
        var second = await ChatDriver.OpenAsync(Context);
        await second.Page.GotoAsync(chat.Page.Url);
        await second.SeeStatusAsync("running");
        await chat.SeeStatusAsync("completed");
        await second.SeeStatusAsync("completed");

        await chat.AssertBookedAsync(app.Address);
        await second.AssertBookedAsync(app.Address);
        Assert.Empty(chat.Complaints);
        Assert.Empty(second.Complaints);
        Assert.Empty(idle.Complaints);
        app.AssertCleanLog();
    }

    [Fact]
    public async Task Booking_BrowserRefusesStorage_WorksAndKeepsTheDraftAsLongAsThePage()
    {
        await Context.AddInitScriptAsync("""
            for (const name of ['localStorage', 'sessionStorage']) {
              Object.defineProperty(window, name, { get() { throw new DOMException('No.', 'SecurityError'); } });
            }
            """);
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(server.App.Address, "staff");
        await chat.AskAsync(BookedConversation.Question);
        await chat.SeeStatusAsync("completed");

        await chat.Message.FillAsync("A draft");
        await chat.Page.Locator("a.button-new").ClickAsync();
        await Expect(chat.Page.GetByRole(AriaRole.Heading, new() { Name = ChatText.Greeting })).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await Expect(chat.Message).ToHaveValueAsync("");
        await chat.Page.Locator(".conversation a").First.ClickAsync();

        await Expect(chat.Message).ToHaveValueAsync("A draft", new() { Timeout = ChatDriver.Timeout });
        Assert.Empty(chat.Complaints);
    }

    [Fact]
    public async Task Booking_ProxyRefusesSockets_WorksByLongPollingAndSaysSo()
    {
        var proxy = Own(new TcpProxy(server.App.Port) { RefusesUpgrades = true });
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(proxy.Address, "staff");

        await chat.AskAsync(BookedConversation.Question);
        await chat.SeeStatusAsync("completed");

        await Expect(chat.Page.Locator(".badge-polling")).ToBeVisibleAsync();
        await chat.AssertBookedAsync(server.App.Address);
    }

    [Fact]
    public async Task Stop_WhileRunning_EndsTheRunAndItCanBeTriedAgain()
    {
        var app = Own(await AppProcess.StartAsync("Demo:TokensPerSecond=10"));
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(app.Address, "staff");
        await chat.AskAsync(BookedConversation.Question);
        await chat.SeeStatusAsync("running");

        await chat.Stop.ClickAsync();
        await chat.SeeStatusAsync("cancelled");
        await chat.Page.GetByRole(AriaRole.Button, new() { Name = ChatText.TryAgain }).First.ClickAsync();
        await chat.SeeStatusAsync("running");
        await chat.Page.Keyboard.PressAsync("Escape");
        await chat.SeeStatusAsync("cancelled");
        await Expect(chat.Page.GetByText("2/2")).ToBeVisibleAsync();

        Assert.Empty(chat.Complaints);
    }
}
