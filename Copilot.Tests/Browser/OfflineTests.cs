using System.Text.RegularExpressions;
using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.Chat.Approvals;
using Copilot.Web.Components.Layout;
using Copilot.Web.Components.RunScreen.Comments;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser;

/// <summary>What somebody does to a page that has lost its server, outside the message box: nothing is lost, and nothing seems done that is not.</summary>
[Collection(BrowserCollection.Name)]
public sealed class OfflineTests(BrowserFixture fixture, QuickApp server) : BrowserScene(fixture, 1440, 900)
{
    private const string Question = "How many cooling pumps are in stock?";

    [Fact]
    public async Task Comment_ConnectionIsLostWhileItIsWritten_IsSavedAsItStands()
    {
        var (chat, proxy, box) = await WriteAsync(server.App);
        await CutAsync(chat, proxy);

        await box.PressSequentiallyAsync(" and more");
        await chat.Page.Keyboard.PressAsync("Control+Enter");

        await Expect(chat.Page.Locator("[data-reconnect-pressed]")).ToHaveTextAsync(ShellText.PressedOffline);
        await Expect(chat.Page.Locator("[data-reconnect-pressed]")).ToBeVisibleAsync();
        await Expect(box).ToHaveValueAsync("First words and more");
        proxy.Restore();
        await chat.SeeReconnectedAsync("copilot.reconnects");
        await Expect(chat.Page.Locator("[data-reconnect-pressed]")).ToBeHiddenAsync();
        await box.PressAsync("Control+Enter");
        await Expect(chat.Page.Locator(".comments-list")).ToContainTextAsync("First words and more", new() { Timeout = ChatDriver.Timeout });
        Assert.False(await chat.WasReloadedAsync());
        Assert.DoesNotContain(chat.Complaints, complaint => complaint.StartsWith("uncaught", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Comment_CircuitIsReplacedWhileItIsWritten_IsThereAgainUntilItIsSaved()
    {
        var app = Own(await AppProcess.StartAsync("Demo:TokensPerSecond=0", "DemoTools:Latency=00:00:00", "Circuits:DisconnectedCircuitRetentionPeriod=00:00:01"));
        var (chat, proxy, _) = await WriteAsync(app);
        await CutAsync(chat, proxy);
        await proxy.CutForAsync(TimeSpan.FromSeconds(6), TestContext.Current.CancellationToken);
        await chat.SeeReconnectedAsync("copilot.reconnects");
        await Expect(Box(chat)).ToHaveCountAsync(0, new() { Timeout = ChatDriver.Timeout });
        await Expect(chat.Page.Locator(".comments[data-mounted]")).ToBeAttachedAsync(new() { Timeout = ChatDriver.Timeout });

        await chat.Page.Keyboard.PressAsync("m");
        await Expect(Box(chat)).ToHaveValueAsync("First words", new() { Timeout = ChatDriver.Timeout });
        await Box(chat).PressAsync("Control+Enter");
        await Expect(chat.Page.Locator(".comments-list")).ToContainTextAsync("First words", new() { Timeout = ChatDriver.Timeout });
        await chat.Page.Keyboard.PressAsync("m");

        await Expect(Box(chat)).ToBeFocusedAsync(new() { Timeout = ChatDriver.Timeout });
        await Expect(Box(chat)).ToHaveValueAsync("");
        Assert.False(await chat.WasReloadedAsync());
    }

    [Fact]
    public async Task Approval_ArgumentIsChangedWhileTheConnectionIsLost_IsCarriedOutAsItStands()
    {
        var proxy = Own(new TcpProxy(server.App.Port));
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(proxy.Address, "staff");
        await chat.AskAsync("Order two cooling pumps");
        await chat.SeeStatusAsync("waiting");
        await chat.MarkAsync();
        var card = chat.Page.Locator(".approval");
        await card.GetByRole(AriaRole.Button, new() { Name = CardText.EditAndApprove }).ClickAsync();
        await Expect(card.GetByLabel("Quantity")).ToBeFocusedAsync();
        await CutAsync(chat, proxy);

        await chat.Page.Keyboard.PressAsync("Control+a");
        await chat.Page.Keyboard.TypeAsync("1");
        await chat.Page.Keyboard.PressAsync("Enter");

        await Expect(chat.Page.Locator("[data-reconnect-pressed]")).ToHaveTextAsync(ShellText.PressedOffline);
        proxy.Restore();
        await chat.SeeReconnectedAsync("copilot.reconnects");
        await Expect(card).ToContainTextAsync("Order 1 × Cooling pump 25-60", new() { Timeout = ChatDriver.Timeout });
        await chat.Page.Keyboard.PressAsync("Enter");
        await chat.SeeStatusAsync("completed");
        await chat.SeeAsync("with the arguments that a person changed");
        Assert.False(await chat.WasReloadedAsync());
    }

    /// <summary>Somebody writes a comment on their run, behind a proxy.</summary>
    private async Task<(ChatDriver Chat, TcpProxy Proxy, ILocator Box)> WriteAsync(AppProcess app)
    {
        var proxy = Own(new TcpProxy(app.Port));
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(proxy.Address, "staff");
        await chat.AskAsync(Question);
        await chat.SeeStatusAsync("completed");
        var run = await chat.Page.Locator("article.turn").Last.GetAttributeAsync("data-run");
        await chat.Page.GotoAsync(new Uri(proxy.Address, $"/runs/{run}?seq=5&part=comments").ToString());
        await Expect(chat.Page.Locator(".comments[data-mounted]")).ToBeAttachedAsync(new() { Timeout = ChatDriver.Timeout });
        await chat.MarkAsync();
        await chat.Page.Keyboard.PressAsync("m");
        await Expect(Box(chat)).ToBeFocusedAsync(new() { Timeout = ChatDriver.Timeout });
        await Box(chat).PressSequentiallyAsync("First words");
        return (chat, proxy, Box(chat));
    }

    private static async Task CutAsync(ChatDriver chat, TcpProxy proxy)
    {
        proxy.Cut();
        await Expect(chat.Page.Locator("#components-reconnect-modal")).ToContainTextAsync(ShellText.ConnectionLost, new() { Timeout = ChatDriver.Timeout });
    }

    private static ILocator Box(ChatDriver chat) =>
        chat.Page.GetByRole(AriaRole.Textbox, new() { NameRegex = new Regex("^Comment at ") });
}
