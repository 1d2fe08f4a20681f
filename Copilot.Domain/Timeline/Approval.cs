using Copilot.Domain.Runs;

namespace Copilot.Domain.Timeline;

/// <summary>Where a question to a person is.</summary>
public enum ApprovalState
{
    /// <summary>Nobody has decided.</summary>
    Waiting,

    /// <summary>A person allowed the call.</summary>
    Approved,

    /// <summary>A person did not allow it.</summary>
    Denied,

    /// <summary>Nobody decided in time.</summary>
    Expired,

    /// <summary>The run ended first.</summary>
    Withdrawn,
}

/// <summary>One value of an approval's track.</summary>
/// <param name="State">Where it is.</param>
/// <param name="Timeout">How long it waits (<see cref="ApprovalState.Waiting"/>), or null.</param>
/// <param name="Actor">Who decided, or null.</param>
/// <param name="Arguments">The arguments that a person put in place of the model's, as JSON; null where they stayed.</param>
/// <param name="Reason">Why it was denied, or null.</param>
public sealed record ApprovalStep(ApprovalState State, TimeSpan? Timeout, EventActor? Actor, string? Arguments, string? Reason);

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
    /// <summary>True when the arguments may be changed: an MCP server's are the upstream's.</summary>
    public bool CanEdit => ServerLabel is null;

    /// <summary>What a call waits for, or null when it does not wait for a person.</summary>
    public static WaitingApproval? Of(ToolCallItem call) => call is { Approval.Current: { State: ApprovalState.Waiting } asked, IsOpen: true }
        ? Of(call.CallId.Current, call.Name.Current, call.Arguments, null, call.Approval, asked)
        : null;

    /// <summary>What an MCP approval request waits for, or null when it does not wait for a person.</summary>
    public static WaitingApproval? Of(HostedToolItem request) =>
        request is { Approval.Current: { State: ApprovalState.Waiting } asked, Superseded: null }
            ? Of(ApprovalFold.RequestId(request), request.Name.Current, request.Input, ApprovalFold.ServerLabel(request), request.Approval, asked)
            : null;

    private static WaitingApproval Of(
        string? callId, string? name, GrowingText arguments, string? serverLabel, Track<ApprovalStep> approval, ApprovalStep asked) =>
        new(callId ?? "", name ?? "a tool", arguments.ToString(), serverLabel, approval.Since ?? default, asked.Timeout ?? TimeSpan.Zero);
}
