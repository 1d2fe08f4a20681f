using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared;
using static Copilot.Tests.Demo.Upstream.EventReading;

namespace Copilot.Tests.Demo.Upstream.Model;

public sealed class HostedModelTests(DemoUpstreamFixture fixture) : IClassFixture<DemoUpstreamFixture>, IAsyncLifetime
{
    private const string Tools = """
        [{"type":"web_search"},{"type":"file_search","vector_store_ids":["vs_1"]},{"type":"code_interpreter","container":{"type":"auto"}},
         {"type":"image_generation","partial_images":2},
         {"type":"mcp","server_label":"demo","server_url":"https://mcp.example.com/","authorization":"hush-hush","headers":{"X-Key":"hush-hush-too"},"require_approval":"never"},
         {"type":"custom","name":"sql_query","description":"SQL","format":{"type":"text"}}]
        """;

    private DemoSocket _socket = null!;

    public async ValueTask InitializeAsync() => _socket = await DemoSocket.ConnectAsync(fixture.Host);

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task WebSearch_SendsSearchPageAndCitedAnswerInOrder()
    {
        var events = await _socket.AskAsync(Asking("Search the web for seal kits", "web_search_call.action.sources"));

        Assert.Equal(
            [
                "response.output_item.added", "response.web_search_call.in_progress", "response.web_search_call.searching",
                "response.web_search_call.completed", "response.output_item.done",
            ],
            EventsOf(events, "web_search_call").Take(5));
        var searches = events.Response().Items("web_search_call");
        Assert.Equal(["search", "open_page"], searches.Select(search => search.GetProperty("action").Type()));
        Assert.Equal("seal kits", searches[0].GetProperty("action").Text("query"));
        Assert.Equal(3, searches[0].GetProperty("action").GetProperty("sources").GetArrayLength());
        var part = events.Response().Items("message")[0].GetProperty("content")[0];
        Assert.Equal(3, part.GetProperty("annotations").GetArrayLength());
        Assert.All(part.GetProperty("annotations").EnumerateArray(), annotation =>
        {
            var words = part.Text("text")[annotation.GetProperty("start_index").GetInt32()..annotation.GetProperty("end_index").GetInt32()];
            Assert.DoesNotContain("(", words, StringComparison.Ordinal);
            Assert.True(words.Length > 20);
        });
        Assert.Equal(3, events.Count(e => e.Type() == "response.output_text.annotation.added"));
        AssertNumbered(events);
    }

    [Fact]
    public async Task Searches_WithoutInclude_OmitSourcesResultsAndOutputs()
    {
        var web = (await _socket.AskAsync(Asking("Search the web for pumps"))).Response().Items("web_search_call")[0];
        var files = (await _socket.AskAsync(Asking("Search the manuals for priming"))).Response().Items("file_search_call")[0];
        var code = (await _socket.AskAsync(Asking("Calculate with Python 6 * 7"))).Response().Items("code_interpreter_call")[0];

        Assert.False(web.GetProperty("action").TryGetProperty("sources", out _));
        Assert.Equal(JsonValueKind.Null, files.GetProperty("results").ValueKind);
        Assert.Equal(JsonValueKind.Null, code.GetProperty("outputs").ValueKind);
    }

    [Fact]
    public async Task FileSearch_FindsTheManualAndCitesIt()
    {
        var response = (await _socket.AskAsync(Asking("Search the manuals for priming the cooling pump", "file_search_call.results"))).Response();

        var hit = response.Items("file_search_call")[0].GetProperty("results")[0];
        Assert.Equal("Cooling pump CP-40 manual.pdf", hit.Text("filename"));
        Assert.InRange(hit.GetProperty("score").GetDouble(), 0.4, 1);
        var annotation = response.Items("message")[0].GetProperty("content")[0].GetProperty("annotations")[0];
        Assert.Equal("file_citation", annotation.Type());
        Assert.Equal(hit.Text("file_id"), annotation.Text("file_id"));
    }

    [Theory]
    [InlineData("Calculate with Python 17 * 23", "391\n")]
    [InlineData("Compute (2 + 3)^2 / 4 - 1 please", "5.25\n")]
    [InlineData("Calculate the mean of 2, 4 and 9", "mean 5\nlargest 9\n")]
    [InlineData("Calculate 1 / 0", "mean 0.5\nlargest 1\n")]
    public async Task CodeInterpreter_StreamsCodeAndGivesWhatItPrints(string task, string logs)
    {
        var events = await _socket.AskAsync(Asking(task, "code_interpreter_call.outputs"));
        var call = events.Response().Items("code_interpreter_call")[0];

        Assert.Equal(logs, call.GetProperty("outputs")[0].Text("logs"));
        Assert.Equal(call.Text("code"), string.Concat(events.Where(e => e.Type() == "response.code_interpreter_call_code.delta").Select(e => e.Text("delta"))));
        Assert.Equal(
            ["response.code_interpreter_call_code.done", "response.code_interpreter_call.interpreting", "response.code_interpreter_call.completed", "response.output_item.done"],
            EventsOf(events, "code_interpreter_call").TakeLast(4));
    }

    [Fact]
    public async Task CodeInterpreter_Chart_IsARealPng()
    {
        var outputs = (await _socket.AskAsync(Asking("Plot 3, 8 and 5", "code_interpreter_call.outputs"))).Response()
            .Items("code_interpreter_call")[0].GetProperty("outputs");

        AssertPng(outputs[1].Text("url")["data:image/png;base64,".Length..], 480, 280);
    }

    [Fact]
    public async Task ImageGeneration_SendsPartialImagesThenTheFinalOne()
    {
        var events = await _socket.AskAsync(Asking("Draw a sunrise over the hills"));

        var partials = events.Where(e => e.Type() == "response.image_generation_call.partial_image").ToList();
        Assert.Equal([0, 1], partials.Select(e => e.GetProperty("partial_image_index").GetInt32()));
        Assert.All(partials, e => AssertPng(e.Text("partial_image_b64"), 384, 384));
        var item = events.Response().Items("image_generation_call")[0];
        AssertPng(item.Text("result"), 384, 384);
        Assert.Contains("a sunrise over the hills", item.Text("revised_prompt"), StringComparison.Ordinal);
        Assert.Equal(3, partials.Select(e => e.Text("partial_image_b64")).Append(item.Text("result")).Distinct().Count());
        Assert.All(events, e => Assert.True(e.GetRawText().Length < 1_000_000));
    }

    [Fact]
    public async Task Mcp_ListsToolsOnceThenCallsAndNeverRevealsTheSecret()
    {
        var first = await _socket.AskAsync(Asking("Is CP40-1234 under warranty? Ask demo"));
        var request = Asking("And BL7-77?");
        request["previous_response_id"] = first.Id();
        request["input"] = "Warranty of BL7-77?";
        var second = await _socket.AskAsync(request);

        Assert.Equal("lookup_warranty", first.Response().Items("mcp_list_tools")[0].GetProperty("tools")[0].Text("name"));
        Assert.Equal(
            JsonValueKind.Object, first.Response().Items("mcp_list_tools")[0].GetProperty("tools")[0].GetProperty("annotations").ValueKind);
        var call = first.Response().Items("mcp_call")[0];
        Assert.Equal("demo", call.Text("server_label"));
        Assert.Equal("lookup_warranty", call.Text("name"));
        Assert.Equal("""{"serial":"CP40-1234"}""", call.Text("arguments"));
        Assert.Contains("\"covered\":true", call.Text("output"), StringComparison.Ordinal);
        Assert.Empty(second.Response().Items("mcp_list_tools"));
        Assert.Single(second.Response().Items("mcp_call"));
        Assert.All(first.Concat(second), e => Assert.DoesNotContain("hush", e.GetRawText(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Mcp_WithoutASerial_FailsAsACallAndReportsIt()
    {
        var events = await _socket.AskAsync(Asking("Ask demo about the warranty"));

        var call = events.Response().Items("mcp_call")[0];
        Assert.Equal("failed", call.Text("status"));
        Assert.Contains("serial", call.Text("error"), StringComparison.Ordinal);
        Assert.Contains(events, e => e.Type() == "response.mcp_call.failed");
    }

    [Fact]
    public async Task CustomTool_StreamsItsInputThenUsesTheOutput()
    {
        var events = await _socket.AskAsync(Asking("How many technicians per area? Use SQL"));
        var call = events.Response().Items("custom_tool_call")[0];
        Assert.Equal(call.Text("input"), string.Concat(events.Where(e => e.Type() == "response.custom_tool_call_input.delta").Select(e => e.Text("delta"))));
        Assert.StartsWith("SELECT area", call.Text("input"), StringComparison.Ordinal);

        var next = Asking("");
        next["previous_response_id"] = events.Id();
        next["input"] = new JsonArray(new JsonObject
        {
            ["type"] = "custom_tool_call_output",
            ["call_id"] = call.Text("call_id"),
            ["output"] = """{"rows":[{"area":"Leeds","technicians":3}],"count":1}""",
        });

        Assert.Contains("| Leeds | 3 |", (await _socket.AskAsync(next)).Response().Answer(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_IsARefusalPartAndNoText()
    {
        var events = await _socket.AskAsync(Asking("How do I bypass the safety interlock?"));

        var part = Assert.Single(events.Response().Items("message")[0].GetProperty("content").EnumerateArray());
        Assert.Equal("refusal", part.Type());
        Assert.StartsWith("I can't help with that", part.Text("refusal"), StringComparison.Ordinal);
        Assert.Contains(events, e => e.Type() == "response.refusal.done");
        Assert.DoesNotContain(events, e => e.Type().StartsWith("response.output_text", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Search the web for pumps")]
    [InlineData("Draw a hill")]
    [InlineData("Calculate 2 * 2")]
    [InlineData("Search the manuals for filters")]
    public async Task HostedTask_ToolNotDeclared_IsAnsweredWithoutIt(string task)
    {
        var response = (await _socket.AskAsync(Request(task))).Response();

        Assert.All(response.GetProperty("output").EnumerateArray(), item => Assert.True(item.Type() is "message" or "reasoning"));
    }

    [Theory]
    [InlineData("""[{"type":"file_search"}]""", "tools[0].vector_store_ids")]
    [InlineData("""[{"type":"mcp","server_label":"a"}]""", "tools[0]")]
    [InlineData("""[{"type":"mcp","server_label":"a","server_url":"u"},{"type":"mcp","server_label":"a","server_url":"v"}]""", "tools")]
    [InlineData("""[{"type":"custom"}]""", "tools[0].name")]
    [InlineData("""[{"type":"custom","name":"look up"}]""", "tools[0].name")]
    [InlineData("""[{"type":"function","name":"crm.find","parameters":{"type":"object","properties":{}}}]""", "tools[0].name")]
    [InlineData("""[{"type":"function","name":"","parameters":{"type":"object","properties":{}}}]""", "tools[0].name")]
    [InlineData("""[{"type":"custom","name":"x","format":{"type":"grammar"}}]""", "tools[0].format")]
    public async Task Create_ToolThatCannotBe_IsRefused(string tools, string param)
    {
        var request = Request("hello");
        request["tools"] = JsonNode.Parse(tools);

        Assert.Equal(param, (await _socket.AskAsync(request)).Error().Text("param"));
    }

    private static JsonObject Asking(string task, params string[] include)
    {
        var request = Request(task);
        request["tools"] = JsonNode.Parse(Tools);
        request["include"] = new JsonArray([.. include.Select(value => (JsonNode)value)]);
        return request;
    }

    /// <summary>The types of the events about the first item of a type.</summary>
    private static IEnumerable<string> EventsOf(IReadOnlyList<JsonElement> events, string itemType)
    {
        var place = events.First(e => e.Type() == "response.output_item.added" && e.GetProperty("item").Type() == itemType)
            .GetProperty("output_index").GetInt32();
        return events.Where(e => e.TryGetProperty("output_index", out var index) && index.GetInt32() == place).Select(e => e.Type());
    }

    private static void AssertNumbered(IReadOnlyList<JsonElement> events) => Assert.Equal(
        Enumerable.Range(0, events.Count), events.Select(e => e.GetProperty("sequence_number").GetInt32()));

    private static void AssertPng(string base64, int width, int height)
    {
        var bytes = Convert.FromBase64String(base64);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A], bytes[..8]);
        Assert.Equal(width, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16)));
        Assert.Equal(height, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(20)));
        Assert.InRange(bytes.Length, 200, 400_000);
    }
}
