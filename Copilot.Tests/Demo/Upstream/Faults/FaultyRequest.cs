using System.Text.Json.Nodes;

namespace Copilot.Tests.Demo.Upstream.Faults;

/// <summary>Requests a fault in their metadata.</summary>
internal static class FaultyRequest
{
    /// <summary>A request of a scripted answer of 8 deltas that meets the fault once per key.</summary>
    public static JsonObject Of(string fault, string key, params (string Name, string Value)[] more)
    {
        var metadata = new JsonObject { ["demo.answer_tokens"] = "8", ["demo.fault"] = fault };
        foreach (var (name, value) in more)
        {
            metadata[name] = value;
        }

        return new JsonObject
        {
            ["type"] = "response.create",
            ["model"] = "demo",
            ["input"] = "go",
            ["prompt_cache_key"] = key,
            ["metadata"] = metadata,
        };
    }
}
