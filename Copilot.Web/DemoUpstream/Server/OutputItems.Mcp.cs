using System.Text.Json.Nodes;
using Copilot.Web.DemoUpstream.Model;

namespace Copilot.Web.DemoUpstream.Server;

/// <summary>The items of MCP servers (protocol §3.4).</summary>
internal sealed partial class OutputItems
{
    /// <summary>Asks the client whether a server's tool may be called. The response ends with it.</summary>
    public async Task<SentItem> SendMcpApprovalAsync(PlannedMcpApproval asked, CancellationToken cancellationToken)
    {
        var index = ++_outputIndex;
        var item = new JsonObject
        {
            ["id"] = ApiIds.McpApproval(),
            ["type"] = ToolPairing.ApprovalRequest,
            ["server_label"] = asked.ServerLabel,
            ["name"] = asked.Name,
            ["arguments"] = asked.Arguments,
        };
        await emitter.SendItemAsync("response.output_item.added", index, item, cancellationToken);
        await emitter.SendItemAsync("response.output_item.done", index, item, cancellationToken);
        return new SentItem(item, Whole: true);
    }

    /// <summary>Calls a server's tool. It is scripted and always does what it is asked.</summary>
    public async Task<SentItem> SendMcpCallAsync(PlannedMcpCall call, CancellationToken cancellationToken)
    {
        var index = ++_outputIndex;
        var id = ApiIds.McpCall();
        var item = new JsonObject
        {
            ["id"] = id,
            ["type"] = "mcp_call",
            ["status"] = "in_progress",
            ["approval_request_id"] = call.ApprovalRequestId,
            ["server_label"] = call.ServerLabel,
            ["name"] = call.Name,
            ["arguments"] = string.Empty,
            ["output"] = null,
            ["error"] = null,
        };
        JsonObject Fields() => new() { ["item_id"] = id, ["output_index"] = index };
        await emitter.SendItemAsync("response.output_item.added", index, item, cancellationToken);
        await emitter.SendAsync("response.mcp_call.in_progress", Fields(), cancellationToken);
        var sent = await emitter.StreamAsync(
            "response.mcp_call_arguments.delta", Fields(), call.Arguments, reasoning: false, cancellationToken);
        var whole = sent.Length == call.Arguments.Length;
        await emitter.SendAsync("response.mcp_call_arguments.done", With(Fields(), "arguments", sent), cancellationToken);
        item["arguments"] = sent;
        if (whole)
        {
            item["output"] = $$"""{"done":true,"tool":"{{call.Name}}"}""";
            await emitter.SendAsync("response.mcp_call.completed", Fields(), cancellationToken);
        }

        item["status"] = whole ? "completed" : "incomplete";
        await emitter.SendItemAsync("response.output_item.done", index, item, cancellationToken);
        return new SentItem(item, whole);
    }
}
