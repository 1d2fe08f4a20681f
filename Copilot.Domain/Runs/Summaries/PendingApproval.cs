namespace Copilot.Domain.Runs.Summaries;

/// <summary>A call that waits for a person's approval.</summary>
/// <param name="CallId">The API's <c>call_id</c>, or the id of an MCP approval request.</param>
/// <param name="Name">Tool name.</param>
/// <param name="Arguments">JSON, as the model wrote it, without its intent.</param>
/// <param name="ServerLabel">The MCP server whose tool it is; null for a tool of ours.</param>
/// <param name="RequestedAt">Since when it waits (UTC).</param>
/// <param name="Timeout">How long it waits.</param>
public sealed record PendingApproval(
    string CallId, string Name, string Arguments, string? ServerLabel, DateTimeOffset RequestedAt, TimeSpan Timeout)
{
    /// <summary>Nobody who asked may approve it: four eyes.</summary>
    public bool NeedsOther { get; init; }

    /// <summary>Why a rule of a supervisor asks about it, as a sentence; null where the tool itself does.</summary>
    public string? Rule { get; init; }

    /// <summary>What the call is for, in the model's words, or null. Not what it would do: <see cref="Arguments"/> say that.</summary>
    public string? Intent { get; init; }
}
