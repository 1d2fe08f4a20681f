using Copilot.Tests.Browser.Driving;
using Copilot.Web.Components.Layout;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser;

/// <summary>The page loses the server in the middle of a run, in each of the ways there are, and nothing of the run.</summary>
[Collection(ConversationBrowserCollection.Name)]
public sealed class LostConnectionTests(BrowserFixture fixture) : IAsyncLifetime
{
    // Longer than the first tries to come back, and than a circuit is kept where that is the test.
    private static readonly TimeSpan s_outage = TimeSpan.FromSeconds(8);

    private IBrowserContext _context = null!;
    private AppProcess? _app;
    private TcpProxy? _proxy;

    public async ValueTask InitializeAsync() => _context = await fixture.Browser.NewContextAsync();

    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    [Fact]
    public async Task Booking_ConnectionCutForSeconds_ReconnectsAndLosesNothing()
    {
        _app = await AppProcess.StartAsync("Demo:TokensPerSecond=25");
        _proxy = new TcpProxy(_app.Port);
        var chat = await ChatDriver.OpenAsync(_context);
        await chat.SignInAsync(_proxy.Address, "staff");
        await chat.AskAsync(BookedConversation.Question);
        await chat.UnfoldAsync();
        await Expect(chat.Timeline).ToContainTextAsync("Find a customer");
        await chat.MarkAsync();
        await chat.Message.FillAsync("A draft that must survive");

        await _proxy.CutForAsync(s_outage, TestContext.Current.CancellationToken);
        await chat.SeeReconnectedAsync("copilot.reconnects");
        await chat.SeeStatusAsync("completed");

        Assert.False(await chat.WasReloadedAsync());
        await Expect(chat.Message).ToHaveValueAsync("A draft that must survive", new() { Timeout = ChatDriver.Timeout });
        await chat.AssertBookedAsync(_app.Address);
        _app.AssertCleanLog();
    }

    [Fact]
    public async Task Booking_NetworkSwallowsEverything_SaysSoStopsTheClocksAndComesBack()
    {
        _app = await AppProcess.StartAsync("Demo:TokensPerSecond=15", "DemoTools:Latency=00:00:30");
        _proxy = new TcpProxy(_app.Port);
        var chat = await ChatDriver.OpenAsync(_context);
        await chat.SignInAsync(_proxy.Address, "staff");
        await chat.AskAsync(BookedConversation.Question);
        await chat.UnfoldAsync();
        var clock = chat.Timeline.Locator(".tick").First;
        await Expect(clock).Not.ToBeEmptyAsync();
        await chat.MarkAsync();

        _proxy.Stall();
        await Expect(chat.Page.Locator("#components-reconnect-modal")).ToContainTextAsync(ShellText.ConnectionLost, new() { Timeout = ChatDriver.Timeout });
        var stopped = await clock.TextContentAsync();
        await Expect(chat.Timeline.Locator("svg.turning").First).ToHaveCSSAsync("animation-play-state", "paused");

        // Two frames of the browser and a turn of the timer that writes the clocks.
        await chat.Page.EvaluateAsync("new Promise(done => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 250))");
        Assert.Equal(stopped, await clock.TextContentAsync());

        _proxy.Cut();
        _proxy.Flow();
        _proxy.Restore();
        await chat.SeeReconnectedAsync("copilot.reconnects");
        await Expect(clock).Not.ToHaveTextAsync(stopped!);
        Assert.False(await chat.WasReloadedAsync());
    }

    [Fact]
    public async Task Booking_ServerIsGone_SaysNothingThatIsNotKnown()
    {
        _app = await AppProcess.StartAsync("Demo:TokensPerSecond=15");
        var chat = await ChatDriver.OpenAsync(_context);
        await chat.SignInAsync(_app.Address, "staff");

        await _app.KillAsync();

        await Expect(chat.Page.Locator("[data-reconnect-text]")).ToHaveTextAsync(ShellText.ServerUnreachable, new() { Timeout = ChatDriver.Timeout });
        await Expect(chat.Page.Locator("[data-reconnect-now]")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Booking_ConnectionCutForLongerThanTheCircuitIsKept_ResumesAndLosesNothing()
    {
        _app = await AppProcess.StartAsync("Demo:TokensPerSecond=25", "Circuits:DisconnectedCircuitRetentionPeriod=00:00:02");
        _proxy = new TcpProxy(_app.Port);
        var chat = await ChatDriver.OpenAsync(_context);
        await chat.SignInAsync(_proxy.Address, "staff");
        await chat.AskAsync(BookedConversation.Question);
        await chat.SeeStatusAsync("running");
        await chat.MarkAsync();
        await chat.Message.FillAsync("A draft that must survive");

        await _proxy.CutForAsync(s_outage, TestContext.Current.CancellationToken);
        await chat.SeeReconnectedAsync("copilot.reconnects");
        await chat.SeeStatusAsync("completed");

        Assert.False(await chat.WasReloadedAsync());
        await Expect(chat.Message).ToHaveValueAsync("A draft that must survive", new() { Timeout = ChatDriver.Timeout });
        await chat.AssertBookedAsync(_app.Address);
        _app.AssertCleanLog();
    }
}
