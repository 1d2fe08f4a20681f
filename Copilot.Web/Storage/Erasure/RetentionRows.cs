namespace Copilot.Web.Storage.Erasure;

// What admins decided about how long conversations stay; column names follow the properties.

/// <summary>How long conversations of one agent, or one conversation, stay.</summary>
internal sealed class RetentionRuleRow
{
    /// <summary><c>agent</c> or <c>session</c>.</summary>
    public required string Scope { get; init; }

    /// <summary>The agent or the session.</summary>
    public required string SubjectId { get; init; }

    /// <summary>Days after the last event; null for as long as the conversation is not closed (archived).</summary>
    public int? Days { get; set; }

    public required string SetBy { get; set; }

    public required long SetAt { get; set; }
}

/// <summary>A hold on a conversation or on all of a person's. The row stays when it is lifted.</summary>
internal sealed class LegalHoldRow
{
    public required string Id { get; init; }

    public string? SessionId { get; init; }

    public string? UserId { get; init; }

    public required string Reason { get; init; }

    public required string SetBy { get; init; }

    public required long SetAt { get; init; }

    public string? LiftedBy { get; set; }

    public long? LiftedAt { get; set; }
}
