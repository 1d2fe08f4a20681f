using System.Text.Json;
using Copilot.Domain.Runs;

namespace Copilot.Domain.Timeline;

/// <summary>Folds <c>approval.*</c> into the call, or the MCP approval request, that they are about.</summary>
internal static class ApprovalFold
{
    private const string McpRequest = "mcp_approval_request";

    /// <summary>The state after one of these events.</summary>
    public static TimelineState Apply(TimelineState state, RunEvent e, EventData data)
    {
        if (e.CallId is not { } id || Find(state, id) is not { } ordinal)
        {
            return state.AddRaw(e);
        }

        var mark = e.Mark();
        var step = Step(e, data);
        return state.Replace(mark, state.Items[ordinal] switch
        {
            ToolCallItem call => call with { Approval = call.Approval.Set(mark, step) },
            HostedToolItem hosted => hosted with { Approval = hosted.Approval.Set(mark, step) },
            var other => other,
        });
    }

    /// <summary>A question that nobody can decide any more.</summary>
    public static Track<ApprovalStep> Withdraw(Track<ApprovalStep> approval, SeqMark mark) =>
        approval.Current is { State: ApprovalState.Waiting }
            ? approval.Set(mark, new ApprovalStep(ApprovalState.Withdrawn, null, null, null, null))
            : approval;

    /// <summary>What waits for a person, oldest first.</summary>
    public static IReadOnlyList<WaitingApproval> Waiting(TimelineState state)
    {
        if (state.Status is not RunStatus.Waiting)
        {
            return [];
        }

        var waiting = new List<WaitingApproval>();
        for (var index = Math.Max(0, state.Index.Attempt); index < state.Items.Count; index++)
        {
            var asked = state.Items[index] switch
            {
                ToolCallItem call => WaitingApproval.Of(call),
                HostedToolItem request => WaitingApproval.Of(request),
                _ => null,
            };
            if (asked is not null)
            {
                waiting.Add(asked);
            }
        }

        return waiting;
    }

    /// <summary>The id that answers an approval request.</summary>
    public static string? RequestId(HostedToolItem request) => Member(request, "id");

    /// <summary>The MCP server of an approval request.</summary>
    public static string ServerLabel(HostedToolItem request) => Member(request, "server_label") ?? "an MCP server";

    private static string? Member(HostedToolItem request, string name)
    {
        if (!request.Item.IsSet)
        {
            return null;
        }

        using var json = JsonDocument.Parse(request.Item.Current);
        return json.RootElement.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
    }

    private static int? Find(TimelineState state, string id)
    {
        if (state.Index.Calls.TryGetValue(id, out var call))
        {
            return call;
        }

        for (var index = state.Items.Count - 1; index >= 0; index--)
        {
            if (state.Items[index] is HostedToolItem { ItemType: McpRequest } hosted && RequestId(hosted) == id)
            {
                return index;
            }
        }

        return null;
    }

    private static ApprovalStep Step(RunEvent e, EventData data) => e.Type switch
    {
        RunEventTypes.ApprovalRequested => new(ApprovalState.Waiting, data.Milliseconds("timeout_ms"), null, null, null),
        RunEventTypes.ApprovalApproved => new(ApprovalState.Approved, null, e.Actor, data.Text("arguments"), null),
        RunEventTypes.ApprovalDenied => new(
            e.Actor is null ? ApprovalState.Withdrawn : ApprovalState.Denied, null, e.Actor, null, data.Text("reason")),
        _ => new(ApprovalState.Expired, null, null, null, null),
    };
}
