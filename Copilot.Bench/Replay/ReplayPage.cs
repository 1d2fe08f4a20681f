using System.Globalization;
using System.Text.RegularExpressions;
using Copilot.Bench.Live;
using Copilot.Bench.Product;
using Copilot.Web.Components.RunScreen.Player;
using Microsoft.Playwright;

namespace Copilot.Bench.Replay;

/// <summary>A supervisor's page of a run in a real browser, and what it is sent.</summary>
internal sealed partial class ReplayPage
{
    // When each part was first painted: the frame after it has come, and what comes after that frame.
    private const string Watch = """
        (() => {
          const parts = { head: '.run-head', conversation: '.run-talk .answer', player: '[data-player-slider]', events: 'tr.raw-row[data-seq]' };
          window.painted = {};
          const look = () => {
            for (const [name, selector] of Object.entries(parts)) {
              if (!(name in window.painted) && document.querySelector(selector)) {
                window.painted[name] = null;
                requestAnimationFrame(() => setTimeout(() => { window.painted[name] = performance.now(); }));
              }
            }
          };
          new MutationObserver(look).observe(document, { childList: true, subtree: true });
        })();
        """;

    private readonly IPage _page;
    private long _bytes;
    private long _updates;

    private ReplayPage(IPage page)
    {
        _page = page;
        page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) =>
        {
            Interlocked.Add(ref _bytes, frame.Binary?.Length ?? frame.Text?.Length ?? 0);
            Interlocked.Increment(ref _updates);
        };
    }

    /// <summary>Bytes and messages that the page was sent so far.</summary>
    public (long Bytes, long Updates) Sent => (Interlocked.Read(ref _bytes), Interlocked.Read(ref _updates));

    /// <summary>The parts whose first paint is timed.</summary>
    public static IReadOnlyList<string> Parts { get; } = ["head", "conversation", "player", "events"];

    /// <summary>Signs a supervisor in.</summary>
    public static async Task<ReplayPage> SignInAsync(IBrowserContext context, Uri address)
    {
        var page = await context.NewPageAsync();
        await page.AddInitScriptAsync(Watch);
        await page.GotoAsync(new Uri(address, "/signin").ToString());
        await page.GetByRole(AriaRole.Button, new() { NameRegex = Supervisor() }).First.ClickAsync();
        await page.Locator("main").WaitForAsync();
        return new ReplayPage(page);
    }

    /// <summary>Opens the run and waits until all of it is there.</summary>
    /// <returns>Milliseconds from the beginning of the navigation to the first paint of each of <see cref="Parts"/>.</returns>
    public async Task<IReadOnlyDictionary<string, double>> OpenAsync(Uri address, string runId)
    {
        await _page.GotoAsync(new Uri(address, $"/runs/{runId}").ToString());
        await _page.WaitForFunctionAsync("parts => parts.every(part => typeof window.painted?.[part] === 'number')", Parts);
        return await _page.EvaluateAsync<Dictionary<string, double>>("() => window.painted");
    }

    /// <summary>Draws the playhead over the whole bar and back, sixty times a second, as a hand does.</summary>
    public async Task ScrubAsync(TimeSpan length, CancellationToken cancellationToken)
    {
        var box = (await _page.Locator("[data-player-slider]").BoundingBoxAsync())!;
        double At(double place) => box.X + 2 + ((box.Width - 4) * place);
        await _page.Mouse.MoveAsync((float)At(0), box.Y + (box.Height / 2));
        await _page.Mouse.DownAsync();
        using var frames = new PeriodicTimer(TimeSpan.FromSeconds(1 / 60.0));
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) is var elapsed && elapsed < length)
        {
            await frames.WaitForNextTickAsync(cancellationToken);
            await _page.Mouse.MoveAsync((float)At(0.5 - (0.5 * Math.Cos(elapsed.TotalSeconds * Math.PI / 2))), box.Y + (box.Height / 2));
        }

        await _page.Mouse.UpAsync();
    }

    /// <summary>Plays from a tenth of the bar at a speed.</summary>
    public async Task PlayAsync(double speed, TimeSpan length, CancellationToken cancellationToken)
    {
        await _page.GetByRole(AriaRole.Combobox, new() { Name = PlayerText.Speed, Exact = true }).SelectOptionAsync(speed.ToString(CultureInfo.InvariantCulture));
        await _page.GetByRole(AriaRole.Slider, new() { Name = PlayerText.Position }).PressAsync("1");
        await _page.GetByRole(AriaRole.Button, new() { Name = PlayerText.Play, Exact = true }).ClickAsync();
        await Task.Delay(length, cancellationToken);
    }

    /// <summary>Stops playing.</summary>
    public Task PauseAsync() => _page.GetByRole(AriaRole.Button, new() { Name = PlayerText.Pause, Exact = true }).ClickAsync();

    /// <summary>Lets what was begun come to its end.</summary>
    public Task RestAsync() => _page.WaitForTimeoutAsync(1_500);

    [GeneratedRegex("^Continue as supervisor", RegexOptions.IgnoreCase)]
    private static partial Regex Supervisor();
}
