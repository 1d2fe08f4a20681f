using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using static Copilot.Tests.Demo.Upstream.EventReading;

namespace Copilot.Tests.Demo.Upstream.Model;

public sealed class DemoModelTests(DemoUpstreamFixture fixture) : DemoModelScene(fixture)
{
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
    [InlineData("How many cooling pumps do we have in stock?", "Checking the stock of cooling pumps")]
    [InlineData("Look up Contoso", "Looking up Contoso")]
    [InlineData("Which heating technicians are free tomorrow?", "Looking for a free technician")]
    public async Task Call_OfAToolThatAsksForItsIntent_SaysItFirst(string question, string intent)
    {
        var request = FieldService.Task(question);
        foreach (var parameters in request["tools"]!.AsArray().Select(tool => tool!["parameters"]!.AsObject()))
        {
            parameters["properties"]!["intent"] = new JsonObject { ["type"] = new JsonArray("string", "null") };
            parameters["required"]!.AsArray().Add("intent");
        }

        await _service.RunAsync(_socket, request);

        var said = _service.Rounds[0][0].Arguments.EnumerateObject().First();
        Assert.Equal("intent", said.Name);
        Assert.Equal(intent, said.Value.GetString());
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
}
