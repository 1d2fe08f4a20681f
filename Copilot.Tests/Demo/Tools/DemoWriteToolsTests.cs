using System.Text.Json.Nodes;
using Copilot.Domain.Tools;
using Copilot.Domain.Tools.Invocation;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;

namespace Copilot.Tests.Demo.Tools;

public sealed class DemoWriteToolsTests : IAsyncLifetime
{
    private const string Reserve = """{"part_id":"prt_1001","quantity":2,"customer_id":"cus_1001"}""";
    private const string Note = """{"customer_id":"cus_1001","note":"Ring first."}""";

    private readonly DemoFolder _folder = new();
    private readonly ManualClock _clock = new();
    private DemoHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await DemoHost.StartAsync(_folder.Path, _clock);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Booking_FromCustomerToNote_WorksWithTheIdsTheToolsGive()
    {
        var customer = Id(await _host.AskAsync("crm_find_customer", """{"query":"Contoso"}"""), "customers", "customer_id");
        var part = Id(await _host.AskAsync("inventory_search", """{"query":"cooling pump","in_stock_only":true}"""), "parts", "part_id");
        var slot = Id(await _host.AskAsync("schedule_find_slots", """{"skill":"cooling","area":"London"}"""), "slots", "slot_id");
        var reserved = await _host.AskAsync("inventory_reserve", $$"""{"part_id":"{{part}}","quantity":1,"customer_id":"{{customer}}"}""");
        var reservation = reserved["reservation_id"]!.GetValue<string>();

        var booked = await _host.AskAsync(
            "schedule_book",
            $$"""{"slot_id":"{{slot}}","customer_id":"{{customer}}","part_reservation_id":"{{reservation}}","notes":"Pump is noisy."}""");
        await _host.AskAsync("crm_add_note", $$"""{"customer_id":"{{customer}}","note":"Booked {{slot}}."}""");

        Assert.Equal(5, reserved["left_in_stock"]!.GetValue<int>());
        Assert.Equal(reservation, booked["part_reservation_id"]!.GetValue<string>());
        var slots = await _host.AskAsync("schedule_find_slots", """{"skill":"cooling","area":"London"}""");
        Assert.NotEqual(slot, Id(slots, "slots", "slot_id"));
        var found = await _host.AskAsync("crm_find_customer", """{"query":"Contoso"}""");
        Assert.Equal($"Booked {slot}.", found["customers"]![0]!["notes"]![0]!["text"]!.GetValue<string>());
    }

    [Fact]
    public async Task Write_SameCallAfterARestart_ReturnsTheFirstResultByteForByteAndDoesNothing()
    {
        var slot = Id(await _host.AskAsync("schedule_find_slots", "{}"), "slots", "slot_id");
        (string Tool, string Arguments)[] writes =
        [
            ("inventory_reserve", Reserve),
            ("schedule_book", $$"""{"slot_id":"{{slot}}","customer_id":"cus_1001","notes":""}"""),
            ("crm_add_note", Note),
        ];
        var first = new List<string>();
        foreach (var (tool, arguments) in writes)
        {
            var result = await _host.CallAsync(tool, arguments, $"once_{tool}");
            Assert.Equal(ToolOutcome.Ok, result.Outcome);
            first.Add(result.Output);
        }

        await _host.DisposeAsync();
        _clock.Advance(TimeSpan.FromDays(2));
        _host = await DemoHost.StartAsync(_folder.Path, _clock);

        var second = new List<string>();
        foreach (var (tool, arguments) in writes)
        {
            second.Add((await _host.CallAsync(tool, arguments, $"once_{tool}")).Output);
        }

        Assert.Equal(first, second);
        Assert.Equal(1, _host.Count("SELECT count(*) FROM reservations"));
        Assert.Equal(1, _host.Count("SELECT count(*) FROM bookings"));
        Assert.Equal(1, _host.Count("SELECT count(*) FROM notes"));
        Assert.Equal(4, _host.Count("SELECT in_stock FROM parts WHERE part_id = 'prt_1001'"));
    }

    [Fact]
    public async Task Write_SameCallAtTheSameTime_HasOneEffect()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _host.CallAsync("inventory_reserve", Reserve, "once")));

        Assert.Single(results.Select(result => result.Output).Distinct());
        Assert.Equal(1, _host.Count("SELECT count(*) FROM reservations"));
    }

    [Fact]
    public async Task Write_OtherCallWithTheSameArguments_IsAnotherEffect()
    {
        await _host.AskAsync("crm_add_note", Note);
        await _host.AskAsync("crm_add_note", Note);

        Assert.Equal(2, _host.Count("SELECT count(*) FROM notes"));
    }

    [Fact]
    public async Task Write_CallIdUsedByAnotherTool_IsAnErrorAndNotItsResult()
    {
        await _host.CallAsync("crm_add_note", Note, "once");

        var result = await _host.CallAsync("inventory_reserve", Reserve, "once");

        Assert.Equal(ToolOutcome.Failed, result.Outcome);
        Assert.Equal(0, _host.Count("SELECT count(*) FROM reservations"));
    }

    [Fact]
    public async Task Write_AfterAConflict_MayBeTriedAgainWithTheSameKey()
    {
        var tooMany = await _host.CallAsync("inventory_reserve", Reserve.Replace("2", "99", StringComparison.Ordinal), "once");
        Assert.Equal(ToolOutcome.Failed, tooMany.Outcome);

        Assert.Equal(ToolOutcome.Ok, (await _host.CallAsync("inventory_reserve", Reserve, "once")).Outcome);
    }

    [Fact]
    public async Task ScheduleBook_ManyAtOnceFromTwoProcesses_OneWins()
    {
        await using var other = await DemoHost.StartAsync(_folder.Path, _clock);
        var slot = Id(await _host.AskAsync("schedule_find_slots", "{}"), "slots", "slot_id");

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(index => (index % 2 == 0 ? _host : other).CallAsync(
            "schedule_book", $$"""{"slot_id":"{{slot}}","customer_id":"cus_{{1001 + index}}","notes":""}""", $"book_{index}")));

        Assert.Single(results, result => result.Outcome == ToolOutcome.Ok);
        Assert.Equal(
            [$"The slot {slot} is already taken. Call schedule_find_slots again and book another."],
            results.Where(result => result.Outcome != ToolOutcome.Ok).Select(result => result.Output).Distinct());
        Assert.Equal(1, _host.Count("SELECT count(*) FROM bookings"));
    }

    [Fact]
    public async Task InventoryReserve_ManyAtOnce_NeverExceedsTheStock()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _host.CallAsync("inventory_reserve", Reserve)));

        Assert.Equal(3, results.Count(result => result.Outcome == ToolOutcome.Ok));
        Assert.Equal(0, _host.Count("SELECT in_stock FROM parts WHERE part_id = 'prt_1001'"));
        Assert.Equal(
            "Cooling pump 25-60 (prt_1001) is out of stock. Search for another part that fits.",
            results.First(result => result.Outcome != ToolOutcome.Ok).Output);
    }

    [Theory]
    [InlineData("inventory_reserve", """{"part_id":"prt_1001","quantity":0,"customer_id":"cus_1001"}""", "The argument 'quantity' must be a whole number from 1 to 100, but it is 0.")]
    [InlineData("inventory_reserve", """{"part_id":"prt_1001","quantity":50,"customer_id":"cus_1001"}""", "Only 6 of Cooling pump 25-60 (prt_1001) are in stock, not 50. Reserve fewer or search for another part.")]
    [InlineData("inventory_reserve", """{"part_id":"prt_9","quantity":1,"customer_id":"cus_1001"}""", "There is no part 'prt_9'. Call inventory_search and use the part_id it gives.")]
    [InlineData("inventory_reserve", """{"part_id":"prt_1001","quantity":1,"customer_id":"Contoso"}""", "There is no customer 'Contoso'. Call crm_find_customer and use the customer_id it gives.")]
    [InlineData("schedule_book", """{"slot_id":"slt_9","customer_id":"cus_1001","notes":""}""", "There is no slot 'slt_9'. Call schedule_find_slots and use a slot_id it gives.")]
    [InlineData("schedule_book", """{"slot_id":"slt_9","customer_id":"cus_1001"}""", "The argument 'notes' is missing; it must be a text of 0 to 1000 characters.")]
    [InlineData("crm_add_note", """{"customer_id":"cus_9","note":"x"}""", "There is no customer 'cus_9'. Call crm_find_customer and use the customer_id it gives.")]
    public async Task Write_Impossible_ReportsWhatToDoAndChangesNothing(string tool, string arguments, string sentence)
    {
        var result = await _host.CallAsync(tool, arguments);

        Assert.Equal(ToolOutcome.Failed, result.Outcome);
        Assert.Equal(sentence, result.Output);
        Assert.Equal(0, _host.Count("SELECT count(*) FROM tool_results"));
    }

    [Fact]
    public async Task ScheduleBook_ReservationOfAnother_IsRefused()
    {
        var slot = Id(await _host.AskAsync("schedule_find_slots", "{}"), "slots", "slot_id");
        var reservation = (await _host.AskAsync("inventory_reserve", Reserve))["reservation_id"]!.GetValue<string>();

        var foreign = await _host.CallAsync(
            "schedule_book", $$"""{"slot_id":"{{slot}}","customer_id":"cus_1002","part_reservation_id":"{{reservation}}","notes":""}""");
        var unknown = await _host.CallAsync(
            "schedule_book", $$"""{"slot_id":"{{slot}}","customer_id":"cus_1002","part_reservation_id":"res_9","notes":""}""");

        Assert.Equal($"The reservation {reservation} is for another customer, cus_1001. Reserve the part for cus_1002.", foreign.Output);
        Assert.StartsWith("There is no reservation 'res_9'.", unknown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScheduleBook_SlotHasBegun_IsRefused()
    {
        var slot = Id(await _host.AskAsync("schedule_find_slots", "{}"), "slots", "slot_id");
        _clock.Advance(TimeSpan.FromDays(1));

        var result = await _host.CallAsync("schedule_book", $$"""{"slot_id":"{{slot}}","customer_id":"cus_1001","notes":""}""");

        Assert.Equal($"The slot {slot} has already begun. Call schedule_find_slots again and book a later one.", result.Output);
    }

    private static string Id(JsonObject found, string list, string property)
    {
        return found[list]![0]![property]!.GetValue<string>();
    }
}
