using System.Text.Json;
using System.Text.Json.Nodes;

namespace Copilot.Tests.Demo.Upstream.Model;

/// <summary>The product's six tools as a client would offer them, with small fixed answers. Every call is written down.</summary>
internal sealed class FieldService
{
    private const string Definitions = """
        [
          {"type":"function","name":"crm_find_customer","description":"Finds customers. Best matches first.","strict":true,
           "parameters":{"type":"object","additionalProperties":false,"required":["query"],
             "properties":{"query":{"type":"string","description":"Words for the customer: name, city or equipment"}}}},
          {"type":"function","name":"crm_add_note","description":"Adds a note to a customer's record.","strict":true,
           "parameters":{"type":"object","additionalProperties":false,"required":["customer_id","note"],
             "properties":{"customer_id":{"type":"string"},"note":{"type":"string"}}}},
          {"type":"function","name":"inventory_search","description":"Finds spare parts in the warehouse.","strict":true,
           "parameters":{"type":"object","additionalProperties":false,"required":["query","in_stock_only"],
             "properties":{"query":{"type":"string"},"in_stock_only":{"type":["boolean","null"]}}}},
          {"type":"function","name":"inventory_reserve","description":"Takes a part out of the free stock.","strict":true,
           "parameters":{"type":"object","additionalProperties":false,"required":["part_id","quantity","customer_id"],
             "properties":{"part_id":{"type":"string"},"quantity":{"type":"integer","minimum":1,"maximum":100},"customer_id":{"type":"string"}}}},
          {"type":"function","name":"schedule_find_slots","description":"Finds free slots of technicians.","strict":true,
           "parameters":{"type":"object","additionalProperties":false,"required":["skill","area","from_date","to_date"],
             "properties":{"skill":{"type":["string","null"],"description":"What the technician must know: heating, cooling or water; null for any."},
               "area":{"type":["string","null"]},"from_date":{"type":["string","null"],"format":"date"},"to_date":{"type":["string","null"],"format":"date"}}}},
          {"type":"function","name":"schedule_book","description":"Books a technician's free slot.","strict":true,
           "parameters":{"type":"object","additionalProperties":false,"required":["slot_id","customer_id","part_reservation_id","notes"],
             "properties":{"slot_id":{"type":"string"},"customer_id":{"type":"string"},"part_reservation_id":{"type":["string","null"]},"notes":{"type":"string"}}}}
        ]
        """;

    private static readonly Dictionary<string, string> s_answers = new()
    {
        ["crm_find_customer"] = """{"customers":[{"customer_id":"cus_1","name":"Contoso","city":"Leeds","area":"Leeds","contacts":[{"name":"Ada","phone":"1"}]}],"total":1}""",
        ["crm_add_note"] = """{"note_id":"not_1","customer_id":"cus_1"}""",
        ["inventory_search"] = """{"parts":[{"part_id":"prt_1","sku":"CP-10","name":"Cooling pump","in_stock":4,"price":312.5}],"total":1}""",
        ["inventory_reserve"] = """{"reservation_id":"res_1","part_id":"prt_1","quantity":1,"customer_id":"cus_1"}""",
        ["schedule_find_slots"] = """{"slots":[{"slot_id":"slt_1","technician":"Grace","area":"Leeds","starts_at":"2030-01-02T09:00:00Z"}],"total":1}""",
        ["schedule_book"] = """{"booking_id":"bkg_1","slot_id":"slt_1","technician":"Grace","starts_at":"2030-01-02T09:00:00Z","customer_id":"cus_1"}""",
    };

    private readonly Dictionary<string, Queue<string>> _scripted = [];

    public static JsonArray Tools => JsonNode.Parse(Definitions)!.AsArray();

    /// <summary>Per response that called tools: the calls, as <c>name</c> and arguments.</summary>
    public List<IReadOnlyList<(string Name, JsonElement Arguments)>> Rounds { get; } = [];

    /// <summary>Answers the next call of this tool with something else.</summary>
    public FieldService Next(string tool, string output)
    {
        (_scripted.TryGetValue(tool, out var queue) ? queue : _scripted[tool] = new Queue<string>()).Enqueue(output);
        return this;
    }

    /// <summary>Runs a task to its answer over the socket, each round as a delta, and returns the last response.</summary>
    public async Task<JsonElement> RunAsync(DemoSocket socket, JsonObject first)
    {
        const int MaxRounds = 20;
        var settings = (JsonObject)first.DeepClone();
        var request = first;
        for (var round = 0; round < MaxRounds; round++)
        {
            var events = await socket.AskAsync(request);
            Assert.Equal("response.completed", events[^1].Type());
            var response = events.Response();
            var calls = response.Items("function_call");
            if (calls.Count == 0)
            {
                return response;
            }

            Rounds.Add([.. calls.Select(call => (call.Text("name"), Parse(call.Text("arguments"))))]);
            request = (JsonObject)settings.DeepClone();
            request["previous_response_id"] = response.Text("id");
            request["input"] = new JsonArray([.. calls.Select(call => EventReading.Output(call.Text("call_id"), Answer(call.Text("name"))))]);
        }

        throw new InvalidOperationException($"The model did not come to an answer in {MaxRounds} rounds.");
    }

    public static JsonObject Task(string text)
    {
        var request = EventReading.Request(text);
        request["tools"] = Tools;
        return request;
    }

    private string Answer(string tool) =>
        _scripted.TryGetValue(tool, out var queue) && queue.TryDequeue(out var output) ? output : s_answers[tool];

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
