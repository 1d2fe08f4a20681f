using System.Net.Http.Json;
using System.Text.Json;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Browser.Driving;

/// <summary>A server that dies in the middle of a booking, and what its files say then.</summary>
public abstract class KillScene : IAsyncLifetime
{
    private protected const string Booking = BookedConversation.Question;

    private protected AppProcess App { get; set; } = null!;

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await App.DisposeAsync();
    }

    /// <summary>Starts a booking over the API; gives its run.</summary>
    private protected async Task<string> BookAsync()
    {
        using var response = await App.Api.PostAsJsonAsync("/api/runs", new { input = Booking });
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("run_id").GetString()!;
    }

    /// <summary>
    /// Follows the run's published events until one matches; gives the numbers of all that were published so far. Comes back
    /// when the stream ends, as an EventSource does: a run that rests after a restart may go on.
    /// </summary>
    private protected async Task<List<long>> ReadUntilAsync(string runId, Func<string, bool> last)
    {
        var seen = new List<long>();
        var until = DateTimeOffset.UtcNow.AddSeconds(60);
        while (DateTimeOffset.UtcNow < until)
        {
            using var response = await App.Api.GetAsync(
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

    private protected void AssertBookedOnce()
    {
        Assert.Equal(1, Count("reservations"));
        Assert.Equal(1, Count("bookings"));
        Assert.Equal(1, Count("notes"));
    }

    private protected long Count(string table)
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

    private protected string Connection(string file) => $"Data Source={Path.Combine(App.Folder, "App_Data", file)};Pooling=False";

    private protected async Task<IReadOnlyList<RunEvent>> EventsAsync(string runId)
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddCopilotStorage(Connection("copilot.db"))
            .BuildServiceProvider();
        return await services.GetRequiredService<IRunEventStore>().ReadAsync(runId, 0, 100_000, CancellationToken.None);
    }

    private protected static void AssertChain(IReadOnlyList<RunEvent> events)
    {
        var previous = RunEventChain.Start;
        foreach (var runEvent in events)
        {
            Assert.True(RunEventChain.Verify(runEvent, previous), $"event {runEvent.Seq} does not verify");
            previous = runEvent.Hash;
        }
    }
}
