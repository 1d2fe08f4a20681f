using Copilot.Tests.Browser.Driving;
using System.Net.Http.Json;
using System.Text.Json;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Components.Chat;
using Copilot.Web.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Copilot.Tests.Browser;

/// <summary>The server is killed in the middle of a run: what was on screen is kept, and nothing with effects happens twice.</summary>
[Collection(ConversationBrowserCollection.Name)]
public sealed class KillTests(BrowserFixture fixture) : IAsyncLifetime
{
    private const string Booking = "Contoso's cooling pump is broken. Book a technician and reserve the spare part.";

    private IBrowserContext _context = null!;
    private AppProcess _app = null!;

    public async ValueTask InitializeAsync() => _context = await fixture.Browser.NewContextAsync();

    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Kill_WhileTheAnswerStreams_KeepsAllThatWasShownAndResumesTheSameRun()
    {
        _app = await AppProcess.StartAsync("Demo:TokensPerSecond=25", "DemoTools:Latency=00:00:00.1", "Runs:ResumeAtStart=false");
        var chat = await ChatDriver.OpenAsync(_context);
        await chat.SignInAsync(_app.Address, "staff");
        await chat.AskAsync(Booking);
        await chat.UnfoldAsync();
        await chat.SeeAsync("Technician");
        var runId = await chat.Timeline.GetAttributeAsync("data-run") ?? "";
        var shown = await chat.Timeline.GetByRole(AriaRole.Article).AllInnerTextsAsync();

        await _app.KillAsync();
        await _app.StartAgainAsync();
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
    public async Task Kill_WhileTheAnswerStreams_GoesOnByItselfAfterTheRestart()
    {
        _app = await AppProcess.StartAsync("Demo:TokensPerSecond=25", "DemoTools:Latency=00:00:00.1");
        using var response = await _app.Api.PostAsJsonAsync("/api/runs", new { input = Booking });
        var runId = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("run_id").GetString()!;
        await ReadUntilAsync(runId, line => line.Contains("\"tool.completed\"", StringComparison.Ordinal)
            && line.Contains("schedule_book", StringComparison.Ordinal));

        await _app.KillAsync();
        await _app.StartAgainAsync();
        await ReadUntilAsync(runId, line => line.Contains("\"run.completed\"", StringComparison.Ordinal));

        AssertBookedOnce();
        AssertChain(await EventsAsync(runId));
    }

    [Fact]
    public async Task Stop_WhileTheAnswerStreams_InterruptsTheRunAndItGoesOnAfterTheRestart()
    {
        _app = await AppProcess.StartAsync("Demo:TokensPerSecond=25", "DemoTools:Latency=00:00:00.1");
        using var response = await _app.Api.PostAsJsonAsync("/api/runs", new { input = Booking });
        var runId = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("run_id").GetString()!;
        await ReadUntilAsync(runId, line => line.Contains("\"tool.completed\"", StringComparison.Ordinal)
            && line.Contains("schedule_book", StringComparison.Ordinal));

        await _app.TerminateAsync();
        var stopped = await EventsAsync(runId);
        await _app.StartAgainAsync();
        await ReadUntilAsync(runId, line => line.Contains("\"run.completed\"", StringComparison.Ordinal));

        Assert.Equal(RunEventTypes.RunInterrupted, stopped[^1].Type);
        AssertBookedOnce();
        AssertChain(await EventsAsync(runId));
    }

    [Fact]
    public async Task Kill_BetweenAToolsEffectAndItsCommit_DoesNotRepeatTheEffect()
    {
        _app = await AppProcess.StartAsync("Demo:TokensPerSecond=0", "DemoTools:Latency=00:00:02", "Runs:ResumeAtStart=false");
        using var response = await _app.Api.PostAsJsonAsync("/api/runs", new { input = Booking });
        var runId = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("run_id").GetString()!;
        var seen = await ReadUntilAsync(runId, line => line.Contains("\"tool.started\"", StringComparison.Ordinal)
            && line.Contains("inventory_reserve", StringComparison.Ordinal));

        // From here the product cannot commit, while its tool can: the effect happens, its end is never written.
        await using (var events = new SqliteConnection(Connection("copilot.db")))
        {
            await events.OpenAsync();
            await using var held = await events.BeginTransactionAsync();
            await WaitForReservationAsync();
            await _app.KillAsync();
        }

        var before = Count("reservations");
        await _app.StartAgainAsync();
        await ReadUntilAsync(runId, line => line.Contains("\"run.interrupted\"", StringComparison.Ordinal));
        var run = await _app.Api.GetFromJsonAsync<JsonElement>($"/api/runs/{runId}");
        Assert.Equal("interrupted", run.GetProperty("status").GetString());
        var kept = await EventsAsync(runId);
        Assert.Equal(1, before);
        Assert.Equal(seen, kept.Take(seen.Count).Select(e => e.Seq));
        Assert.Equal(RunEventTypes.RunInterrupted, kept[^1].Type);
        AssertChain(kept);

        var chat = await ChatDriver.OpenAsync(_context);
        await chat.SignInAsync(_app.Address, "staff");
        await chat.Page.GotoAsync(new Uri(_app.Address, $"/chat/{run.GetProperty("session_id").GetString()}").ToString());
        await chat.Page.GetByRole(AriaRole.Button, new() { Name = ChatText.Resume, Exact = true }).ClickAsync();
        await chat.SeeStatusAsync("completed");

        AssertBookedOnce();
        AssertChain(await EventsAsync(runId));
    }

    /// <summary>
    /// Follows the run's published events until one matches; gives the numbers of all that were published so far. Comes back
    /// when the stream ends, as an EventSource does: a run that rests after a restart may go on.
    /// </summary>
    private async Task<List<long>> ReadUntilAsync(string runId, Func<string, bool> last)
    {
        var seen = new List<long>();
        var until = DateTimeOffset.UtcNow.AddSeconds(60);
        while (DateTimeOffset.UtcNow < until)
        {
            using var response = await _app.Api.GetAsync(
                $"/api/runs/{runId}/events?after={seen.LastOrDefault()}", HttpCompletionOption.ResponseHeadersRead);
            response.EnsureSuccessStatusCode();
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            while (await reader.ReadLineAsync().Soon("the run publishes an event") is { } line)
            {
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    seen.Add(JsonDocument.Parse(line[6..]).RootElement.GetProperty("seq").GetInt64());
                    if (last(line))
                    {
                        return seen;
                    }
                }
            }
        }

        throw new TimeoutException($"The event did not come within 60 s, after {seen.Count} others.");
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

    private void AssertBookedOnce()
    {
        Assert.Equal(1, Count("reservations"));
        Assert.Equal(1, Count("bookings"));
        Assert.Equal(1, Count("notes"));
    }

    private long Count(string table)
    {
        using var connection = new SqliteConnection(Connection("demo.db"));
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = table switch
        {
            "reservations" => "SELECT COUNT(*) FROM reservations",
            "bookings" => "SELECT COUNT(*) FROM bookings",
            _ => "SELECT COUNT(*) FROM tool_results WHERE tool = 'crm_add_note'",
        };
        return (long)command.ExecuteScalar()!;
    }

    private string Connection(string file) => $"Data Source={Path.Combine(_app.Folder, "App_Data", file)};Pooling=False";

    private async Task<IReadOnlyList<RunEvent>> EventsAsync(string runId)
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddCopilotStorage(Connection("copilot.db"))
            .BuildServiceProvider();
        return await services.GetRequiredService<IRunEventStore>().ReadAsync(runId, 0, 100_000, CancellationToken.None);
    }

    private static void AssertChain(IReadOnlyList<RunEvent> events)
    {
        var previous = RunEventChain.Start;
        foreach (var runEvent in events)
        {
            Assert.True(RunEventChain.Verify(runEvent, previous), $"event {runEvent.Seq} does not verify");
            previous = runEvent.Hash;
        }
    }
}
