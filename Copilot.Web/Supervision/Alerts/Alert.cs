using Copilot.Domain.Runs.Events;

namespace Copilot.Web.Supervision.Alerts;

/// <summary>A sign of a run that somebody must look at, and who does.</summary>
public sealed record Alert
{
    /// <summary>Its id (<c>alr_…</c>).</summary>
    public required string Id { get; init; }

    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>The run's session.</summary>
    public required string SessionId { get; init; }

    /// <summary>Whose run it is.</summary>
    public required RunOwner Of { get; init; }

    /// <summary>The kind of sign, as the HTTP API names it.</summary>
    public required string Kind { get; init; }

    /// <summary>The tool that it is about, or null.</summary>
    public string? Tool { get; init; }

    /// <summary>The rule that raised it; empty where none did.</summary>
    public string RuleId { get; init; } = "";

    /// <summary>The rule's name, as it was then, or null.</summary>
    public string? RuleName { get; init; }

    /// <summary>The number of the run's event that it is about, or null.</summary>
    public long? Seq { get; init; }

    /// <summary>How many times the rule has fired in the run; 0 where none raised it.</summary>
    public int Firings { get; init; }

    /// <summary>When it was raised (UTC).</summary>
    public required DateTimeOffset RaisedAt { get; init; }

    /// <summary>When the sign went, or null.</summary>
    public DateTimeOffset? ClearedAt { get; init; }

    /// <summary>Who has claimed the run, or null.</summary>
    public RunClaim? Owner { get; init; }

    /// <summary>Until when it is nobody's business, or null.</summary>
    public DateTimeOffset? SnoozedUntil { get; init; }

    /// <summary>Who lets it rest until then, or null.</summary>
    public string? SnoozedBy { get; init; }

    /// <summary>Name of who has seen it and leaves it at that, or null.</summary>
    public string? AcknowledgedBy { get; init; }

    /// <summary>When they did (UTC), or null.</summary>
    public DateTimeOffset? AcknowledgedAt { get; init; }

    /// <summary>When it escalated because nobody had claimed it, or null.</summary>
    public DateTimeOffset? EscalatedAt { get; init; }

    /// <summary>Whether it waits for somebody to care.</summary>
    public bool IsWaiting(DateTimeOffset now) => ClearedAt is null && Owner is null && AcknowledgedBy is null && !(SnoozedUntil > now);
}
