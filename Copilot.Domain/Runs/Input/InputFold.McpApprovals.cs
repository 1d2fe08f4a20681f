using System.Text.Json;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;

namespace Copilot.Domain.Runs.Input;

/// <summary>Calls of MCP servers that the upstream asks about, and what the answers set going.</summary>
internal sealed partial class InputFold
{
    private readonly List<ApprovedCall> _approved = [];

    /// <summary>
    /// True from the request that let an MCP server's call go ahead until something says what became of it. Lost in between,
    /// it is unknown whether the call was made: sending the request again could make it twice.
    /// </summary>
    public bool HasSentApproval { get; private set; }

    private void NoteAnswered(string requestId)
    {
        _approved.RemoveAll(call => requestId.Length == 0 || call.RequestId == requestId);
        HasSentApproval &= _approved.Count > 0;
    }

    private void NoteApproved(ResponseEvent upstream)
    {
        switch (upstream)
        {
            // The response has ended well, or the call itself has: both are in the input from then on.
            case ResponseLifecycleEvent { Response.Status: ResponseStatus.Completed or ResponseStatus.Incomplete }:
                _approved.Clear();
                HasSentApproval = false;
                break;

            case OutputItemEvent { Done: true, Item: { Type: "mcp_call" } made }:
                // A server that does not say which request it answers has answered what there was.
                NoteAnswered(MemberOf(made, "approval_request_id"));
                break;

            // Refused before it began.
            case ResponseErrorEvent when _open is null:
                HasSentApproval = false;
                break;
        }
    }

    private void AnswerMcp(string requestId, bool approve, string? reason)
    {
        var response = InputItem.McpApprovalResponse(requestId, approve, reason);
        if (_calls.AnswerMcp(requestId, response) is { } asked && approve)
        {
            _approved.Add(new ApprovedCall(requestId, asked.Name, response));
        }
    }

    /// <summary>Takes back the approvals that were sent: sent once more, they would set their calls going once more.</summary>
    private void WithdrawApprovals()
    {
        foreach (var call in HasSentApproval ? _approved : [])
        {
            var index = _items.FindIndex(item => ReferenceEquals(item, call.Response));
            if (index >= 0)
            {
                _items[index] = InputItem.McpApprovalResponse(call.RequestId, approve: false, Unfinished);
            }
        }

        if (HasSentApproval)
        {
            _approved.Clear();
            HasSentApproval = false;
        }
    }

    private static string ServerLabelOf(OutputItem item) => MemberOf(item, "server_label");

    private static string MemberOf(OutputItem item, string name)
    {
        using var json = JsonDocument.Parse(item.Json);
        return json.RootElement.TryGetProperty(name, out var label) && label.ValueKind is JsonValueKind.String
            ? label.GetString()!
            : "";
    }

    private sealed record ApprovedCall(string RequestId, string Name, InputItem Response);
}
