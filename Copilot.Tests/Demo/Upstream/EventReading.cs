using System.Text.Json;
using System.Text.Json.Nodes;

namespace Copilot.Tests.Demo.Upstream;

/// <summary>Short names for what the tests read from events and write into requests.</summary>
internal static class EventReading
{
    public static string Type(this JsonElement json) => json.GetProperty("type").GetString()!;

    public static string Text(this JsonElement json, string property) => json.GetProperty(property).GetString()!;

    public static JsonElement Response(this IReadOnlyList<JsonElement> events) => events[^1].GetProperty("response");

    public static string Id(this IReadOnlyList<JsonElement> events) => events.Response().Text("id");

    public static JsonElement Error(this IReadOnlyList<JsonElement> events) => events[^1].GetProperty("error");

    public static IReadOnlyList<JsonElement> Items(this JsonElement response, string type) =>
        [.. response.GetProperty("output").EnumerateArray().Where(item => item.Type() == type)];

    public static string Answer(this JsonElement response) =>
        string.Concat(response.Items("message").Select(item => item.GetProperty("content")[0].Text("text")));

    public static JsonElement Usage(this JsonElement response) => response.GetProperty("usage");

    public static int CachedTokens(this JsonElement response) =>
        response.Usage().GetProperty("input_tokens_details").GetProperty("cached_tokens").GetInt32();

    public static JsonObject Request(string input) => new() { ["model"] = "demo", ["input"] = input };

    public static JsonObject Request(string? previousResponseId, params JsonNode[] input)
    {
        var request = new JsonObject { ["model"] = "demo", ["input"] = new JsonArray(input) };
        if (previousResponseId is not null)
        {
            request["previous_response_id"] = previousResponseId;
        }

        return request;
    }

    public static JsonObject User(string text) => new() { ["type"] = "message", ["role"] = "user", ["content"] = text };

    public static JsonObject Output(string callId, string output) =>
        new() { ["type"] = "function_call_output", ["call_id"] = callId, ["output"] = output };

    public static JsonNode Node(this JsonElement json) => JsonNode.Parse(json.GetRawText())!;
}
