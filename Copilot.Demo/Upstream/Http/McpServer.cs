using System.Text.Json;
using Copilot.Demo.Upstream.Protocol;

namespace Copilot.Demo.Upstream.Http;

/// <summary>An MCP server that a request offers, and which of its tools need the client's approval. The server itself is scripted.</summary>
/// <param name="Label">The request's <c>server_label</c>.</param>
/// <param name="Tools">The tools that may be called; a default one if the request lists none.</param>
/// <param name="Policy"><c>require_approval</c>: <c>always</c> (also where it is missing), <c>never</c>, or tools by name.</param>
internal sealed record McpServer(string Label, IReadOnlyList<string> Tools, JsonElement? Policy)
{
    private const string AnyTool = "handle_request";

    /// <summary>The servers of a request, in its order.</summary>
    /// <exception cref="RequestRejectedException">One of them has no label.</exception>
    public static IReadOnlyList<McpServer> In(JsonElement body)
    {
        if (body.Member("tools") is not { ValueKind: JsonValueKind.Array } tools)
        {
            return [];
        }

        var servers = new List<McpServer>();
        var index = -1;
        foreach (var tool in tools.EnumerateArray())
        {
            index++;
            if (tool.Text("type") == "mcp")
            {
                var label = tool.Text("server_label") ?? throw new RequestRejectedException(ApiError.Invalid(
                    $"Missing required parameter: 'tools[{index}].server_label'.", $"tools[{index}].server_label", "missing_required_parameter"));
                servers.Add(new McpServer(label, Names(tool.Member("allowed_tools")) is { Count: > 0 } names ? names : [AnyTool], tool.Member("require_approval")));
            }
        }

        return servers;
    }

    /// <summary>True when this tool needs the client's approval.</summary>
    public bool NeedsApproval(string tool) => Policy switch
    {
        { ValueKind: JsonValueKind.String } word => !word.ValueEquals("never"),
        { ValueKind: JsonValueKind.Object } filter when filter.Member("never") is { } never => !Names(never).Contains(tool),
        { ValueKind: JsonValueKind.Object } filter when filter.Member("always") is { } always => Names(always).Contains(tool),
        _ => true,
    };

    // A list of names, or an object with one.
    private static List<string> Names(JsonElement? filter) =>
        (filter is { ValueKind: JsonValueKind.Object } named ? named.Member("tool_names") : filter) is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!)]
            : [];
}
