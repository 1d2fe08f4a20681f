using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Tests.Shared.Upstream;
using static Copilot.Tests.Demo.Upstream.EventReading;

namespace Copilot.Tests.Demo.Upstream;

/// <summary>Items that a request names in place of sending them, as some clients do with all that the server has stored.</summary>
public sealed class ItemReferenceTests(DemoUpstreamFixture fixture) : IClassFixture<DemoUpstreamFixture>
{
    private const string Tool = """
        {"type":"function","name":"get_weather","description":"Tells the weather of a place","parameters":{"type":"object","properties":{}}}
        """;

    private readonly DemoUpstreamHost _host = fixture.Host;

    [Fact]
    public async Task Reference_ToAStoredCall_LetsItsOutputFollow()
    {
        var first = Request("What is the weather in Paris?");
        first["tools"] = new JsonArray(JsonNode.Parse(Tool));
        var call = (await CreateAsync(first)).Items("function_call").Single();

        var next = Request(
            previousResponseId: null, User("What is the weather in Paris?"), Reference(call.Text("id")), Output(call.Text("call_id"), "18 degrees, sunny"));
        next["tools"] = new JsonArray(JsonNode.Parse(Tool));
        var answer = await CreateAsync(next);

        Assert.Contains("18 degrees, sunny", answer.Answer(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reference_OverTheSocketAndWithoutAType_IsFoundInTheStore()
    {
        var stored = await CreateAsync(Request("Hello"));
        using var socket = await DemoSocket.ConnectAsync(_host);
        var id = stored.Items("message").Single().Text("id");

        var response = (await socket.AskAsync(Request(previousResponseId: null, User("Hello"), new JsonObject { ["id"] = id }, User("And again")))).Response();

        Assert.Equal(["user", "assistant", "user"], (await InputOfAsync(response.Text("id"))).Select(item => item.Text("role")));
    }

    [Fact]
    public async Task Reference_ToAnInputItem_KeepsItsId()
    {
        var stored = await CreateAsync(Request("Find the customer Contoso"));
        var input = (await InputOfAsync(stored.Text("id"))).Single();

        var response = await CreateAsync(Request(previousResponseId: null, Reference(input.Text("id"))));
        var again = (await InputOfAsync(response.Text("id"))).Single();

        Assert.Equal(input.Text("id"), again.Text("id"));
        Assert.Equal("Find the customer Contoso", again.GetProperty("content")[0].Text("text"));
    }

    [Fact]
    public async Task InputItems_OfAContinuation_HaveTheIdsTheyHadBefore()
    {
        var first = await CreateAsync(Request("Hello"));
        var before = (await InputOfAsync(first.Text("id"))).Single().Text("id");

        var second = await CreateAsync(Request(first.Text("id"), User("And again")));

        Assert.Equal(before, (await InputOfAsync(second.Text("id")))[0].Text("id"));
    }

    [Fact]
    public async Task Reference_ToAnItemThatWasNotStored_Is404AndSaysWhy()
    {
        var request = Request("Hello");
        request["store"] = false;
        var id = (await CreateAsync(request)).Items("message").Single().Text("id");

        var (status, body) = await PostAsync(Request(previousResponseId: null, Reference(id)));

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.StartsWith($"Item with id '{id}' not found. Items are not persisted when `store`", body.GetProperty("error").Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reference_ToAnItemOfADeletedResponse_Is404()
    {
        var stored = await CreateAsync(Request("Hello"));
        using var deleted = await _host.Http.DeleteAsync(new Uri($"responses/{stored.Text("id")}", UriKind.Relative));

        var (status, _) = await PostAsync(Request(previousResponseId: null, Reference(stored.Items("message").Single().Text("id"))));

        Assert.Equal(HttpStatusCode.NotFound, status);
    }

    [Fact]
    public async Task Reference_ToAnItemThatIsInTheConversation_Is400()
    {
        var stored = await CreateAsync(Request("Hello"));

        var (status, body) = await PostAsync(Request(stored.Text("id"), Reference(stored.Items("message").Single().Text("id"))));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith("Duplicate item found with id", body.GetProperty("error").Text("message"), StringComparison.Ordinal);
    }

    private static JsonObject Reference(string id) => new() { ["type"] = "item_reference", ["id"] = id };

    private async Task<IReadOnlyList<JsonElement>> InputOfAsync(string responseId)
    {
        using var page = JsonDocument.Parse(
            await _host.Http.GetStringAsync(new Uri($"responses/{responseId}/input_items?order=asc", UriKind.Relative)));
        return [.. page.RootElement.Clone().GetProperty("data").EnumerateArray()];
    }

    private async Task<JsonElement> CreateAsync(JsonObject request)
    {
        var (status, body) = await PostAsync(request);
        Assert.Equal(HttpStatusCode.OK, status);
        return body;
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(JsonObject request)
    {
        using var content = new StringContent(request.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await _host.Http.PostAsync(new Uri("responses", UriKind.Relative), content);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return (response.StatusCode, body.RootElement.Clone());
    }
}
