namespace Copilot.Web.Storage.Supervision;

/// <summary>A sign of a run that somebody must look at, from when it was raised until it was cleared.</summary>
internal sealed class AlertRow
{
    public required string Id { get; init; }

    public required string RunId { get; init; }

    public required string SessionId { get; init; }

    public required string UserId { get; init; }

    /// <summary>Whose supervisors see it.</summary>
    public required string TeamId { get; init; }

    /// <summary>The kind of sign, as the HTTP API names it.</summary>
    public required string Kind { get; init; }

    /// <summary>The tool that it is about, or null.</summary>
    public string? Tool { get; init; }

    /// <summary>The rule that raised it; empty where none did.</summary>
    public string RuleId { get; init; } = "";

    /// <summary>The rule's name at that time, or null.</summary>
    public string? RuleName { get; init; }

    /// <summary>The number of the run's event that it is about, or null.</summary>
    public long? Seq { get; set; }

    /// <summary>How many times the rule has fired in the run; 0 where none raised it.</summary>
    public int Firings { get; set; }

    public required long RaisedAt { get; init; }

    public long? ClearedAt { get; set; }

    /// <summary>Who has claimed it, and their name at that time.</summary>
    public string? OwnerId { get; set; }

    public string? OwnerName { get; set; }

    public long? OwnedAt { get; set; }

    public long? SnoozedUntil { get; set; }

    public string? SnoozedBy { get; set; }

    public string? AcknowledgedBy { get; set; }

    public string? AcknowledgedByName { get; set; }

    public long? AcknowledgedAt { get; set; }

    /// <summary>When it escalated because nobody had claimed it, or null.</summary>
    public long? EscalatedAt { get; set; }
}
