using Copilot.Domain.Runs.Events;

namespace Copilot.Domain.Erasure;

/// <summary>The forgetting of one conversation: all runs that it has by then. It is work that survives a restart, and the proof that it was done.</summary>
public sealed record ErasureRequest
{
    /// <summary>Id (<c>fgt_…</c>).</summary>
    public required string Id { get; init; }

    /// <summary>The conversation.</summary>
    public required string SessionId { get; init; }

    /// <summary>Whose it is.</summary>
    public required RunOwner Owner { get; init; }

    /// <summary>Why.</summary>
    public required ErasureCause Cause { get; init; }

    /// <summary>Who asked; null for a rule.</summary>
    public EventActor? RequestedBy { get; init; }

    /// <summary>The rule as it stood then; null for a person.</summary>
    public string? Rule { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>How far it is.</summary>
    public ErasureState State { get; init; }

    /// <summary>When nothing was left here, or null.</summary>
    public DateTimeOffset? ErasedAt { get; init; }

    /// <summary>When it was over, or null.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When it is worked on next, if it is not over.</summary>
    public DateTimeOffset NextAt { get; init; }

    /// <summary>Tries that did not get to the end of what was left here.</summary>
    public int Attempts { get; init; }

    /// <summary>What is in the way here, in one sentence; null when nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>What it has come to, as counted when it was read.</summary>
    public ErasureCounts Counts { get; init; }

    /// <summary>True when there is nothing left to do.</summary>
    public bool IsOver => State is ErasureState.Forgotten or ErasureState.Unproven;
}
