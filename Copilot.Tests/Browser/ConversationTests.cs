using Copilot.Tests.Browser.Driving;
using System.Net.Http.Json;
using System.Text.Json;
using Copilot.Web.Components.Chat;
using Copilot.Web.Components.Layout;
using Copilot.Web.Identity;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser;

/// <summary>What a user would lose is a bug: the conversation through reloads, second tabs and lost connections.</summary>
[Collection(BrowserCollection.Name)]
public sealed class ConversationTests(BrowserFixture fixture) : IAsyncLifetime
{
    private const string Booking = "Contoso's cooling pump is broken. Book a technician and reserve the spare part.";

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
    public async Task Booking_ReloadedAndOpenedTwiceInTheMiddle_IsCompleteInOrderOnce()
    {
        _app = await AppProcess.StartAsync("Demo:TokensPerSecond=30");
        var chat = await ChatDriver.OpenAsync(_context);
        await chat.SignInAsync(_app.Address, "staff");
        var idle = await ChatDriver.OpenAsync(_context);
        await idle.Page.GotoAsync(_app.Address.ToString());
        await Expect(idle.Message).ToBeVisibleAsync();

        await chat.AskAsync(Booking);
        await chat.SeeStatusAsync("running");
        await Expect(idle.Page.GetByRole(AriaRole.List, new() { Name = ShellText.Conversations })).ToContainTextAsync("Contoso");
        await chat.UnfoldAsync();
        await Expect(chat.Timeline).ToContainTextAsync("Find a customer");
        Assert.Equal("running", await chat.Timeline.GetAttributeAsync("data-status"));

        await chat.Page.ReloadAsync();
        var second = await ChatDriver.OpenAsync(_context);
        await second.Page.GotoAsync(chat.Page.Url);
        await second.SeeStatusAsync("running");
        await chat.SeeStatusAsync("completed");
        await second.SeeStatusAsync("completed");

        await AssertCompleteAsync(chat);
        await AssertCompleteAsync(second);
        Assert.Empty(chat.Complaints);
        Assert.Empty(second.Complaints);
        Assert.Empty(idle.Complaints);
        AssertCleanLog();
    }

    [Fact]
    public async Task Booking_ConnectionCutFor20Seconds_ReconnectsAndLosesNothing()
    {
        _app = await AppProcess.StartAsync("Demo:TokensPerSecond=15");
        _proxy = new TcpProxy(_app.Port);
        var chat = await ChatDriver.OpenAsync(_context);
        await chat.SignInAsync(_proxy.Address, "staff");
        await chat.AskAsync(Booking);
        await chat.UnfoldAsync();
        await Expect(chat.Timeline).ToContainTextAsync("Find a customer");
        await chat.MarkAsync();
        await chat.Message.FillAsync("A draft that must survive");

        await _proxy.CutForAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await chat.SeeReconnectedAsync("copilot.reconnects");
        await chat.SeeStatusAsync("completed");

        Assert.False(await chat.WasReloadedAsync());
        Assert.Equal("A draft that must survive", await chat.Message.InputValueAsync());
        await AssertCompleteAsync(chat);
        AssertCleanLog();
    }

    [Fact]
    public async Task Booking_NetworkSwallowsEverything_SaysSoStopsTheClocksAndComesBack()
    {
        _app = await AppProcess.StartAsync("Demo:TokensPerSecond=15", "DemoTools:Latency=00:00:30");
        _proxy = new TcpProxy(_app.Port);
        var chat = await ChatDriver.OpenAsync(_context);
        await chat.SignInAsync(_proxy.Address, "staff");
        await chat.AskAsync(Booking);
        await chat.UnfoldAsync();
        var clock = chat.Timeline.Locator(".tick").First;
        await Expect(clock).Not.ToBeEmptyAsync();
        await chat.MarkAsync();

        _proxy.Stall();
        await Expect(chat.Page.Locator("#components-reconnect-modal")).ToContainTextAsync(ShellText.ConnectionLost, new() { Timeout = ChatDriver.Timeout });
        var stopped = await clock.TextContentAsync();
        await Expect(chat.Timeline.Locator("circle.busy").First).ToHaveCSSAsync("animation-play-state", "paused");

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
    public async Task Booking_BrowserRefusesStorage_WorksAndKeepsTheDraftAsLongAsThePage()
    {
        await _context.AddInitScriptAsync("""
            for (const name of ['localStorage', 'sessionStorage']) {
              Object.defineProperty(window, name, { get() { throw new DOMException('No.', 'SecurityError'); } });
            }
            """);
        _app = await AppProcess.StartAsync("Demo:TokensPerSecond=0", "DemoTools:Latency=00:00:00");
        var chat = await ChatDriver.OpenAsync(_context);
        await chat.SignInAsync(_app.Address, "staff");
        await chat.AskAsync(Booking);
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
    public async Task Booking_ConnectionCutForLongerThanTheCircuitIsKept_ResumesAndLosesNothing()
    {
        _app = await AppProcess.StartAsync("Demo:TokensPerSecond=15", "Circuits:DisconnectedCircuitRetentionPeriod=00:00:10");
        _proxy = new TcpProxy(_app.Port);
        var chat = await ChatDriver.OpenAsync(_context);
        await chat.SignInAsync(_proxy.Address, "staff");
        await chat.AskAsync(Booking);
        await chat.SeeStatusAsync("running");
        await chat.MarkAsync();
        await chat.Message.FillAsync("A draft that must survive");

        await _proxy.CutForAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await chat.SeeReconnectedAsync("copilot.reconnects");
        await chat.SeeStatusAsync("completed");

        Assert.False(await chat.WasReloadedAsync());
        Assert.Equal("A draft that must survive", await chat.Message.InputValueAsync());
        await AssertCompleteAsync(chat);
        AssertCleanLog();
    }

    [Fact]
    public async Task Booking_ProxyRefusesSockets_WorksByLongPollingAndSaysSo()
    {
        _app = await AppProcess.StartAsync("Demo:TokensPerSecond=0", "DemoTools:Latency=00:00:00");
        _proxy = new TcpProxy(_app.Port) { RefusesUpgrades = true };
        var chat = await ChatDriver.OpenAsync(_context);
        await chat.SignInAsync(_proxy.Address, "staff");

        await chat.AskAsync(Booking);
        await chat.SeeStatusAsync("completed");

        await Expect(chat.Page.Locator(".badge-polling")).ToBeVisibleAsync();
        await AssertCompleteAsync(chat);
    }

    [Fact]
    public async Task Booking_OverHttp_GivesTheSameTimelineButForTheTransportLines()
    {
        _app = await AppProcess.StartAsync("Demo:TokensPerSecond=0", "DemoTools:Latency=00:00:00");
        var socket = await StepsAsync(_app);
        await _app.DisposeAsync();
        _app = await AppProcess.StartAsync("Demo:TokensPerSecond=0", "DemoTools:Latency=00:00:00", "Upstream:Transport=Http");
        var http = await StepsAsync(_app);

        Assert.Contains("transport.connected websocket", socket);
        Assert.Contains("transport.connected http", http);
        Assert.Equal(WithoutTransport(socket), WithoutTransport(http));
    }

    [Fact]
    public async Task Stop_WhileRunning_EndsTheRunAndItCanBeTriedAgain()
    {
        _app = await AppProcess.StartAsync("Demo:TokensPerSecond=10");
        var chat = await ChatDriver.OpenAsync(_context);
        await chat.SignInAsync(_app.Address, "staff");
        await chat.AskAsync(Booking);
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

    private static async Task<string[]> StepsAsync(AppProcess app)
    {
        using var response = await app.Api.PostAsJsonAsync("/api/runs?wait=100", new { input = Booking });
        var run = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("completed", run.GetProperty("status").GetString());
        var stream = await app.Api.GetStringAsync($"/api/runs/{run.GetProperty("run_id").GetString()}/events");
        return [.. stream.Split('\n')
            .Where(line => line.StartsWith("data: ", StringComparison.Ordinal))
            .Select(line => JsonDocument.Parse(line[6..]).RootElement)
            .Select(Step)];
    }

    private static string Step(JsonElement runEvent)
    {
        var type = runEvent.GetProperty("type").GetString()!;
        var data = runEvent.GetProperty("data");
        return data.TryGetProperty("kind", out var kind) ? $"{type} {kind}"
            : type.StartsWith("tool.", StringComparison.Ordinal) ? $"{type} {data.GetProperty("name")}"
            : type;
    }

    // Parallel calls may end in either order; what each of them does, and everything else, comes in the same order.
    private static string[] WithoutTransport(string[] steps) =>
        [.. steps.Where(step => !step.StartsWith("transport.", StringComparison.Ordinal) && !step.StartsWith("tool.completed", StringComparison.Ordinal))];

    /// <summary>What this page shows is what a page shows that was never cut off: all of it, in order, once.</summary>
    private async Task AssertCompleteAsync(ChatDriver chat)
    {
        await chat.SeeAsync("Is there anything to change?");
        var fresh = await ChatDriver.OpenAsync(_context);
        await fresh.Page.GotoAsync(new Uri(_app!.Address, new Uri(chat.Page.Url).AbsolutePath).ToString());
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
            foreach (var tool in (string[])["Find a customer", "Search the stock", "Find a free slot", "Reserve a part", "Book a visit", "Add a note to a customer"])
            {
                Assert.Equal(1, await page.Timeline.GetByRole(AriaRole.Article, new() { Name = $"Tool {tool}" }).CountAsync());
            }

            Assert.True(
                text.IndexOf("Reserve a part", StringComparison.Ordinal) < text.IndexOf("Book a visit", StringComparison.Ordinal));
        }

        await fresh.Page.CloseAsync();
    }

    private static async Task FoldAllAsync(ChatDriver chat)
    {
        var open = chat.Timeline.Last.Locator("button.fold[aria-expanded=true]");
        if (await open.CountAsync() > 0)
        {
            await open.ClickAsync();
        }

        await Expect(chat.Timeline.Last.Locator("button.fold")).ToHaveAttributeAsync("aria-expanded", "false");
    }

    private void AssertCleanLog() =>
        Assert.DoesNotContain(_app!.Log, line => line.Contains(" WRN ", StringComparison.Ordinal) || line.Contains(" ERR ", StringComparison.Ordinal));
}
