using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Protocol;

namespace Copilot.Demo.Upstream.Answering;

/// <summary>The response object of protocol §3.3 with its whole key set, from its creation to its end.</summary>
internal sealed class ResponseObject(string id, DateTimeOffset createdAt, CreateRequest request)
{
    private readonly JsonArray _output = [];
    private string _status = request.Background ? "queued" : "in_progress";
    private DateTimeOffset? _completedAt;
    private JsonObject? _error;
    private JsonObject? _incompleteDetails;
    private JsonObject? _usage;

    public string Id => id;

    /// <summary>A background response waits in the queue first.</summary>
    public void Begin() => _status = "in_progress";

    public void Add(JsonObject item) => _output.Add(item.DeepClone());

    public void Complete(DateTimeOffset at, JsonObject usage)
    {
        _status = "completed";
        _completedAt = at;
        _usage = usage;
    }

    public void CutShort(string reason, JsonObject usage)
    {
        _status = "incomplete";
        _incompleteDetails = new JsonObject { ["reason"] = reason };
        _usage = usage;
    }

    public void Fail(ApiError error)
    {
        _status = "failed";
        _error = new JsonObject { ["code"] = error.Code, ["message"] = error.Message };
    }

    public JsonObject ToJson() => new()
    {
        ["id"] = id,
        ["object"] = "response",
        ["created_at"] = createdAt.ToUnixTimeSeconds(),
        ["completed_at"] = _completedAt?.ToUnixTimeSeconds(),
        ["status"] = _status,
        ["background"] = request.Background,
        ["error"] = _error?.DeepClone(),
        ["incomplete_details"] = _incompleteDetails?.DeepClone(),
        ["instructions"] = request.Instructions,
        ["max_output_tokens"] = request.MaxOutputTokens,
        ["max_tool_calls"] = Echo("max_tool_calls"),
        ["model"] = request.Model,
        ["output"] = _output.DeepClone(),
        ["parallel_tool_calls"] = request.ParallelToolCalls,
        ["previous_response_id"] = request.PreviousResponseId,
        ["prompt_cache_key"] = Echo("prompt_cache_key"),
        ["reasoning"] = Reasoning(),
        ["safety_identifier"] = Echo("safety_identifier"),
        ["service_tier"] = ServiceTier(),
        ["store"] = request.Store,
        ["temperature"] = Echo("temperature") ?? 1,
        ["text"] = Text(),
        ["tool_choice"] = Echo("tool_choice") ?? "auto",
        ["tools"] = Tools(),
        ["top_logprobs"] = Echo("top_logprobs") ?? 0,
        ["top_p"] = Echo("top_p") ?? 1,
        ["presence_penalty"] = 0,
        ["frequency_penalty"] = 0,
        ["truncation"] = Echo("truncation") ?? "disabled",
        ["usage"] = _usage?.DeepClone(),
        ["user"] = Echo("user"),
        ["metadata"] = Echo("metadata") ?? new JsonObject(),
    };

    private JsonNode? Echo(string name) => request.Body.Member(name) is { } value ? JsonText.ToNode(value) : null;

    // Credentials of an MCP server are never echoed.
    private JsonNode Tools()
    {
        var tools = Echo("tools") ?? new JsonArray();
        foreach (var tool in tools.AsArray().OfType<JsonObject>().Where(tool => (string?)tool["type"] == "mcp"))
        {
            tool.Remove("authorization");
            if (tool["headers"] is JsonObject headers)
            {
                tool["headers"] = new JsonObject([.. headers.Select(header => KeyValuePair.Create(header.Key, (JsonNode?)"<redacted>"))]);
            }
        }

        return tools;
    }

    private JsonObject Reasoning()
    {
        var reasoning = request.Body.Member("reasoning");
        return new JsonObject
        {
            ["effort"] = reasoning?.Text("effort"),
            ["summary"] = reasoning?.Text("summary"),
        };
    }

    private JsonObject Text()
    {
        var text = request.Body.Member("text");
        return new JsonObject
        {
            ["format"] = text?.Member("format") is { } format ? JsonText.ToNode(format) : new JsonObject { ["type"] = "text" },
            ["verbosity"] = text?.Text("verbosity") ?? "medium",
        };
    }

    // "auto" is a request; the response names the tier that served it.
    private string ServiceTier() => request.Body.Text("service_tier") is { } tier and not "auto" ? tier : "default";
}
