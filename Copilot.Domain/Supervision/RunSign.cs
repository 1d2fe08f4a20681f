namespace Copilot.Domain.Supervision;

/// <summary>Something about a run that a supervisor should know.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Since">Since when (UTC).</param>
public sealed record RunSign(SignKind Kind, DateTimeOffset Since)
{
    /// <summary>The tool that it is about, the rule's name, or the reason in words; null where there is none of them.</summary>
    public string? Subject { get; init; }

    /// <summary>The API's <c>call_id</c> of the call that it is about, or null.</summary>
    public string? CallId { get; init; }

    /// <summary>How long it may last from <see cref="Since"/>: a deadline, an approval's time. Null where there is no limit.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>How many times, for what is counted; else null.</summary>
    public int? Count { get; init; }

    /// <summary>How much of something is used up, 1 for all of it; null where nothing is.</summary>
    public double? Share { get; init; }

    /// <summary>The rule that has fired (<c>rul_…</c>), or null.</summary>
    public string? RuleId { get; init; }

    /// <summary>The number of the event that it is about; null where it is about none.</summary>
    public long? Seq { get; init; }
}
