namespace Copilot.Web.Storage.Supervision;

/// <summary>A rule that a supervisor wrote. One that was removed stays, so that what it did can still be told.</summary>
internal sealed class SupervisionRuleRow
{
    public required string Id { get; init; }

    /// <summary>Which version this is, from 1: each change of what it looks for or does makes another.</summary>
    public required long Revision { get; set; }

    public required string Name { get; set; }

    /// <summary>The team whose runs it is about; null for all.</summary>
    public string? TeamId { get; set; }

    /// <summary>The name of the agent whose runs it is about; null for all.</summary>
    public string? Agent { get; set; }

    /// <summary>A <c>RuleCondition</c> as JSON.</summary>
    public required string Condition { get; set; }

    /// <summary>A <c>RuleEffect</c> as the HTTP API names it.</summary>
    public required string Effect { get; set; }

    public required bool IsOn { get; set; }

    public required string CreatedBy { get; init; }

    /// <summary>Their name at that time.</summary>
    public required string CreatedByName { get; init; }

    public required long CreatedAt { get; init; }

    public string? ChangedByName { get; set; }

    public long? ChangedAt { get; set; }

    public long? RemovedAt { get; set; }

    /// <summary>When it fired last, in which run, and at which of its events; null where it never has.</summary>
    public long? FiredAt { get; set; }

    public string? FiredRunId { get; set; }

    public long? FiredSeq { get; set; }

    /// <summary>When this version's regular expression last took too long, in which run, and over which of its events; null where it never has.</summary>
    public long? UndecidedAt { get; set; }

    public string? UndecidedRunId { get; set; }

    public long? UndecidedSeq { get; set; }
}
