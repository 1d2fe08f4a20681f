using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Upstream;
using static Copilot.Tests.Demo.Upstream.EventReading;

namespace Copilot.Tests.Demo.Upstream;

/// <summary>Long conversations made short (protocol §2.8), and what an input counts.</summary>
public sealed class CompactionTests(DemoUpstreamFixture fixture) : IClassFixture<DemoUpstreamFixture>
{
    private readonly DemoUpstreamHost _host = fixture.Host;

    [Fact]
    public async Task Threshold_Exceeded_PutsACompactionFirstAndTheChainContinuesFromIt()
    {
        using var socket = await DemoSocket.ConnectAsync(_host);
        var first = await socket.AskAsync(Request("My dog is called Rex. " + Padding()));
        var second = Request(first.Id(), User("And my cat is called Tom."));
        second["context_management"] = Management(threshold: 1000);
        var compacted = await socket.AskAsync(second);

        var types = compacted.Select(item => item.Type()).ToList();
        var compacting = types.IndexOf("response.compaction.compacting");
        Assert.Equal(["response.output_item.added", "response.compaction.compacting", "response.output_item.done"], types.GetRange(compacting - 1, 3));
        Assert.Equal(["compaction", "message"], compacted.Response().GetProperty("output").EnumerateArray().Select(item => item.Type()));
        var third = await socket.AskAsync(Request(compacted.Id(), User("Hello again")));
        Assert.True(InputTokens(third) < InputTokens(compacted), "The chain is shorter after its compaction.");
        Assert.Equal("compaction", (await InputItemsAsync(third.Id()))[0].Type());
    }

    [Fact]
    public async Task Threshold_NotReached_CompactsNothing()
    {
        using var socket = await DemoSocket.ConnectAsync(_host);
        var request = Request("Hello");
        request["context_management"] = Management(threshold: 1000);

        Assert.Empty((await socket.AskAsync(request)).Response().Items("compaction"));
    }

    [Fact]
    public async Task Compact_DeveloperMessages_StayAndTheModelKnowsTheRest()
    {
        var body = new JsonObject
        {
            ["model"] = "demo",
            ["input"] = new JsonArray(
                new JsonObject { ["type"] = "message", ["role"] = "developer", ["content"] = "Be kind." },
                User("Find the customer Contoso"),
                new JsonObject { ["type"] = "function_call", ["call_id"] = "call_1", ["name"] = "find_customer", ["arguments"] = "{}" },
                Output("call_1", new string('x', 5000))),
        };
        using var answer = await PostAsync("responses/compact", body);
        var compaction = await JsonAsync(answer);

        Assert.Equal("response.compaction", compaction.Text("object"));
        var output = compaction.GetProperty("output").EnumerateArray().ToList();
        Assert.Equal(["message", "compaction"], output.Select(item => item.Type()));
        Assert.Equal("developer", output[0].Text("role"));
        Assert.DoesNotContain("xxx", output[1].GetRawText(), StringComparison.Ordinal);

        using var socket = await DemoSocket.ConnectAsync(_host);
        var next = await socket.AskAsync(Request(null, [.. output.Select(item => item.Node()), User("go on")]));
        Assert.Equal("response.completed", next[^1].Type());
        var broken = output[1].Node();
        broken["encrypted_content"] = "AAAA" + (string)broken["encrypted_content"]!;
        Assert.Equal("invalid_encrypted_content", (await socket.AskAsync(Request(null, broken, User("go on")))).Error().Text("code"));
        Assert.Equal("previous_response_not_found", (await socket.AskAsync(Request(compaction.Text("id"), User("go on")))).Error().Text("code"));
    }

    [Fact]
    public async Task Compact_WithoutModel_Is400()
    {
        using var answer = await PostAsync("responses/compact", new JsonObject { ["input"] = "x" });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("model", (await JsonAsync(answer)).GetProperty("error").Text("param"));
    }

    [Fact]
    public async Task InputTokens_AreWhatTheResponseReports()
    {
        var body = new JsonObject { ["model"] = "demo", ["input"] = "How many tokens are these?", ["instructions"] = "Count." };
        using var counted = await PostAsync("responses/input_tokens", body);
        using var answered = await PostAsync("responses", body);

        var count = await JsonAsync(counted);
        Assert.Equal("response.input_tokens", count.Text("object"));
        Assert.Equal((await JsonAsync(answered)).Usage().GetProperty("input_tokens").GetInt32(), count.GetProperty("input_tokens").GetInt32());
    }

    private static string Padding() => new('p', 8000);

    private static JsonArray Management(int threshold) =>
        new(new JsonObject { ["type"] = "compaction", ["compact_threshold"] = threshold });

    private static int InputTokens(IReadOnlyList<JsonElement> events) => events.Response().Usage().GetProperty("input_tokens").GetInt32();

    private async Task<List<JsonElement>> InputItemsAsync(string id)
    {
        using var document = JsonDocument.Parse(await _host.Http.GetStringAsync(new Uri($"responses/{id}/input_items?order=asc", UriKind.Relative)));
        return [.. document.RootElement.Clone().GetProperty("data").EnumerateArray()];
    }

    private async Task<HttpResponseMessage> PostAsync(string path, JsonObject body)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        return await _host.Http.PostAsync(new Uri(path, UriKind.Relative), content);
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }
}
