using System.Text.Json;
using System.Text.Json.Nodes;
using static Copilot.Tests.Demo.Upstream.EventReading;

namespace Copilot.Tests.Demo.Upstream.Model;

/// <summary>Tasks of several steps: what the demo model looks up, books and reserves.</summary>
public sealed class DemoBookingTests(DemoUpstreamFixture fixture) : DemoModelScene(fixture)
{
    [Fact]
    public async Task Booking_LooksUpInParallelThenTakesEachIdFromTheOutputBefore()
    {
        var answer = await _service.RunAsync(_socket, FieldService.Task(Booking));

        Assert.Equal(
            ["crm_find_customer,inventory_search", "schedule_find_slots", "inventory_reserve", "schedule_book", "crm_add_note"],
            Names());
        Assert.Equal("Contoso", _service.Rounds[0][0].Arguments.Text("query"));
        Assert.Equal("cooling pump", _service.Rounds[0][1].Arguments.Text("query"));
        Assert.Equal("cooling", _service.Rounds[1][0].Arguments.Text("skill"));
        Assert.Equal("Leeds", _service.Rounds[1][0].Arguments.Text("area"));
        Assert.Matches(@"^\d{4}-\d\d-\d\d$", _service.Rounds[1][0].Arguments.Text("from_date"));
        Assert.Equal("""{"part_id":"prt_1","quantity":1,"customer_id":"cus_1"}""", _service.Rounds[2][0].Arguments.GetRawText());
        Assert.Equal("slt_1", _service.Rounds[3][0].Arguments.Text("slot_id"));
        Assert.Equal("cus_1", _service.Rounds[3][0].Arguments.Text("customer_id"));
        Assert.Equal("res_1", _service.Rounds[3][0].Arguments.Text("part_reservation_id"));
        Assert.Equal("cus_1", _service.Rounds[4][0].Arguments.Text("customer_id"));
        Assert.All(["Contoso", "Grace", "bkg_1", "res_1", "| --- |"], text => Assert.Contains(text, answer.Answer(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Booking_WithoutParallelCalls_MakesOneAtATime()
    {
        var task = FieldService.Task(Booking);
        task["parallel_tool_calls"] = false;
        await _service.RunAsync(_socket, task);

        Assert.Equal(
            ["crm_find_customer", "inventory_search", "schedule_find_slots", "inventory_reserve", "schedule_book", "crm_add_note"],
            Names());
    }

    [Theory]
    [InlineData("Only in the morning, please.", true)]
    [InlineData("Show me Markdown", false)]
    public async Task SteerMessage_WhileItWorks_BelongsToItsTaskUnlessItIsOne(string words, bool goesOn)
    {
        var request = Request(
            null,
            User(Booking),
            new JsonObject { ["type"] = "function_call", ["call_id"] = "call_1", ["name"] = "crm_find_customer", ["arguments"] = """{"query":"Contoso"}""" },
            Output("call_1", """{"customers":[{"customer_id":"cus_1","name":"Contoso","city":"Leeds","area":"Leeds","contacts":[]}],"total":1}"""),
            User(words),
            User("Thank you."));
        request["tools"] = FieldService.Tools;

        var answer = await _socket.AskAsync(request);

        Assert.Equal(goesOn, answer.Response().Items("function_call").Any());
    }

    [Fact]
    public async Task Booking_OfAnUnknownCustomer_Asks()
    {
        _service.Next("crm_find_customer", """{"customers":[],"total":0}""");
        var answer = await _service.RunAsync(_socket, FieldService.Task(Booking));

        Assert.Equal(["crm_find_customer,inventory_search"], Names());
        Assert.Contains("no customer that matches “Contoso”", answer.Answer(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Booking_WithoutFreeSlots_SearchesOnceMoreThenReports()
    {
        const string None = """{"slots":[],"total":0}""";
        _service.Next("schedule_find_slots", None).Next("schedule_find_slots", None);
        var answer = await _service.RunAsync(_socket, FieldService.Task(Booking));

        Assert.Equal(["crm_find_customer,inventory_search", "schedule_find_slots", "schedule_find_slots"], Names());
        Assert.Equal(JsonValueKind.Null, _service.Rounds[2][0].Arguments.GetProperty("area").ValueKind);
        Assert.Contains("no free slot", answer.Answer(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BadArgument_IsCorrectedOnceThenReported()
    {
        const string Few = "Only 2 of Cooling pump (prt_1) are in stock, not 5. Reserve fewer or search for another part.";
        _service.Next("inventory_reserve", Few);
        var reserved = await _service.RunAsync(_socket, FieldService.Task("Reserve 5 cooling pumps for Contoso"));
        var quantities = _service.Rounds.Skip(1).Select(round => round[0].Arguments.GetProperty("quantity").GetInt32());

        Assert.Equal([5, 2], quantities);
        Assert.Contains("**Reserved.**", reserved.Answer(), StringComparison.Ordinal);

        var stubborn = new FieldService().Next("inventory_reserve", Few).Next("inventory_reserve", Few);
        var told = await stubborn.RunAsync(_socket, FieldService.Task("Reserve 5 cooling pumps for Contoso"));

        Assert.Equal(3, stubborn.Rounds.Count);
        Assert.Contains(Few, told.Answer(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reserve_MoreThanTheToolAllows_ReservesTheMaximumAndReportsIt()
    {
        _service.Next("inventory_reserve", """{"reservation_id":"res_1","part_id":"prt_1","quantity":100,"customer_id":"cus_1"}""");
        var answer = await _service.RunAsync(_socket, FieldService.Task("Reserve 500 cooling pumps for Contoso"));

        Assert.Equal(100, _service.Rounds[1][0].Arguments.GetProperty("quantity").GetInt32());
        Assert.Contains("You asked for 500; 100 is what could be reserved.", answer.Answer(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("schedule_book was denied by a supervisor.", "not allowed")]
    [InlineData("schedule_book did not answer within 30 s. The outcome is unknown: it may or may not have taken effect.", "check whether it took effect")]
    [InlineData("schedule_book failed because of an internal error, which was logged.", "did not work")]
    public async Task FailedWrite_IsReportedAndNotRepeated(string output, string expected)
    {
        _service.Next("schedule_book", output);
        var answer = await _service.RunAsync(_socket, FieldService.Task(Booking));

        Assert.Equal("schedule_book", Names()[^1]);
        Assert.Single(Names(), "schedule_book");
        Assert.Contains(expected, answer.Answer(), StringComparison.Ordinal);
        Assert.Contains("res_1", answer.Answer(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Booking_WithoutACustomer_ContinuesWhenTheCustomerIsNamed()
    {
        var asked = await _service.RunAsync(_socket, FieldService.Task("The cooling pump is broken, book a technician"));
        var reply = FieldService.Task("Contoso");
        reply["previous_response_id"] = asked.Text("id");
        var answer = await _service.RunAsync(_socket, reply);

        Assert.Contains("Which customer is this for?", asked.Answer(), StringComparison.Ordinal);
        Assert.Equal(["crm_find_customer", "schedule_find_slots", "schedule_book", "crm_add_note"], Names());
        Assert.Contains("bkg_1", answer.Answer(), StringComparison.Ordinal);
    }
}
