using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.Chat.Composer;
using Copilot.Web.Components.Layout;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser;

/// <summary>The page loses the server in the middle of a run, in each of the ways there are, and nothing of the run.</summary>
[Collection(ConversationBrowserCollection.Name)]
public sealed class LostConnectionTests(BrowserFixture fixture) : BrowserScene(fixture)
{
    // Longer than the first tries to come back, and than a circuit is kept where that is the test.
    private static readonly TimeSpan s_outage = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task Booking_ConnectionCutForSeconds_ReconnectsAndLosesNothing()
    {
        var app = Own(await AppProcess.StartAsync("Demo:TokensPerSecond=25"));
        var proxy = Own(new TcpProxy(app.Port));
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(proxy.Address, "staff");
        await chat.AskAsync(BookedConversation.Question);
        await chat.UnfoldAsync();
        await Expect(chat.Timeline).ToContainTextAsync("Find a customer");

        await AssertNothingIsLostAsync(chat, app, proxy);
    }

    [Fact]
    public async Task Booking_NetworkSwallowsEverything_SaysSoStopsTheClocksAndComesBack()
    {
        var app = Own(await AppProcess.StartAsync("Demo:TokensPerSecond=15", "DemoTools:Latency=00:00:30"));
        var proxy = Own(new TcpProxy(app.Port));
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(proxy.Address, "staff");
        await chat.AskAsync(BookedConversation.Question);
        await chat.UnfoldAsync();
        var clock = chat.Timeline.Locator(".tick").First;
        await Expect(clock).Not.ToBeEmptyAsync();
        var turning = chat.Timeline.Locator("svg.turning").First;
        await Expect(turning).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await chat.MarkAsync();

        proxy.Stall();
        await Expect(chat.Page.Locator("#components-reconnect-modal")).ToContainTextAsync(ShellText.ConnectionLost, new() { Timeout = ChatDriver.Timeout });
        var stopped = await clock.TextContentAsync();
        await Expect(turning).ToHaveCSSAsync("animation-play-state", "paused");

        // Two frames of the browser and a turn of the timer that writes the clocks.
        await chat.Page.EvaluateAsync("new Promise(done => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 250))");
        Assert.Equal(stopped, await clock.TextContentAsync());

        proxy.Cut();
        proxy.Flow();
        proxy.Restore();
        await chat.SeeReconnectedAsync("copilot.reconnects");
        await Expect(clock).Not.ToHaveTextAsync(stopped!);
        Assert.False(await chat.WasReloadedAsync());
    }

    [Fact]
    public async Task Booking_ServerIsGone_SaysNothingThatIsNotKnown()
    {
        var app = Own(await AppProcess.StartAsync("Demo:TokensPerSecond=15"));
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(app.Address, "staff");

        await app.KillAsync();

        await Expect(chat.Page.Locator("[data-reconnect-text]")).ToHaveTextAsync(ShellText.ServerUnreachable, new() { Timeout = ChatDriver.Timeout });
        await Expect(chat.Page.Locator("[data-reconnect-now]")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Booking_ConnectionCutForLongerThanTheCircuitIsKept_ResumesAndLosesNothing()
    {
        var app = Own(await AppProcess.StartAsync("Demo:TokensPerSecond=25", "Circuits:DisconnectedCircuitRetentionPeriod=00:00:02"));
        var proxy = Own(new TcpProxy(app.Port));
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(proxy.Address, "staff");
        await chat.AskAsync(BookedConversation.Question);
        await chat.SeeStatusAsync("running");

        await AssertNothingIsLostAsync(chat, app, proxy);
    }

    [Fact]
    public async Task Press_ConnectionCutForLongerThanTheCircuitIsKept_CountsOnceItIsBack()
    {
        var app = Own(await AppProcess.StartAsync("Demo:TokensPerSecond=4", "Circuits:DisconnectedCircuitRetentionPeriod=00:00:02"));
        var proxy = Own(new TcpProxy(app.Port));
        var chat = await ChatDriver.OpenAsync(Context);
        await chat.SignInAsync(proxy.Address, "staff");
        await chat.MarkAsync();

        // Handed over, and swallowed: nobody knows whether it has arrived.
        proxy.Stall();
        await chat.Message.FillAsync("Show me Markdown");
        await chat.Message.PressAsync("Enter");
        await chat.Message.FillAsync("A draft that must survive");
        proxy.Cut();
        proxy.Flow();
        await chat.SeeAsync(ComposerText.LastHeldUntilConnected);
        await proxy.CutForAsync(s_outage, TestContext.Current.CancellationToken);
        await chat.SeeReconnectedAsync("copilot.reconnects");
        await Expect(chat.Page.Locator(".bubble")).ToHaveTextAsync("Show me Markdown", new() { Timeout = ChatDriver.Timeout });
        await Expect(chat.Message).ToHaveValueAsync("A draft that must survive");
        await chat.SeeAsync("In stock");

        proxy.Cut();
        await Expect(chat.Page.Locator("#components-reconnect-modal")).ToContainTextAsync(ShellText.ConnectionLost, new() { Timeout = ChatDriver.Timeout });
        await chat.Stop.ClickAsync();
        await chat.SeeAsync(ComposerText.StopHeldUntilConnected);
        await proxy.CutForAsync(s_outage, TestContext.Current.CancellationToken);

        await chat.SeeStatusAsync("cancelled");
        await Expect(chat.Message).ToHaveValueAsync("A draft that must survive");

        // Outside the box keys are read by the page: by the scripts of the new circuit alone.
        await chat.AskAsync("Show me Markdown");
        await chat.SeeStatusAsync("running");
        await chat.Stop.FocusAsync();
        await chat.Page.Keyboard.PressAsync("Escape");
        await chat.SeeStatusAsync("cancelled");
        Assert.False(await chat.WasReloadedAsync());
    }

    /// <summary>The line is cut for a while: the same page comes back, with its draft and the whole run.</summary>
    private static async Task AssertNothingIsLostAsync(ChatDriver chat, AppProcess app, TcpProxy proxy)
    {
        await chat.MarkAsync();
        await chat.Message.FillAsync("A draft that must survive");

        await proxy.CutForAsync(s_outage, TestContext.Current.CancellationToken);
        await chat.SeeReconnectedAsync("copilot.reconnects");
        await chat.SeeStatusAsync("completed");

        Assert.False(await chat.WasReloadedAsync());
        await Expect(chat.Message).ToHaveValueAsync("A draft that must survive", new() { Timeout = ChatDriver.Timeout });
        await chat.AssertBookedAsync(app.Address);
        app.AssertCleanLog();
    }
}
