using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Model;
using Copilot.Demo.Upstream.Protocol;
namespace Copilot.Demo.Upstream.Answering;

/// <summary>The items of MCP servers (protocol §3.4).</summary>
internal sealed partial class OutputItems
{
    /// <summary>Asks the client whether a server's tool may be called. The response ends with it.</summary>
    public async Task<SentItem> SendMcpApprovalAsync(PlannedMcpApproval approval, CancellationToken cancellationToken)
    {
        var index = ++_outputIndex;
        var item = new JsonObject
        {
            ["id"] = ApiIds.McpApproval(),
            ["type"] = ToolPairing.ApprovalRequest,
            ["server_label"] = approval.ServerLabel,
            ["name"] = approval.Name,
            ["arguments"] = approval.Arguments,
        };
        await emitter.SendItemAsync("response.output_item.added", index, item, cancellationToken);
        await emitter.SendItemAsync("response.output_item.done", index, item, cancellationToken);
        return new SentItem(item, Whole: true);
    }

    /// <summary>Calls a server's tool. It is scripted and succeeds, unless the plan says otherwise.</summary>
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
            await emitter.WorkAsync(cancellationToken);
            item["output"] = call.Error is null ? call.Output ?? $$"""{"done":true,"tool":"{{call.Name}}"}""" : null;
            item["error"] = call.Error;
            await emitter.SendAsync(call.Error is null ? "response.mcp_call.completed" : "response.mcp_call.failed", Fields(), cancellationToken);
        }

        item["status"] = !whole ? "incomplete" : call.Error is null ? "completed" : "failed";
        await emitter.SendItemAsync("response.output_item.done", index, item, cancellationToken);
        return new SentItem(item, whole);
    }
}
