using System.Text.Json.Serialization;

namespace Copilot.Domain.Runs.Events.Payloads;

/// <summary>Whose call a person decides about.</summary>
public enum ApprovalKind
{
    /// <summary>A tool of ours.</summary>
    Tool,

    /// <summary>An MCP server's tool, which the upstream calls.</summary>
    Mcp,
}

/// <summary>
/// <c>approval.requested</c>, by the agent: a person decides about a call. Its <c>call_id</c> is the call's, or the id of the MCP
/// approval request.
/// </summary>
/// <param name="Kind">Whose tool it is.</param>
/// <param name="Name">The tool's name.</param>
/// <param name="Arguments">The arguments as the model wrote them.</param>
/// <param name="ServerLabel">The MCP server; null for a tool of ours.</param>
/// <param name="Timeout">How long a decision is waited for.</param>
public sealed record ApprovalRequested(
    ApprovalKind? Kind,
    string? Name,
    string? Arguments,
    string? ServerLabel,
    [property: JsonPropertyName("timeout_ms")] TimeSpan? Timeout) : RunEventPayload
{
    /// <summary>True where nobody who asked may approve; null where anybody may who controls the run.</summary>
    public bool? OtherApprover { get; init; }

    /// <summary>Why a rule of a supervisor asks about this call, as a sentence; null where the tool itself does.</summary>
    public string? Rule { get; init; }
}

/// <summary><c>approval.approved</c>, by the person who allowed the call, or who had given the standing permission that covers it.</summary>
/// <param name="Arguments">The arguments that take the place of the model's; null where they stay.</param>
public sealed record ApprovalApproved(string? Arguments) : RunEventPayload
{
    /// <summary>Why; null where no reason was given.</summary>
    public string? Reason { get; init; }

    /// <summary>The client's id of the command; null where it made none.</summary>
    public string? CommandId { get; init; }

    /// <summary>The standing permission that covers it; null where the person was asked.</summary>
    public string? GrantId { get; init; }

    /// <summary>Until when that permission counts, in UTC microseconds since the Unix epoch.</summary>
    public long? GrantExpiresMicros { get; init; }
}

/// <summary><c>approval.denied</c>, by the person who did not allow the call, or who had ruled such calls out; without a person, the run was stopped.</summary>
/// <param name="Reason">Why; null where no reason was given.</param>
public sealed record ApprovalDenied(string? Reason) : RunEventPayload
{
    /// <summary>The client's id of the command; null where it made none.</summary>
    public string? CommandId { get; init; }

    /// <summary>The standing decision that covers it; null where the person was asked.</summary>
    public string? GrantId { get; init; }

    /// <summary>Until when that decision counts, in UTC microseconds since the Unix epoch.</summary>
    public long? GrantExpiresMicros { get; init; }
}

/// <summary><c>approval.expired</c>, by the agent: nobody decided in time.</summary>
public sealed record ApprovalExpired : RunEventPayload;
