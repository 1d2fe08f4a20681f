namespace Copilot.Domain.Runs.Summaries;

/// <summary>Where a run is, without anything that it says.</summary>
public sealed record RunHead
{
    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>Whose it is.</summary>
    public required string UserId { get; init; }

    /// <summary>The run it continues, or null.</summary>
    public string? ParentRunId { get; init; }

    /// <summary>The parent's seq up to which it continues, or null.</summary>
    public long? ParentSeq { get; init; }

    /// <summary>Its number among the runs of its session, from 1; 0 in old runs.</summary>
    public long Ordinal { get; init; }

    /// <summary>The client's id of the message that started it, or null.</summary>
    public string? MessageId { get; init; }

    /// <summary>Its status.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>Seq of the newest event.</summary>
    public required long HeadSeq { get; init; }

    /// <summary>When the newest event happened.</summary>
    public required DateTimeOffset LastEventAt { get; init; }

    /// <summary>When its content was erased, or null.</summary>
    public DateTimeOffset? ForgottenAt { get; init; }

    /// <summary>The head of a summary.</summary>
    public static RunHead Of(RunSummary run) => new()
    {
        RunId = run.RunId,
        UserId = run.UserId,
        ParentRunId = run.ParentRunId,
        ParentSeq = run.ParentSeq,
        Ordinal = run.Ordinal,
        MessageId = run.MessageId,
        Status = run.Status,
        HeadSeq = run.HeadSeq,
        LastEventAt = run.LastEventAt,
        ForgottenAt = run.ForgottenAt,
    };
}
