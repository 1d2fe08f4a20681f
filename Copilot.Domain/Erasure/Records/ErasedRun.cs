namespace Copilot.Domain.Erasure.Records;

/// <summary>One erased run, and what remains of it: its place in the hash chain.</summary>
public sealed record ErasedRun
{
    /// <summary>The erasure request it belongs to.</summary>
    public required string ErasureId { get; init; }

    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>How many events it has; all remain, without their content.</summary>
    public required long Events { get; init; }

    /// <summary>Bytes of content that were removed.</summary>
    public required long Bytes { get; init; }

    /// <summary>Hash of its newest event, in lower-case hex: unchanged by erasure.</summary>
    public required string HeadHash { get; init; }

    /// <summary>Whether its chain verified before anything was removed.</summary>
    public required bool ChainHeldBefore { get; init; }

    /// <summary>Whether its chain verifies without the content; null until it was removed.</summary>
    public bool? ChainHoldsAfter { get; init; }

    /// <summary>When this was recorded.</summary>
    public required DateTimeOffset PlannedAt { get; init; }

    /// <summary>When its content was removed, or null.</summary>
    public DateTimeOffset? ErasedAt { get; init; }
}
