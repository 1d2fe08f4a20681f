using System.Net.Http.Json;
using System.Text.Json;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Browser.Driving;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Components.Chat;
using Microsoft.Data.Sqlite;
using Microsoft.Playwright;

namespace Copilot.Tests.Browser;

/// <summary>The server is killed in the middle of a run: what was on screen is kept, and nothing with effects happens twice.</summary>
[Collection(ConversationBrowserCollection.Name)]
public sealed class KillTests(BrowserFixture fixture) : KillScene
{
    private IBrowserContext _context = null!;

    public override async ValueTask InitializeAsync() => _context = await fixture.Browser.NewContextAsync();

    public override async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Kill_WhileTheAnswerStreams_KeepsAllThatWasShownAndResumesTheSameRun()
    {
        App = await AppProcess.StartAsync("Demo:TokensPerSecond=20", "DemoTools:Latency=00:00:00.1", "Runs:ResumeAtStart=false");
        var chat = await ChatDriver.OpenAsync(_context);
        await chat.SignInAsync(App.Address, "staff");
        await chat.AskAsync(Booking);
        await chat.UnfoldAsync();

        // The answer takes some five seconds: what is on screen is read when nothing can be added to it any more.
        await chat.Page.WaitForFunctionAsync("() => document.querySelector('main').innerText.includes('The visit for')");
        await App.KillAsync();
        var runId = await chat.Timeline.GetAttributeAsync("data-run") ?? "";
        var shown = await chat.Timeline.GetByRole(AriaRole.Article).AllInnerTextsAsync();
        Assert.NotEqual("completed", await chat.Timeline.GetAttributeAsync("data-status"));

        await App.StartAgainAsync();
        await chat.Page.GetByRole(AriaRole.Button, new() { Name = ChatText.Resume, Exact = true }).ClickAsync();
        await chat.SeeStatusAsync("completed");

        Assert.Equal(runId, await chat.Timeline.GetAttributeAsync("data-run"));
        Assert.Equal(6, shown.Count);
        var events = await EventsAsync(runId);
        Assert.Contains(events, e => e.Type == RunEventTypes.RunInterrupted);
        Assert.Contains(events, e => e.Type == RunEventTypes.AttemptSuperseded);
        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
        AssertChain(events);
        AssertBookedOnce();
    }

    [Fact]
    public async Task Kill_BetweenAToolsEffectAndItsCommit_DoesNotRepeatTheEffect()
    {
        App = await AppProcess.StartAsync("Demo:TokensPerSecond=0", "DemoTools:Latency=00:00:02", "Runs:ResumeAtStart=false");
        var runId = await BookAsync();
        var seen = await ReadUntilAsync(runId, line => line.Contains("\"tool.started\"", StringComparison.Ordinal)
            && line.Contains("inventory_reserve", StringComparison.Ordinal));

        // From here the product cannot commit, while its tool can: the effect happens, its end is never written.
        await using (var events = new SqliteConnection(Connection("copilot.db")))
        {
            await events.OpenAsync();
            await using var held = await events.BeginTransactionAsync();
            await WaitForReservationAsync();
            await App.KillAsync();
        }

        var before = Count("reservations");
        await App.StartAgainAsync();
        await ReadUntilAsync(runId, line => line.Contains("\"run.interrupted\"", StringComparison.Ordinal));
        var run = await App.Api.GetFromJsonAsync<JsonElement>($"/api/runs/{runId}");
        Assert.Equal("interrupted", run.GetProperty("status").GetString());
        var kept = await EventsAsync(runId);
        Assert.Equal(1, before);
        Assert.Equal(seen, kept.Take(seen.Count).Select(e => e.Seq));
        Assert.Equal(RunEventTypes.RunInterrupted, kept[^1].Type);
        AssertChain(kept);

        var chat = await ChatDriver.OpenAsync(_context);
        await chat.SignInAsync(App.Address, "staff");
        await chat.Page.GotoAsync(new Uri(App.Address, $"/chat/{run.GetProperty("session_id").GetString()}").ToString());
        await chat.Page.GetByRole(AriaRole.Button, new() { Name = ChatText.Resume, Exact = true }).ClickAsync();
        await chat.SeeStatusAsync("completed");

        AssertBookedOnce();
        AssertChain(await EventsAsync(runId));
    }

    private async Task WaitForReservationAsync()
    {
        // The demo company's file has no signal to wait for; its own row is what tells that the effect has happened.
        var until = DateTimeOffset.UtcNow.Add(Waiting.Limit);
        while (Count("reservations") == 0)
        {
            Assert.True(DateTimeOffset.UtcNow < until, "The part was not reserved in time.");
            await Task.Yield();
        }
    }
}
