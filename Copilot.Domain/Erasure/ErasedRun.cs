namespace Copilot.Domain.Erasure;

/// <summary>One run that was forgotten, and what stays of it: its place in the hash chain.</summary>
public sealed record ErasedRun
{
    /// <summary>The forgetting it belongs to.</summary>
    public required string ForgettingId { get; init; }

    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>How many events it has; all stay, without their content.</summary>
    public required long Events { get; init; }

    /// <summary>Bytes of content that were removed.</summary>
    public required long Bytes { get; init; }

    /// <summary>Hash of its newest event, in lower-case hex: it stays the same.</summary>
    public required string HeadHash { get; init; }

    /// <summary>Whether its chain held before anything was removed.</summary>
    public required bool ChainHeldBefore { get; init; }

    /// <summary>Whether its chain holds without the content; null until it was removed.</summary>
    public bool? ChainHoldsAfter { get; init; }

    /// <summary>When this was noted.</summary>
    public required DateTimeOffset PlannedAt { get; init; }

    /// <summary>When its content was gone, or null.</summary>
    public DateTimeOffset? ErasedAt { get; init; }
}
