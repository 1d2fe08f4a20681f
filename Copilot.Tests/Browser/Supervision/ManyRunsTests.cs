using System.Globalization;
using System.Text.RegularExpressions;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Browser.Driving;
using Copilot.Tests.Storage;
using Copilot.Web.Components.Live;
using Copilot.Web.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Copilot.Tests.Browser.Supervision;

/// <summary>More runs on the wall than are drawn at once, and the way there from the chat's start page.</summary>
[Collection(BrowserCollection.Name)]
public sealed class ManyRunsTests(BrowserFixture fixture) : IAsyncLifetime
{
    private const int Runs = 150;
    private AppProcess _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppProcess.StartAsync();
        await _app.TerminateAsync();
        await using (var services = new ServiceCollection()
            .AddLogging()
            .AddCopilotStorage($"Data Source={Path.Combine(_app.Folder, "App_Data", "copilot.db")};Pooling=False")
            .BuildServiceProvider())
        {
            var store = services.GetRequiredService<IRunEventStore>();
            for (var number = 0; number < Runs; number++)
            {
                var run = new FakeRun($"many{number:000}");
                run.Summary = run.Summary with { UserId = "usr_demo_staff1" };
                await store.AppendAsync([run.Created(string.Create(CultureInfo.InvariantCulture, $"Question {number}"))], CancellationToken.None);
                run.Summary = run.Summary with { Status = RunStatus.Interrupted };
                var last = run.Append((RunEventTypes.RunInterrupted, "{}"));
                await store.AppendAsync([last with { Summary = last.Summary with { LastEventAt = DateTimeOffset.UtcNow } }], CancellationToken.None);
            }
        }

        await _app.StartAgainAsync();
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData(1440, 900, ColorScheme.Light)]
    [InlineData(390, 844, ColorScheme.Dark)]
    public async Task Wall_MoreRunsThanAreDrawn_AreAllReached_FromTheStartPageOn(int width, int height, ColorScheme scheme)
    {
        await using var context = await fixture.Browser.NewContextAsync(width, height, scheme);
        var supervisor = await ChatDriver.OpenAsync(context);
        await supervisor.SignInAsync(_app.Address, "supervisor");
        var card = supervisor.Page.Locator(".live-card");
        await Expect(card).ToContainTextAsync(LiveText.Card(Runs), new() { Timeout = ChatDriver.Timeout });
        await supervisor.Page.CheckLookAsync("start page");
        await card.ClickAsync();
        await Expect(supervisor.Page).ToHaveURLAsync(new Regex("/live$"), new() { Timeout = ChatDriver.Timeout });

        var rows = supervisor.Page.GetByRole(AriaRole.List, new() { Name = LiveText.List }).Locator(".live-row");
        await Expect(rows.First).ToHaveAttributeAsync("aria-setsize", "150", new() { Timeout = ChatDriver.Timeout });
        Assert.InRange(await rows.CountAsync(), 1, Runs - 1);
        await supervisor.Page.CheckLookAsync("many runs");

        // By keyboard past what was drawn at first.
        var drawn = await rows.CountAsync();
        for (var press = 0; press < 4 * Runs && await PlaceAsync(supervisor) <= drawn; press++)
        {
            await supervisor.Page.Keyboard.PressAsync("j");
        }

        Assert.True(await PlaceAsync(supervisor) > drawn);
        Assert.True(await rows.CountAsync() < Runs);

        // And to the last one.
        await supervisor.Page.WaitForFunctionAsync(
            "() => { const wall = document.querySelector('.live'); wall.scrollTop = wall.scrollHeight; return document.querySelector(\".live-row[aria-posinset='150']\") !== null; }",
            null,
            new() { Timeout = ChatDriver.Timeout });
        await supervisor.Page.Locator(".live-row[aria-posinset='150'] .live-link").FocusAsync();
        await supervisor.Page.Keyboard.PressAsync("k");
        Assert.Equal(149, await PlaceAsync(supervisor));
        Assert.InRange(await rows.CountAsync(), 1, Runs - 1);

        await supervisor.Page.GotoAsync(new Uri(_app.Address, "/live?view=wallboard").ToString());
        await Expect(rows.First).ToHaveAttributeAsync("aria-setsize", "150", new() { Timeout = ChatDriver.Timeout });
        Assert.InRange(await rows.CountAsync(), 1, Runs - 1);
        await Expect(supervisor.Page.Locator("button:visible")).ToHaveCountAsync(0);
        await supervisor.Page.CheckLookAsync("wallboard of many runs");
        Assert.Empty(supervisor.Complaints);
    }

    [Fact]
    public async Task StartPage_OfStaff_HasNoWayToTheWall()
    {
        await using var context = await fixture.Browser.NewContextAsync();
        var staff = await ChatDriver.OpenAsync(context);
        await staff.SignInAsync(_app.Address, "staff");

        await Expect(staff.Page.Locator(".empty")).ToBeVisibleAsync(new() { Timeout = ChatDriver.Timeout });
        await Expect(staff.Page.Locator(".live-card")).ToHaveCountAsync(0);
    }

    private static Task<int> PlaceAsync(ChatDriver driver) =>
        driver.Page.EvaluateAsync<int>("Number(document.activeElement?.closest('.live-row')?.getAttribute('aria-posinset') ?? 0)");
}
