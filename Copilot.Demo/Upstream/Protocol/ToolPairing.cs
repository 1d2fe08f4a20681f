namespace Copilot.Demo.Upstream.Protocol;

/// <summary>
/// Every call has exactly one output before the model continues, and every output has its call before it; the same for approval
/// requests of MCP servers and their answers.
/// </summary>
internal static class ToolPairing
{
    public const string ApprovalRequest = "mcp_approval_request";
    public const string ApprovalResponse = "mcp_approval_response";
    public const string ApprovalRequestId = "approval_request_id";

    public static void Check(IReadOnlyList<ConversationItem> conversation)
    {
        // In the order of the calls, so that the first one without an output is the one that is named.
        var open = new List<ConversationItem>();
        var approvals = new List<string>();
        foreach (var item in conversation)
        {
            switch (item.Type)
            {
                case "function_call" or "custom_tool_call":
                    open.Add(item);
                    break;
                case "function_call_output" or "custom_tool_call_output":
                    var kind = item.Type == "function_call_output" ? "function_call" : "custom_tool_call";
                    var index = open.FindIndex(call => call.Type == kind && call.CallId == item.CallId);
                    if (index < 0)
                    {
                        throw Rejected($"No tool call found for {DisplayName(kind)} output with call_id {item.CallId}.");
                    }

                    open.RemoveAt(index);
                    break;
                case ApprovalRequest:
                    approvals.Add(item.Id ?? string.Empty);
                    break;
                case ApprovalResponse:
                    var id = item.Json.Text(ApprovalRequestId);
                    if (!approvals.Remove(id ?? string.Empty))
                    {
                        throw Rejected($"No MCP approval request found with id {id}.");
                    }

                    break;
            }
        }

        if (open.Count > 0)
        {
            throw Rejected($"No tool output found for {DisplayName(open[0].Type)} {open[0].CallId}.");
        }

        if (approvals.Count > 0)
        {
            throw Rejected($"The following MCP approval requests do not have an approval: {string.Join(", ", approvals)}");
        }
    }

    private static string DisplayName(string type) => type == "function_call" ? "function call" : "custom tool call";

    private static RequestRejectedException Rejected(string message) =>
        new(ApiError.Invalid(message, "input", code: null));
}
