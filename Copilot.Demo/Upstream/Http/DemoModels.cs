using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Protocol;

namespace Copilot.Demo.Upstream.Http;

/// <summary>The names under which the one scripted model answers.</summary>
internal static class DemoModels
{
    // 2026-01-01: all came with the demo.
    private const long Created = 1_767_225_600;

    public static ImmutableArray<string> Names { get; } =
        ["gpt-6-demo", "gpt-6", "gpt-5.6", "gpt-5.6-mini", "demo", "demo-1", "demo-steerable"];

    public static IResult List() => Json(new JsonObject
    {
        ["object"] = "list",
        ["data"] = new JsonArray([.. Names.Select(Describe)]),
    });

    public static IResult Get(string id) =>
        Names.Contains(id) ? Json(Describe(id)) : ResponsesEndpoints.ErrorResult(ApiError.ModelNotFound(id));

    private static JsonObject Describe(string name) => new()
    {
        ["id"] = name,
        ["object"] = "model",
        ["created"] = Created,
        ["owned_by"] = "copilot-demo",
    };

    private static IResult Json(JsonNode json) => Results.Text(JsonText.Write(json), "application/json");
}
