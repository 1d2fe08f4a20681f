using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Erasure.Records;

/// <summary>The request to erase one conversation with all its runs. It survives a restart, and is the proof that it was done.</summary>
public sealed record ErasureRequest
{
    /// <summary>Id (<c>fgt_…</c>).</summary>
    public required string Id { get; init; }

    /// <summary>The conversation.</summary>
    public required string SessionId { get; init; }

    /// <summary>The conversation's owner.</summary>
    public required RunOwner Owner { get; init; }

    /// <summary>Why.</summary>
    public required ErasureCause Cause { get; init; }

    /// <summary>Who asked; null for a rule.</summary>
    public EventActor? RequestedBy { get; init; }

    /// <summary>The rule as it stood then; null for a person.</summary>
    public string? Rule { get; init; }

    /// <summary>When it was requested.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>Its state.</summary>
    public ErasureState State { get; init; }

    /// <summary>When all content here was removed, or null.</summary>
    public DateTimeOffset? ErasedAt { get; init; }

    /// <summary>When it finished, or null.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When it is worked on next, unless it has finished.</summary>
    public DateTimeOffset NextAt { get; init; }

    /// <summary>Failed attempts to remove the content here.</summary>
    public int Attempts { get; init; }

    /// <summary>What prevents the removal here, in one sentence, or null.</summary>
    public string? Problem { get; init; }

    /// <summary>Its progress, counted when it was read.</summary>
    public ErasureCounts Counts { get; init; }

    /// <summary>True when nothing is left to do.</summary>
    public bool IsFinished => State is ErasureState.Forgotten or ErasureState.Unproven;
}
