using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.Chat.Composer;
using Copilot.Web.Sessions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser.Composer;

/// <summary>The message box while the browser is not connected: what is pressed counts once it is again, once.</summary>
[Collection(ConversationBrowserCollection.Name)]
public sealed class ComposerOfflineTests(BrowserFixture fixture, QuickApp quick, SlowApp slow) : BrowserScene(fixture, 1200, 800)
{
    private const string Question = "How many cooling pumps are in stock?";

    private readonly AppProcess _app = quick.App;
    private readonly AppProcess _slow = slow.App;
    private TcpProxy? _proxy;

    [Fact]
    public async Task Send_ConnectionIsLost_SaysSoAndSendsOnceWhenItIsBack()
    {
        var chat = await SignInThroughProxyAsync(_app);
        await CutAsync(chat);

        await chat.Message.FillAsync(Question);
        await chat.Message.PressAsync("Enter");
        await chat.SeeAsync(ComposerText.HeldUntilConnected);
        await Expect(chat.Message).ToHaveValueAsync(Question);
        await Expect(chat.Message).ToBeEditableAsync();
        await Expect(chat.Send).ToBeEnabledAsync();
        _proxy!.Restore();

        await Expect(chat.Page.Locator(".bubble")).ToHaveTextAsync(Question, new() { Timeout = ChatDriver.Timeout });
        await Expect(chat.Message).ToHaveValueAsync("");
        await chat.SeeStatusAsync("completed");
        await Expect(chat.Page.GetByText(ComposerText.HeldUntilConnected)).ToHaveCountAsync(0);
        Assert.DoesNotContain(chat.Complaints, complaint => complaint.StartsWith("uncaught", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Send_ConnectionIsLostAndTheWordsAreChanged_WaitsForAnotherPress()
    {
        var chat = await SignInThroughProxyAsync(_app);
        await CutAsync(chat);
        await chat.Message.FillAsync("How many");
        await chat.Message.PressAsync("Enter");
        await chat.SeeAsync(ComposerText.HeldUntilConnected);

        await chat.Message.FillAsync(Question);
        await chat.SeeAsync(ComposerText.HeldAndChanged);
        _proxy!.Restore();
        await chat.SeeReconnectedAsync("copilot.reconnects");
        await Expect(chat.Message).ToHaveValueAsync(Question);
        await chat.Message.PressAsync("Enter");

        await Expect(chat.Page.Locator(".bubble")).ToHaveTextAsync(Question, new() { Timeout = ChatDriver.Timeout });
    }

    [Fact]
    public async Task Stop_ConnectionIsLost_StopsTheRunWhenItIsBack()
    {
        var chat = await SignInThroughProxyAsync(_slow);
        await chat.AskAsync("Show me Markdown");
        await chat.SeeAsync("In stock");
        await CutAsync(chat);

        await chat.Stop.ClickAsync();
        await chat.SeeAsync(ComposerText.StopHeldUntilConnected);
        _proxy!.Restore();

        await chat.SeeStatusAsync("cancelled");
    }

    [Fact]
    public async Task Link_ConnectionIsLost_DoesNotLeaveThePage()
    {
        var chat = await SignInThroughProxyAsync(_app);
        await chat.AskAsync(Question);
        await chat.SeeStatusAsync("completed");
        await CutAsync(chat);
        await chat.MarkAsync();
        var address = chat.Page.Url;

        await chat.Page.Locator("a.button-new").ClickAsync();

        await Expect(chat.Message).ToBeVisibleAsync();
        Assert.Equal(address, chat.Page.Url);
        Assert.False(await chat.WasReloadedAsync());
    }

    private async Task<ChatDriver> SignInThroughProxyAsync(AppProcess app)
    {
        _proxy = Own(new TcpProxy(app.Port));
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(_proxy.Address, "staff");
        return chat;
    }

    private async Task CutAsync(ChatDriver chat)
    {
        _proxy!.Cut();
        await chat.Page.WaitForFunctionAsync("() => document.documentElement.dataset.connection !== 'up'", null, new() { Timeout = ChatDriver.Timeout });
    }
}
