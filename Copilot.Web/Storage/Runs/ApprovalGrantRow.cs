namespace Copilot.Web.Storage.Runs;

/// <summary>A standing decision: calls of one tool in one person's runs that are carried out without asking, or not at all.</summary>
internal sealed class ApprovalGrantRow
{
    public required string Id { get; init; }

    /// <summary>The person whose runs it covers, and nobody else's.</summary>
    public required string UserId { get; init; }

    /// <summary>The session that it counts in; null where it counts for an agent.</summary>
    public string? SessionId { get; init; }

    /// <summary>The agent that it counts for; null where it counts in one session.</summary>
    public string? AgentId { get; init; }

    public required string Tool { get; init; }

    /// <summary>The MCP server whose tool it is; null for a tool of ours.</summary>
    public string? ServerLabel { get; init; }

    /// <summary>True where such calls are not carried out.</summary>
    public bool Denies { get; init; }

    /// <summary>The person who gave it.</summary>
    public required string CreatedBy { get; init; }

    public required long CreatedAt { get; init; }

    public required long ExpiresAt { get; init; }

    public string? RevokedBy { get; set; }

    /// <summary>When it was revoked, or replaced by a newer one. Compared at every write, so that it ends once.</summary>
    public long? RevokedAt { get; set; }
}
