using Copilot.Demo.Tools.Data;
using Copilot.Domain.Tools;
using Copilot.Domain.Tools.Invocation;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Microsoft.Extensions.Options;

namespace Copilot.Tests.Demo.Tools;

public sealed class DemoDatabaseTests : IDisposable
{
    private readonly DemoFolder _folder = new();
    private readonly ManualClock _clock = new();

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Fact]
    public async Task Start_NoFile_MakesAPlausibleCompany()
    {
        await using var host = await DemoHost.StartAsync(_folder.Path, _clock);

        Assert.Equal(
            "40 customers, 80 contacts, 79 sites, 120 equipment, 82 parts, 12 technicians",
            string.Join(", ", ((string[])["customers", "contacts", "sites", "equipment", "parts", "technicians"])
                .Select(table => $"{host.Count($"SELECT count(*) FROM {table}")} {table}")));
        Assert.Equal(0, host.Count("SELECT count(*) FROM pragma_foreign_key_check"));
        Assert.InRange(host.Count("SELECT count(*) FROM slots"), 300, 600);
    }

    [Fact]
    public async Task Start_FileExists_RetainsItsData()
    {
        await using (var first = await DemoHost.StartAsync(_folder.Path, _clock))
        {
            await first.AskAsync("crm_add_note", """{"customer_id":"cus_1001","note":"kept"}""");
        }

        await using var second = await DemoHost.StartAsync(_folder.Path, _clock);

        Assert.Equal(1, second.Count("SELECT count(*) FROM notes"));
        Assert.Equal(40, second.Count("SELECT count(*) FROM customers"));
    }

    [Fact]
    public async Task Start_TwoProcessesAtOnceWithoutAFile_MakeOneCompany()
    {
        var hosts = await Task.WhenAll(
            Task.Run(() => DemoHost.StartAsync(_folder.Path, _clock)), Task.Run(() => DemoHost.StartAsync(_folder.Path, _clock)));

        Assert.Equal(40, hosts[0].Count("SELECT count(*) FROM customers"));
        await hosts[0].DisposeAsync();
        await hosts[1].DisposeAsync();
    }

    [Fact]
    public async Task Start_FileOfANewerVersion_ReportsWhatToDo()
    {
        await using (var first = await DemoHost.StartAsync(_folder.Path, _clock))
        {
            using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={first.DatabasePath};Pooling=False");
            connection.Open();
            connection.Run("PRAGMA user_version = 99");
        }

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => DemoHost.StartAsync(_folder.Path, _clock));

        Assert.Contains("Delete it to start with a fresh one.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_BadOptions_ListsThemAll()
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => DemoHost.StartAsync(_folder.Path, _clock, options =>
        {
            options.DatabasePath = " ";
            options.Latency = TimeSpan.FromSeconds(-1);
        }));

        Assert.Equal(
            [
                "DemoTools:DatabasePath is missing. Set it to the path of the sample database, like App_Data/demo.db (DemoTools__DatabasePath in the environment).",
                "DemoTools:Latency is -00:00:01. Set it to 00:00:00 to 00:01:00 (DemoTools__Latency in the environment).",
            ],
            exception.Failures);
    }

    [Fact]
    public async Task ScheduleFindSlots_DatabaseGrewOld_StillOffersThreeWeeks()
    {
        await using var host = await DemoHost.StartAsync(_folder.Path, _clock);
        var book = await host.AskAsync("schedule_find_slots", "{}");
        await host.AskAsync("schedule_book", $$"""{"slot_id":"{{book["slots"]![0]!["slot_id"]}}","customer_id":"cus_1001","notes":""}""");
        var atFirst = book["total"]!.GetValue<int>();

        // A multiple of the calendar's pattern (7 days and 11 kinds of day), so that as many slots are free.
        _clock.Advance(TimeSpan.FromDays(77));
        var later = await host.AskAsync("schedule_find_slots", "{}");

        Assert.Equal(atFirst, later["total"]!.GetValue<int>());
        Assert.StartsWith("2027-02-08T", later["slots"]![0]!["starts_at"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(1, host.Count("SELECT count(*) FROM slots WHERE slot_id IN (SELECT slot_id FROM bookings)"));
        Assert.Equal(1, host.Count($"SELECT count(*) FROM slots WHERE ends_at < {DemoTime.ToMicroseconds(_clock.GetUtcNow())}"));
    }

    [Fact]
    public async Task Call_WithLatency_WaitsForTheTimeProvider()
    {
        await using var host = await DemoHost.StartAsync(_folder.Path, _clock, options => options.Latency = TimeSpan.FromMilliseconds(400));
        var call = host.CallAsync("inventory_search", """{"query":"pump"}""");

        // The deadline and the latency.
        await _clock.WhenTimersArmedAsync(2);
        Assert.False(call.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(400));

        Assert.Equal(ToolOutcome.Ok, (await call).Outcome);
    }

    [Fact]
    public async Task Call_WriteStoppedDuringItsLatency_ChangesNothing()
    {
        await using var host = await DemoHost.StartAsync(_folder.Path, _clock, options => options.Latency = TimeSpan.FromMilliseconds(400));
        using var run = new CancellationTokenSource();
        var call = host.Invoker.InvokeAsync(
            new ToolCall("run_1", "call_1", "crm_add_note", """{"customer_id":"cus_1001","note":"x"}""", "user_1"), run.Token);
        await _clock.WhenTimersArmedAsync(2);

        await run.CancelAsync();

        Assert.Equal(ToolOutcome.Cancelled, (await call).Outcome);
        Assert.Equal(0, host.Count("SELECT count(*) FROM notes"));
    }

    [Fact]
    public async Task WriteOnceAsync_StoppedBeforeTheCommit_UndoesTheWork()
    {
        await using var host = await DemoHost.StartAsync(_folder.Path, _clock);
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAsync<OperationCanceledException>(() => host.Database.WriteOnceAsync(
            new ToolIdempotencyKey("run_1", "call_1"),
            "test",
            connection =>
            {
                connection.Run("DELETE FROM slots");
                stop.Cancel();
                return "{}";
            },
            stop.Token));

        Assert.NotEqual(0, host.Count("SELECT count(*) FROM slots"));
        Assert.Equal(0, host.Count("SELECT count(*) FROM tool_results"));
    }
}
