using System.Text.Json;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;

namespace Copilot.Domain.Runs.Input;

/// <summary>Calls of MCP servers that the upstream asks about, and what the answers set going.</summary>
internal sealed partial class InputFold
{
    private bool _approved;

    /// <summary>
    /// True from the request that let an MCP server's call go ahead until something says what became of it. Lost in between,
    /// nobody knows whether the call was made: sending the request again could make it twice.
    /// </summary>
    public bool HasSentApproval { get; private set; }

    private void NoteApproved(ResponseEvent upstream)
    {
        switch (upstream)
        {
            // The response has ended well, or the call itself has: both are in the input from then on.
            case ResponseLifecycleEvent { Response.Status: ResponseStatus.Completed or ResponseStatus.Incomplete }:
            case OutputItemEvent { Done: true, Item.Type: "mcp_call" }:
                (_approved, HasSentApproval) = (false, false);
                break;

            // Refused before it began.
            case ResponseErrorEvent when _open is null:
                HasSentApproval = false;
                break;
        }
    }

    private void AnswerMcp(string requestId, bool approve, string? reason)
    {
        var index = _unanswered.FindIndex(call => call.CallId == requestId && call.IsMcp);
        if (index >= 0)
        {
            _approved |= approve;
            _unanswered.RemoveAt(index);
            _items.Add(InputItem.McpApprovalResponse(requestId, approve, reason));
        }
    }

    private static string ServerLabelOf(OutputItem item)
    {
        using var json = JsonDocument.Parse(item.Json);
        return json.RootElement.TryGetProperty("server_label", out var label) && label.ValueKind is JsonValueKind.String
            ? label.GetString()!
            : "";
    }
}
