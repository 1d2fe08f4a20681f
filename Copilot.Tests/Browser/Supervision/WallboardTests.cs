using System.Globalization;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Browser.Driving;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Storage;
using Copilot.Web.Components.Live;
using Copilot.Web.Supervision;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser.Supervision;

/// <summary>A television shows the wall for days: what it needs does not grow with the runs that have passed.</summary>
[Collection(BrowserCollection.Name)]
public sealed class WallboardTests(BrowserFixture fixture) : IAsyncLifetime
{
    private const int Batch = 25;

    // Timers that repeat: one that is armed for each row and never cleared would be seen here.
    private const string CountIntervals = """
        (() => {
          const open = new Set();
          const { setInterval: set, clearInterval: clear } = window;
          window.setInterval = (...args) => { const id = set(...args); open.add(id); return id; };
          window.clearInterval = id => { open.delete(id); clear(id); };
          window.copilotTestIntervals = () => open.size;
        })();
        """;

    // 100 are enough to see what grows; more on demand.
    private static readonly int s_runs = int.Parse(Environment.GetEnvironmentVariable("COPILOT_WALLBOARD_RUNS") ?? "100", CultureInfo.InvariantCulture);

    private WholeHost _host = null!;
    private int _next;

    private LiveRows Rows => _host.App.Services.GetRequiredService<LiveRows>();

    private LiveBoard Board => _host.App.Services.GetRequiredService<LiveBoard>();

    public async ValueTask InitializeAsync() => _host = await WholeHost.StartAsync();

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Wallboard_ManyRunsPassUnderAMouseThatWasLeftThere_BrowserAndServerHoldWhatTheyHeldBefore()
    {
        await using var context = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 }, ReducedMotion = ReducedMotion.Reduce });
        await context.AddInitScriptAsync(CountIntervals);
        var wallboard = await ChatDriver.OpenAsync(context);
        await wallboard.SignInAsync(_host.Address, "supervisor");
        await wallboard.Page.GotoAsync(new Uri(_host.Address, "/live?view=wallboard").ToString());
        await wallboard.SeeAsync(LiveText.EmptyTitle);
        await wallboard.Page.Mouse.MoveAsync(700, 400);

        // The first batch fetches and compiles what is needed once.
        await PassAsync(wallboard);
        var browser = await CountAsync(wallboard.Page);
        var held = Rows.Held;
        while (_next < s_runs)
        {
            await PassAsync(wallboard);
        }

        var after = await CountAsync(wallboard.Page);
        Assert.Equal(browser.Elements, after.Elements);
        Assert.Equal(browser.Intervals, after.Intervals);
        Assert.InRange(after.Listeners, 0, browser.Listeners);

        // What was taken out of the page is gone: a batch has thousands of nodes, and what the engine has not collected yet is less than one.
        Assert.InRange(after.Nodes, 0, browser.Nodes + 1_000);
        Assert.Equal(held, Rows.Held);
        Assert.Empty(Board.Current.Rows);
        Assert.Empty(wallboard.Complaints);
    }

    /// <summary>A batch of runs comes, writes and ends so long ago that the wall no longer shows it.</summary>
    private async Task PassAsync(ChatDriver wallboard)
    {
        var directory = _host.App.Services.GetRequiredService<RunDirectory>();
        var now = DateTimeOffset.UtcNow;
        RunSummary[] runs =
        [
            .. Enumerable.Range(_next, Batch).Select(number => new FakeRun(string.Create(CultureInfo.InvariantCulture, $"passing{number}")).Summary with
            {
                UserId = "usr_demo_staff1",
                Status = RunStatus.Running,
                Input = "Which pumps do we have?",
                HeadSeq = 3,
                CreatedAt = now,
                StartedAt = now,
                LastEventAt = now,
            }),
        ];
        _next += Batch;
        var rows = wallboard.Page.Locator(".live-row");
        foreach (var run in runs)
        {
            directory.Publish(run);
        }

        await Expect(rows).ToHaveCountAsync(Batch, new() { Timeout = ChatDriver.Timeout });
        foreach (var run in runs)
        {
            directory.Publish(run with { HeadSeq = 4, LastWords = "Let me see" });
        }

        await Expect(rows.Filter(new() { HasText = "Let me see" })).ToHaveCountAsync(Batch, new() { Timeout = ChatDriver.Timeout });
        foreach (var run in runs)
        {
            directory.Publish(run with { HeadSeq = 5, Status = RunStatus.Completed, CompletedAt = now - LiveRows.EndedLifetime });
        }

        await Expect(rows).ToHaveCountAsync(0, new() { Timeout = ChatDriver.Timeout });
        await wallboard.SeeAsync(LiveText.EmptyTitle);
    }

    private static async Task<Held> CountAsync(IPage page)
    {
        await using var devTools = new DevTools(await page.Context.NewCDPSessionAsync(page));
        await devTools.Session.SendAsync("HeapProfiler.enable");
        await devTools.Session.SendAsync("HeapProfiler.collectGarbage");
        var counters = await devTools.Session.SendAsync("Memory.getDOMCounters");
        return new Held(
            await page.EvaluateAsync<int>("document.querySelectorAll('*').length"),
            await page.EvaluateAsync<int>("window.copilotTestIntervals()"),
            counters!.Value.GetProperty("jsEventListeners").GetInt32(),
            counters.Value.GetProperty("nodes").GetInt32());
    }

    /// <param name="Elements">In the page.</param>
    /// <param name="Intervals">Timers that repeat.</param>
    /// <param name="Listeners">Of the whole page, after a collection.</param>
    /// <param name="Nodes">In the page and taken out of it, after a collection.</param>
    private sealed record Held(int Elements, int Intervals, int Listeners, int Nodes);

    private sealed class DevTools(ICDPSession session) : IAsyncDisposable
    {
        public ICDPSession Session => session;

        public async ValueTask DisposeAsync() => await session.DetachAsync();
    }
}
