using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Browser.Driving;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Soak;

/// <summary>
/// The server dies under many runs, again and again. Each run comes to its end by itself, no event of it is lost, and each note that an
/// agent was to write is written once.
/// </summary>
/// <remarks><c>COPILOT_RESTARTS=20</c> makes it twenty deaths. Every other one is a clean stop.</remarks>
[Collection(RestartCollection.Name)]
public sealed class RestartTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Together = 20;

    private AppProcess _app = null!;

    public async ValueTask InitializeAsync() =>
        _app = await AppProcess.StartAsync("Demo:TokensPerSecond=200", "DemoTools:Latency=00:00:00.1", "Runs:MaxActivePerUser=200");

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Restart_UnderManyRuns_EveryRunEndsAndNothingHappensTwice()
    {
        var deaths = int.TryParse(Environment.GetEnvironmentVariable("COPILOT_RESTARTS"), CultureInfo.InvariantCulture, out var asked) ? asked : 3;
        for (var death = 0; death < deaths; death++)
        {
            var runs = new List<string>();
            for (var i = 0; i < Together; i++)
            {
                runs.Add(await StartAsync($"Add a note to Contoso: call back about pump {death}-{i}."));
            }

            // In the middle: some have written, some are writing, some have not begun.
            await ReadUntilAsync(runs[Together / 2], "\"tool.started\"");
            await (death % 2 == 0 ? _app.KillAsync() : _app.TerminateAsync());
            var before = await HeadsAsync(runs);
            await _app.StartAgainAsync();

            foreach (var run in runs)
            {
                await ReadUntilAsync(run, "\"run.completed\"");
            }

            var interrupted = 0;
            foreach (var (run, index) in runs.Select((run, index) => (run, index)))
            {
                var events = await EventsAsync(run);
                AssertWhole(events, before[index]);
                interrupted += events.Any(one => one.Type == RunEventTypes.RunInterrupted) ? 1 : 0;
                Assert.Equal(1, NotesWith($"pump {death}-{index}"));
            }

            output.WriteLine($"Death {death}: {interrupted} of {Together} runs were interrupted.");
            Assert.NotEqual(0, interrupted);
        }
    }

    private static void AssertWhole(IReadOnlyList<RunEvent> events, RunEvent last)
    {
        var previous = RunEventChain.Start;
        foreach (var (runEvent, index) in events.Select((one, index) => (one, index)))
        {
            Assert.Equal(index + 1, runEvent.Seq);
            Assert.True(RunEventChain.Verify(runEvent, previous), $"event {runEvent.Seq} does not verify");
            previous = runEvent.Hash;
        }

        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
        Assert.Equal(last.Hash.ToArray(), events[(int)last.Seq - 1].Hash.ToArray());
    }

    private async Task<string> StartAsync(string input)
    {
        using var response = await _app.Api.PostAsJsonAsync("/api/runs", new { input });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("run_id").GetString()!;
    }

    // Comes back when the stream ends, as an EventSource does: a run that was interrupted goes on.
    private async Task ReadUntilAsync(string run, string text)
    {
        var after = 0L;
        var until = DateTimeOffset.UtcNow.AddSeconds(90);
        while (DateTimeOffset.UtcNow < until)
        {
            using var response = await _app.Api.GetAsync($"/api/runs/{run}/events?after={after}", HttpCompletionOption.ResponseHeadersRead);
            response.EnsureSuccessStatusCode();
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            while (await reader.ReadLineAsync().Soon("the run publishes an event") is { } line)
            {
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    after = JsonDocument.Parse(line[6..]).RootElement.GetProperty("seq").GetInt64();
                    if (line.Contains(text, StringComparison.Ordinal))
                    {
                        return;
                    }
                }
            }
        }

        throw new TimeoutException($"{text} did not come within 90 s; the run stands at {after}.");
    }

    private async Task<List<RunEvent>> HeadsAsync(IEnumerable<string> runs)
    {
        var heads = new List<RunEvent>();
        foreach (var run in runs)
        {
            heads.Add((await EventsAsync(run))[^1]);
        }

        return heads;
    }

    private async Task<IReadOnlyList<RunEvent>> EventsAsync(string run)
    {
        await using var services = new ServiceCollection().AddLogging().AddCopilotStorage(Connection("copilot.db")).BuildServiceProvider();
        return await services.GetRequiredService<IRunEventStore>().ReadAsync(run, 0, 100_000, CancellationToken.None);
    }

    private long NotesWith(string text)
    {
        using var connection = new SqliteConnection(Connection("demo.db"));
        connection.Open();
        using var command = connection.CreateCommand();
        // The text ends there: note 1 is not note 10.
        command.CommandText = "SELECT COUNT(*) FROM notes WHERE note LIKE '%' || $text || '.%' OR note LIKE '%' || $text";
        command.Parameters.AddWithValue("$text", text);
        return (long)command.ExecuteScalar()!;
    }

    private string Connection(string file) => $"Data Source={Path.Combine(_app.Folder, "App_Data", file)};Pooling=False";
}

/// <summary>By itself only so that it has a name: the server is a process of its own, and the test mostly waits for it.</summary>
[CollectionDefinition(Name)]
public sealed class RestartCollection
{
    public const string Name = "Restart";
}
