using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Tests.Demo.Upstream.Model;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;
using static Copilot.Tests.Demo.Upstream.EventReading;

namespace Copilot.Tests.Demo.Upstream;

public sealed class ContinuationTests(DemoUpstreamFixture fixture) : DemoSocketScene(fixture)
{
    [Fact]
    public async Task Continue_FromTheLatestUnstoredResponse_KnowsTheConversation()
    {
        var first = await _socket.AskAsync(Unstored(null, User("My name is Ada")));
        var second = await _socket.AskAsync(Unstored(first.Id(), User("What is my name?")));

        Assert.Contains("Ada", second.Response().Answer(), StringComparison.Ordinal);
        Assert.Equal(first.Id(), second.Response().Text("previous_response_id"));
    }

    [Fact]
    public async Task Continue_FromAnOlderUnstoredResponse_IsNotFound()
    {
        var first = await _socket.AskAsync(Unstored(null, User("one")));
        var second = await _socket.AskAsync(Unstored(first.Id(), User("two")));
        var old = await _socket.AskAsync(Unstored(first.Id(), User("three")));
        var latest = await _socket.AskAsync(Unstored(second.Id(), User("three")));

        Assert.Equal("previous_response_not_found", old.Error().Text("code"));
        Assert.Equal("previous_response_id", old.Error().Text("param"));
        Assert.Equal($"Previous response with id '{first.Id()}' not found.", old.Error().Text("message"));
        Assert.Equal(400, old[^1].GetProperty("status").GetInt32());
        Assert.Equal("response.completed", latest[^1].Type());
    }

    [Fact]
    public async Task Continue_OnAnotherSocket_FindsOnlyWhatIsStored()
    {
        var unstored = await _socket.AskAsync(Unstored(null, User("one")));
        var stored = await _socket.AskAsync(Request(null, User("one")));
        using var other = await DemoSocket.ConnectAsync(_host);

        Assert.Equal("previous_response_not_found", (await other.AskAsync(Unstored(unstored.Id(), User("two")))).Error().Text("code"));
        Assert.Equal("response.completed", (await other.AskAsync(Request(stored.Id(), User("two"))))[^1].Type());
    }

    [Fact]
    public async Task Continue_ThatFails_EvictsItsParentFromTheLane()
    {
        var first = await _socket.AskAsync(Unstored(null, User("one")));
        var failed = await _socket.AskAsync(Unstored(first.Id(), Output("call_x", "lost")));
        var again = await _socket.AskAsync(Unstored(first.Id(), User("two")));

        Assert.Equal("No tool call found for function call output with call_id call_x.", failed.Error().Text("message"));
        Assert.Equal("previous_response_not_found", again.Error().Text("code"));
    }

    [Fact]
    public async Task Continue_FailsOnAnotherLane_ParentStays()
    {
        var first = await _socket.AskAsync(Unstored(null, User("one")));
        var fork = Unstored(first.Id(), Output("call_x", "lost"));
        fork["stream_id"] = "fork";
        await _socket.AskAsync(fork);

        Assert.Equal("response.completed", (await _socket.AskAsync(Unstored(first.Id(), User("two"))))[^1].Type());
    }

    [Fact]
    public async Task WarmUp_HasNoOutputAndCanBeContinued()
    {
        var warmUp = Unstored(null);
        warmUp["generate"] = false;
        warmUp["instructions"] = "Be brief.";
        var events = await _socket.AskAsync(warmUp);
        var request = Unstored(events.Id(), User("My name is Ada"));
        request["instructions"] = "Be brief.";
        var next = await _socket.AskAsync(request);

        Assert.Equal(["response.created", "response.in_progress", "response.completed"], events.Select(item => item.Type()));
        Assert.Equal(0, events.Response().GetProperty("output").GetArrayLength());
        Assert.Equal(0, events.Response().Usage().GetProperty("output_tokens").GetInt32());
        Assert.True(events.Response().Usage().GetProperty("input_tokens").GetInt32() > 0);
        Assert.Contains("Ada", next.Response().Answer(), StringComparison.Ordinal);
        Assert.Equal(events.Response().Usage().GetProperty("input_tokens").GetInt32(), next.Response().CachedTokens());
    }

    [Fact]
    public async Task Usage_CountsTheRepeatedPrefixAsCached()
    {
        var first = await _socket.AskAsync(Unstored(null, User("My name is Ada and I like long sentences")));
        var answer = first.Response().GetProperty("output")[0];
        var full = await _socket.AskAsync(Unstored(
            null, User("My name is Ada and I like long sentences"), WithoutId(answer), User("What is my name?")));
        using var other = await DemoSocket.ConnectAsync(_host);
        var elsewhere = await other.AskAsync(Unstored(null, User("My name is Ada and I like long sentences")));

        Assert.Equal(0, first.Response().CachedTokens());
        Assert.True(full.Response().CachedTokens() > 0);
        Assert.True(full.Response().CachedTokens() < full.Response().Usage().GetProperty("input_tokens").GetInt32());
        Assert.Equal(0, elsewhere.Response().CachedTokens());
    }

    [Fact]
    public async Task Pairing_OfACallWithoutOutput_IsRefused()
    {
        var call = new JsonObject { ["type"] = "function_call", ["call_id"] = "call_1", ["name"] = "f", ["arguments"] = "{}" };
        var open = await _socket.AskAsync(Unstored(null, User("go"), call.DeepClone()));
        var twice = await _socket.AskAsync(Unstored(null, User("go"), call.DeepClone(), Output("call_1", "a"), Output("call_1", "b")));
        var paired = await _socket.AskAsync(Unstored(null, User("go"), call.DeepClone(), Output("call_1", "a")));

        Assert.Equal("No tool output found for function call call_1.", open.Error().Text("message"));
        Assert.Equal("input", open.Error().Text("param"));
        Assert.Equal("No tool call found for function call output with call_id call_1.", twice.Error().Text("message"));
        Assert.Equal("response.completed", paired[^1].Type());
    }

    [Fact]
    public async Task Pairing_AcrossTheParent_WantsEveryCallAnsweredOnce()
    {
        var request = FieldService.Task("go");
        request["metadata"] = new JsonObject { ["demo.tool_rounds"] = "1", ["demo.calls_per_round"] = "2" };
        var first = await _socket.AskAsync(request);
        var ids = first.Response().Items("function_call").Select(call => call.Text("call_id")).ToList();

        var half = await _socket.AskAsync(Request(first.Id(), Output(ids[0], "{}")));
        var whole = await _socket.AskAsync(Request(first.Id(), Output(ids[1], "{}"), Output(ids[0], "{}")));

        Assert.Equal($"No tool output found for function call {ids[1]}.", half.Error().Text("message"));
        Assert.Equal("response.completed", whole[^1].Type());
    }

    [Fact]
    public async Task Stored_CanBeRetrievedListedAndDeleted()
    {
        var first = await _socket.AskAsync(Request(null, User("one")));
        var second = await _socket.AskAsync(Request(first.Id(), User("two")));

        var retrieved = await GetAsync($"responses/{second.Id()}");
        var items = await GetAsync($"responses/{second.Id()}/input_items?order=asc&limit=2");
        var rest = await GetAsync($"responses/{second.Id()}/input_items?order=asc&after={items.Text("last_id")}");
        using var deleted = await _host.Http.DeleteAsync(new Uri($"responses/{second.Id()}", UriKind.Relative));
        using var gone = await _host.Http.GetAsync(new Uri($"responses/{second.Id()}", UriKind.Relative));
        var continued = await _socket.AskAsync(Request(second.Id(), User("three")));

        Assert.Equal(second.Response().GetRawText(), retrieved.GetRawText());
        Assert.Equal(2, items.GetProperty("data").GetArrayLength());
        Assert.True(items.GetProperty("has_more").GetBoolean());
        Assert.Equal("two", rest.GetProperty("data")[0].Text("content"));
        Assert.False(rest.GetProperty("has_more").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal("previous_response_not_found", continued.Error().Text("code"));
    }

    [Fact]
    public async Task Unstored_CanNotBeRetrieved()
    {
        var events = await _socket.AskAsync(Unstored(null, User("one")));
        using var response = await _host.Http.GetAsync(new Uri($"responses/{events.Id()}", UriKind.Relative));
        var body = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains($"Response with id '{events.Id()}' not found.", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reasoning_SentBackEncrypted_IsReadAndAnythingElseIsRefused()
    {
        var request = FieldService.Task("Look up Contoso");
        request["store"] = false;
        request["include"] = new JsonArray("reasoning.encrypted_content");
        request["reasoning"] = new JsonObject { ["effort"] = "medium", ["summary"] = "auto" };
        var first = await _socket.AskAsync(request);
        var reasoning = first.Response().Items("reasoning")[0];
        var call = first.Response().Items("function_call")[0];

        var stripped = reasoning.Node().AsObject();
        stripped.Remove("encrypted_content");
        var forged = reasoning.Node().AsObject();
        forged["encrypted_content"] = "AAAA" + forged["encrypted_content"]!.GetValue<string>()[4..];
        JsonNode[] Full(JsonNode thought) => [User("Look up Contoso"), thought, call.Node(), Output(call.Text("call_id"), "{}")];

        Assert.NotEmpty(reasoning.GetProperty("summary")[0].Text("text"));
        Assert.Equal("response.completed", (await _socket.AskAsync(Unstored(null, Full(reasoning.Node()))))[^1].Type());
        Assert.Equal("invalid_encrypted_content", (await _socket.AskAsync(Unstored(null, Full(forged)))).Error().Text("code"));
        Assert.Equal(404, (await _socket.AskAsync(Unstored(null, Full(stripped))))[^1].GetProperty("status").GetInt32());
    }

    private static JsonObject Unstored(string? previous, params JsonNode[] input)
    {
        var request = Request(previous, input);
        request["store"] = false;
        return request;
    }

    private static JsonNode WithoutId(JsonElement item)
    {
        var node = item.Node();
        node.AsObject().Remove("id");
        node.AsObject().Remove("status");
        return node;
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var document = JsonDocument.Parse(await _host.Http.GetStringAsync(new Uri(path, UriKind.Relative)));
        return document.RootElement.Clone();
    }
}
