using System.Text.Json.Nodes;
using Copilot.Domain.Tools;
using Copilot.Domain.Tools.Invocation;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;

namespace Copilot.Tests.Demo.Tools;

public sealed class DemoSearchToolsTests : IAsyncLifetime
{
    private readonly DemoFolder _folder = new();
    private DemoHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await DemoHost.StartAsync(_folder.Path, new ManualClock());
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void Definitions_OfTheNineTools_CarryTheirFlags()
    {
        Assert.Equal(
            [
                "crm_find_customer reads, beside others",
                "inventory_search reads, beside others",
                "schedule_find_slots reads, beside others",
                "inventory_reserve writes, alone",
                "schedule_book writes, alone",
                "crm_add_note writes, alone",
                "orders_list reads, beside others",
                "orders_place writes, alone",
                "sql_query reads, beside others",
            ],
            _host.Registry.Definitions.Select(tool =>
                $"{tool.Name} {(tool.ReadOnly ? "reads" : "writes")}, {(tool.Parallel ? "beside others" : "alone")}"));
        Assert.All(_host.Registry.Definitions, tool => Assert.True(tool.Idempotent));
        Assert.Equal("orders_place", Assert.Single(_host.Registry.Definitions, tool => tool.RequiresApproval).Name);
    }

    [Fact]
    public void Definitions_ScheduleBook_HasThisStrictSchema()
    {
        Assert.True(_host.Registry.TryGet("schedule_book", out var tool));

        Assert.Equal(
            """{"type":"object","properties":{"slot_id":{"type":"string","description":"The slot_id that schedule_find_slots gave."},"customer_id":{"type":"string","description":"The customer_id that crm_find_customer gave."},"part_reservation_id":{"type":["string","null"],"description":"The reservation_id that inventory_reserve gave, where a part is to be brought along; else null."},"notes":{"type":"string","description":"What the technician should know: the fault, the equipment, how to get in, at most 1000 characters."}},"required":["slot_id","customer_id","part_reservation_id","notes"],"additionalProperties":false}""",
            tool.Definition.Parameters.GetRawText());
    }

    [Theory]
    [InlineData("Contoso", "Contoso", 1)]
    [InlineData("contoso's broken chiller", "Contoso", 1)]
    [InlineData("northwind", "Northwind Traders", 1)]
    [InlineData("the bakeries", "Harbour Bakery", 1)]
    [InlineData("cus_1002", "Fabrikam", 1)]
    [InlineData("zzz", null, 0)]
    public async Task CrmFindCustomer_NaturalWords_FindsTheCustomer(string query, string? first, int total)
    {
        var found = await _host.AskAsync("crm_find_customer", new JsonObject { ["query"] = query }.ToJsonString());

        Assert.Equal(first, found["customers"]!.AsArray().FirstOrDefault()?["name"]!.GetValue<string>());
        Assert.Equal(total, found["total"]!.GetValue<int>());
    }

    [Fact]
    public async Task CrmFindCustomer_Contoso_ShowsEverythingABookingNeeds()
    {
        var found = await _host.AskAsync("crm_find_customer", """{"query":"Contoso"}""");

        var contoso = found["customers"]![0]!;
        Assert.Equal("cus_1001", contoso["customer_id"]!.GetValue<string>());
        Assert.Equal("London", contoso["city"]!.GetValue<string>());
        Assert.Equal(
            ["Condensing boiler BX-24", "Water chiller KR-80", "Ventilation unit VU-6"],
            contoso["equipment"]!.AsArray().Select(item => item!["name"]!.GetValue<string>()));
        Assert.Equal(2, contoso["contacts"]!.AsArray().Count);
        Assert.Equal("Head office", contoso["sites"]![0]!["name"]!.GetValue<string>());
        Assert.Empty(contoso["notes"]!.AsArray());
    }

    [Fact]
    public async Task CrmFindCustomer_ByEquipment_FindsOwners()
    {
        var found = await _host.AskAsync("crm_find_customer", """{"query":"boilers"}""");

        Assert.Equal(5, found["customers"]!.AsArray().Count);
        Assert.All(found["customers"]!.AsArray(), customer => Assert.Contains(
            customer!["equipment"]!.AsArray(), item => item!["name"]!.GetValue<string>().Contains("boiler", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("cooling pump", "Cooling pump 25-60")]
    [InlineData("Cooling Pumps for the chiller", "Cooling pump 25-60")]
    [InlineData("boiler", "Boiler control board BX")]
    [InlineData("spare thermostats", "Room thermostat wired")]
    [InlineData("CP-101", "Cooling pump 32-80")]
    public async Task InventorySearch_NaturalWords_FindsThePartFirst(string query, string first)
    {
        var found = await _host.AskAsync("inventory_search", new JsonObject { ["query"] = query }.ToJsonString());

        Assert.Equal(first, found["parts"]![0]!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task InventorySearch_InStockOnly_LeavesOutWhatThereIsNot()
    {
        var all = await _host.AskAsync("inventory_search", """{"query":"any"}""");
        var inStock = await _host.AskAsync("inventory_search", """{"query":"any","in_stock_only":true}""");

        Assert.Equal(_host.Count("SELECT count(*) FROM parts"), all["total"]!.GetValue<int>());
        Assert.Equal(_host.Count("SELECT count(*) FROM parts WHERE in_stock > 0"), inStock["total"]!.GetValue<int>());
        Assert.NotEqual(all["total"]!.GetValue<int>(), inStock["total"]!.GetValue<int>());
        Assert.Equal(10, all["parts"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("""{}""", "")]
    [InlineData("""{"skill":"cooling pump","area":"Croydon"}""", "cooling London")]
    [InlineData("""{"skill":"boiler","area":"York"}""", "heating Leeds")]
    [InlineData("""{"skill":"Electrician","area":"Bristol area"}""", "electrical Bristol")]
    public async Task ScheduleFindSlots_SkillAndAreaInPlainWords_AreUnderstood(string arguments, string expected)
    {
        var found = await _host.AskAsync("schedule_find_slots", arguments);

        var slots = found["slots"]!.AsArray();
        Assert.NotEmpty(slots);
        if (expected.Length > 0)
        {
            Assert.All(slots, slot => Assert.Equal(expected, $"{slot!["skill"]!.GetValue<string>()} {slot["area"]!.GetValue<string>()}"));
        }

        var starts = slots.Select(slot => slot!["starts_at"]!.GetValue<string>()).ToArray();
        Assert.Equal(starts.Order(StringComparer.Ordinal), starts);
        Assert.All(starts, start => Assert.True(string.CompareOrdinal(start, "2026-11-23T08:00:00Z") > 0));
    }

    [Fact]
    public async Task ScheduleFindSlots_EveryAreaAndSkill_HasFreeSlots()
    {
        foreach (var area in (string[])["London", "Manchester", "Bristol", "Leeds"])
        {
            foreach (var skill in (string[])["heating", "cooling", "ventilation", "water", "electrical"])
            {
                var found = await _host.AskAsync("schedule_find_slots", $$"""{"skill":"{{skill}}","area":"{{area}}"}""");
                Assert.True(found["total"]!.GetValue<int>() >= 10, $"{area} {skill}: {found["total"]}");
            }
        }
    }

    [Fact]
    public async Task ScheduleFindSlots_FromAndTo_IncludeBothDays()
    {
        var found = await _host.AskAsync("schedule_find_slots", """{"from_date":"2026-11-25","to_date":"2026-11-25"}""");

        Assert.NotEmpty(found["slots"]!.AsArray());
        Assert.All(found["slots"]!.AsArray(), slot => Assert.StartsWith("2026-11-25T", slot!["starts_at"]!.GetValue<string>(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("schedule_find_slots", """{"skill":"baking"}""", "No technician has the skill 'baking'. The skills are heating, cooling, ventilation, water, electrical; null means any.")]
    [InlineData("schedule_find_slots", """{"area":"Paris"}""", "There is no technician for the area 'Paris'. The areas are London, Manchester, Bristol, Leeds; null means anywhere.")]
    [InlineData("schedule_find_slots", """{"from_date":"2026-12-02","to_date":"2026-12-01"}""", "The argument 'to_date' is before 'from_date'. Swap them or leave one null.")]
    [InlineData("schedule_find_slots", """{"from_date":"tomorrow"}""", "The argument 'from_date' must be a date like '2026-11-30', or null, but it is the text 'tomorrow'.")]
    [InlineData("inventory_search", """{"query":""}""", "The argument 'query' must be a text of 1 to 200 characters, but it is the text ''.")]
    [InlineData("crm_find_customer", """{"name":"Contoso"}""", "The argument 'query' is missing; it must be a text of 1 to 200 characters. There is no argument 'name'; there are: query.")]
    public async Task Search_BadArguments_AreAnsweredWithASentence(string tool, string arguments, string sentence)
    {
        var result = await _host.CallAsync(tool, arguments);

        Assert.Equal(ToolOutcome.Failed, result.Outcome);
        Assert.Equal(sentence, result.Output);
    }

    [Fact]
    public async Task ScheduleFindSlots_LastDayThereIs_IsNoError()
    {
        var found = await _host.AskAsync("schedule_find_slots", """{"to_date":"9999-12-31"}""");

        Assert.NotEmpty(found["slots"]!.AsArray());
    }
}
