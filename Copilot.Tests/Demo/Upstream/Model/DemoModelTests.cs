using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Upstream;
using static Copilot.Tests.Demo.Upstream.EventReading;

namespace Copilot.Tests.Demo.Upstream.Model;

public sealed class DemoModelTests(DemoUpstreamFixture fixture) : IClassFixture<DemoUpstreamFixture>, IAsyncLifetime
{
    private const string Booking = "Contoso's cooling pump is broken, book a technician and reserve the spare";

    private readonly FieldService _service = new();
    private readonly DemoUpstreamHost _host = fixture.Host;
    private DemoSocket _socket = null!;

    public async ValueTask InitializeAsync() => _socket = await DemoSocket.ConnectAsync(_host);

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

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

    [Theory]
    [InlineData("How many cooling pumps do we have in stock?", "inventory_search", "query", "cooling pumps", "CP-10")]
    [InlineData("Which cooling pumps are in stock?", "inventory_search", "query", "cooling pumps", "CP-10")]
    [InlineData("Search the inventory for circulation pumps", "inventory_search", "query", "circulation pumps", "CP-10")]
    [InlineData("Look up Contoso", "crm_find_customer", "query", "Contoso", "Leeds")]
    [InlineData("Which heating technicians are free tomorrow?", "schedule_find_slots", "skill", "heating", "Grace")]
    public async Task Question_IsAnsweredFromOneCall(string question, string tool, string argument, string value, string expected)
    {
        var answer = await _service.RunAsync(_socket, FieldService.Task(question));

        Assert.Equal([tool], Names());
        Assert.Equal(value, _service.Rounds[0][0].Arguments.Text(argument));
        Assert.Contains(expected, answer.Answer(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Delete the order 7", "delete_order", "deleted", "`delete_order` says: deleted")]
    [InlineData("Delete the order 7", "delete_order", "\"deleted\"", "`delete_order` says: deleted")]
    [InlineData("List the vehicles", "list_vehicles", "\"[{\\\"name\\\":\\\"Van 3\\\"}]\"", "Van 3")]
    public async Task AnyTool_ThatSucceeded_IsNotReportedAsAFailure(string task, string tool, string output, string expected)
    {
        var request = FieldService.Task(task);
        request["tools"] = new JsonArray(new JsonObject
        {
            ["type"] = "function",
            ["name"] = tool,
            ["description"] = task,
            ["parameters"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject() },
        });

        var answer = (await _service.Next(tool, output).RunAsync(_socket, request)).Answer();

        Assert.Contains(expected, answer, StringComparison.Ordinal);
        Assert.DoesNotContain("did not work", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Look up Contoso", "crm_find_customer", "\"{\\\"customers\\\":[{\\\"customer_id\\\":\\\"cus_1\\\",\\\"name\\\":\\\"Contoso\\\"}]}\"", "cus_1")]
    [InlineData("Reserve 2 cooling pumps for Contoso", "inventory_reserve", "Reserved.", "**Reserved.**")]
    public async Task ToolOfARole_ThatSucceededInAText_IsNotReportedAsAFailure(string task, string tool, string output, string expected)
    {
        var answer = await _service.Next(tool, output).RunAsync(_socket, FieldService.Task(task));

        Assert.Contains(expected, answer.Answer(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Questions_ThatAreIndependent_AreAskedInParallel()
    {
        await _service.RunAsync(_socket, FieldService.Task("Look up Contoso and check the stock of fan belts and filters"));

        Assert.Equal(["inventory_search,inventory_search,crm_find_customer"], Names());
        Assert.Equal(["fan belts", "filters"], _service.Rounds[0].Take(2).Select(call => call.Arguments.Text("query")));
    }

    [Fact]
    public async Task FollowUp_UsesTheEarlierConversation()
    {
        var booked = await _service.RunAsync(_socket, FieldService.Task(Booking));
        var rounds = _service.Rounds.Count;
        var question = FieldService.Task("When is the technician coming?");
        question["previous_response_id"] = booked.Text("id");
        var answer = await _service.RunAsync(_socket, question);
        var note = FieldService.Task("Add a note: the gate is locked at night");
        note["previous_response_id"] = answer.Text("id");
        await _service.RunAsync(_socket, note);

        Assert.Contains("Wed 2 Jan 2030, 09:00 UTC", answer.Answer(), StringComparison.Ordinal);
        Assert.Equal(["crm_add_note"], Names()[rounds..]);
        Assert.Equal("cus_1", _service.Rounds[rounds][0].Arguments.Text("customer_id"));
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

    [Fact]
    public async Task ToolChoice_IsObeyed()
    {
        var none = FieldService.Task(Booking);
        none["tool_choice"] = "none";
        var required = FieldService.Task("Hello");
        required["tool_choice"] = "required";
        var named = FieldService.Task("Hello");
        named["tool_choice"] = new JsonObject { ["type"] = "function", ["name"] = "inventory_reserve" };

        Assert.Empty((await _socket.AskAsync(none)).Response().Items("function_call"));
        Assert.Single((await _socket.AskAsync(required)).Response().Items("function_call"));
        var call = Assert.Single((await _socket.AskAsync(named)).Response().Items("function_call"));
        Assert.Equal("inventory_reserve", call.Text("name"));
        Assert.Equal("""{"part_id":"demo part id","quantity":1,"customer_id":"demo customer id"}""", call.Text("arguments"));
    }

    [Fact]
    public async Task Call_IsStreamedInTheCanonicalSequence()
    {
        var request = FieldService.Task("Look up Contoso");
        request["reasoning"] = new JsonObject { ["summary"] = "auto" };
        var events = await _socket.AskAsync(request);

        Assert.Equal(
            [
                "response.created", "response.in_progress",
                "response.output_item.added", "response.reasoning_summary_part.added", "response.reasoning_summary_text.delta",
                "response.reasoning_summary_text.done", "response.reasoning_summary_part.done", "response.output_item.done",
                "response.output_item.added", "response.function_call_arguments.delta", "response.function_call_arguments.done",
                "response.output_item.done", "response.completed",
            ],
            events.Select(item => item.Type()).Where((type, index) => index == 0 || type != events[index - 1].Type()));
        var added = events.Last(item => item.Type() == "response.output_item.added");
        Assert.Equal(1, added.GetProperty("output_index").GetInt32());
        Assert.Equal(string.Empty, added.GetProperty("item").Text("arguments"));
        Assert.True(events.Response().Usage().GetProperty("output_tokens_details").GetProperty("reasoning_tokens").GetInt32() > 0);
    }

    [Theory]
    [InlineData("Show me markdown", "| --- |")]
    [InlineData("Write code in Python", "```python")]
    [InlineData("What is the meaning of life?", "I am the demo model")]
    public async Task Prose_IsAnsweredWithoutTools(string task, string expected)
    {
        var answer = await _service.RunAsync(_socket, FieldService.Task(task));

        Assert.Empty(_service.Rounds);
        Assert.Contains(expected, answer.Answer(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Introduction_EveryExample_IsUnderstood()
    {
        const string Begins = "I am the demo model: I follow rules";
        var introduction = (await _socket.AskAsync(Asking("What is the meaning of life?"))).Response().Answer();
        Assert.StartsWith(Begins, introduction, StringComparison.Ordinal);
        var examples = Regex.Matches(introduction, "“([^”]+)”").Select(match => match.Groups[1].Value).ToList();
        Assert.All(
            ["**Order a part**", "**Search the web**", "**Draw**", "**Calculate with Python**", "**Look at a file**"],
            ability => Assert.Contains(ability, introduction, StringComparison.Ordinal));
        Assert.Equal(14, examples.Count);

        foreach (var example in examples)
        {
            var response = (await _socket.AskAsync(Asking(example))).Response();
            Assert.False(response.Answer().StartsWith(Begins, StringComparison.Ordinal), $"“{example}” is answered with the introduction.");
        }

        static JsonObject Asking(string task)
        {
            var request = FieldService.Task(task);
            var order = """
                {"type":"function","name":"orders_place","description":"Orders a part.","strict":false,
                 "parameters":{"type":"object","properties":{"part_id":{"type":"string"},"quantity":{"type":"integer"}}}}
                """;
            foreach (var tool in (string[])[order, """{"type":"web_search"}""", """{"type":"image_generation"}""", """{"type":"code_interpreter","container":{"type":"auto"}}"""])
            {
                request["tools"]!.AsArray().Add(JsonNode.Parse(tool));
            }

            return request;
        }
    }

    [Fact]
    public async Task Introduction_WithoutTheTools_LeavesOutWhatCannotBeDone()
    {
        var introduction = (await _socket.AskAsync(Request("What can you do?"))).Response().Answer();

        Assert.All(
            ["Order", "Search the web", "Draw", "Calculate"],
            ability => Assert.DoesNotContain(ability, introduction, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Script_IsFollowedExactly()
    {
        var request = FieldService.Task("go");
        request["metadata"] = new JsonObject
        {
            ["demo.tool_rounds"] = "3",
            ["demo.calls_per_round"] = "4",
            ["demo.tool"] = "inventory_reserve",
            ["demo.answer_tokens"] = "123",
        };
        var answer = await _service.RunAsync(_socket, request);

        Assert.Equal([4, 4, 4], _service.Rounds.Select(round => round.Count));
        Assert.All(_service.Rounds.SelectMany(round => round), call => Assert.Equal("inventory_reserve", call.Name));
        Assert.Equal(123, answer.Usage().GetProperty("output_tokens").GetInt32());
    }

    private List<string> Names() => [.. _service.Rounds.Select(round => string.Join(',', round.Select(call => call.Name)))];
}
