using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Domain.Timeline.Queries;

/// <summary>What a person is asked about now: a call of ours, or one of an MCP server's.</summary>
/// <param name="CallId">The API's <c>call_id</c>, or the id of the MCP approval request.</param>
/// <param name="Name">The tool's name.</param>
/// <param name="Arguments">JSON, as the model wrote it.</param>
/// <param name="ServerLabel">The MCP server; null for a tool of ours.</param>
/// <param name="Since">Since when it waits (UTC).</param>
/// <param name="Timeout">How long it waits.</param>
public sealed record WaitingApproval(
    string CallId, string Name, string Arguments, string? ServerLabel, DateTimeOffset Since, TimeSpan Timeout)
{
    /// <summary>Nobody who asked may approve it: four eyes.</summary>
    public bool NeedsOther { get; init; }

    /// <summary>Why a rule of a supervisor asks about it, as a sentence; null where the tool itself does.</summary>
    public string? Rule { get; init; }

    /// <summary>True when the arguments may be changed: an MCP server's are the upstream's.</summary>
    public bool CanEdit => ServerLabel is null;

    /// <summary>What a call waits for, or null when it does not wait for a person.</summary>
    public static WaitingApproval? Of(ToolCallItem call) => call is { Approval.Current: { State: ApprovalState.Waiting } asked, IsOpen: true }
        ? Of(call.CallId.Current, call.Name.Current, call.Arguments, null, call.Approval, asked)
        : null;

    /// <summary>What an MCP approval request waits for, or null when it does not wait for a person.</summary>
    public static WaitingApproval? Of(HostedToolItem request) =>
        request is { Approval.Current: { State: ApprovalState.Waiting } asked, Superseded: null }
            ? Of(McpApprovalRequest.IdOf(request), request.Name.Current, request.Input, McpApprovalRequest.ServerLabelOf(request), request.Approval, asked)
            : null;

    private static WaitingApproval Of(
        string? callId, string? name, GrowingText arguments, string? serverLabel, Track<ApprovalStep> approval, ApprovalStep asked) =>
        new(callId ?? "", name ?? "a tool", arguments.ToString(), serverLabel, approval.Since ?? default, asked.Timeout ?? TimeSpan.Zero)
        {
            NeedsOther = asked.NeedsOther,
            Rule = asked.Rule,
        };
}
